/** Formsets of the rows that belong to another. Django: `BaseInlineFormSet` of `django.forms.models`. */
import { ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import { classIn } from '../../db/models/classes';
import type { ForeignKey } from '../../db/models/fields/related';
import { Relation } from '../../db/models/fields/reverse_related';
import { capfirst } from '../../utils/text';
import { type DataSource, NO_DATA } from '../data';
import type { FormOptions } from '../form_options';
import type { Form } from '../forms';
import { htmlName } from '../names';
import { BaseModelFormSet, type ModelFormSetOptions } from './formset';
import { InlineForeignKeyField, type InlineForeignKeyOptions } from './inline_field';
import { alsoValidate, type ModelForm, type ModelFormSaveOptions } from './model_form';
import { formName } from './options';

/** What a formset of rows that belong to another is made with. */
export interface InlineFormSetOptions<P extends Model = Model> extends ModelFormSetOptions {
  /** The row that they belong to. Default: a new one. */
  readonly instance?: P | null;
  /** Whether all forms make new rows, whatever keys were sent. */
  readonly saveAsNew?: boolean;
}

type Values = Record<string, unknown>;

/**
 * The base of formsets whose forms make and change the rows that belong to another: `inlineformsetFactory(Parent, Child, { … })`
 * makes one.
 *
 * https://docs.djangoproject.com/en/5.2/topics/forms/modelforms/#inline-formsets
 */
export class BaseInlineFormSet<
  I extends ModelForm = ModelForm,
  P extends Model = Model,
> extends BaseModelFormSet<I> {
  /** The foreign key that leads to the row that they belong to. */
  declare fk: ForeignKey;
  /** The row that they belong to. */
  instance: P;
  readonly saveAsNew: boolean;

  constructor({ instance, saveAsNew = false, queryset, ...options }: InlineFormSetOptions<P> = {}) {
    const { fk, model, form } = new.target.prototype as BaseInlineFormSet;
    const parent = instance ?? (new (classIn(model._meta, fk.remoteModel))() as P);
    const rows = (queryset ?? model._defaultManager).all() as unknown as ReturnType<
      typeof model._defaultManager.all
    >;
    const isThere = parent.pk !== null && parent.pk !== undefined;
    super({
      ...options,
      queryset: isThere ? rows.filter({ [formName(fk)]: parent } as never) : rows.none(),
    });
    this.instance = parent;
    this.saveAsNew = saveAsNew;
    this.uniqueFields = new Set([formName(fk)]);
    alsoValidate(form as unknown as typeof ModelForm, formName(fk));
  }

  override getDefaultPrefix(): string {
    return htmlName(new Relation(this.fk).accessorName).replaceAll('+', '');
  }

  override initialFormCount(): number {
    return this.saveAsNew ? 0 : super.initialFormCount();
  }

  /** The property of the row that the foreign key refers to; undefined where it is the key. */
  private get toField(): string | undefined {
    const { targetField: target, remoteModel } = this.fk;
    return target.name === remoteModel.pk.name ? undefined : target.property;
  }

  protected override constructForm(index: number, given: FormOptions): I {
    const form = super.constructForm(index, given);
    if (this.saveAsNew) {
      const names = [this.model._meta.pk, this.fk].map(({ name }) => form.addPrefix(name));
      Object.assign(form, { data: without(form.data, new Set(names)) });
    }
    const { pk } = this.instance;
    const value = this.toField === undefined ? pk : (this.instance as unknown as Values)[this.toField];
    (form.instance as unknown as Values)[this.fk.property] = value ?? null;
    return form;
  }

  override addFields(form: Form, index: number | null): void {
    super.addFields(form, index);
    const { fk, instance, toField } = this;
    const name = formName(fk);
    const isKey = this.model._meta.pk === fk;
    const label = form.fields[name]?.label ?? capfirst(fk.verboseName);
    const options: InlineForeignKeyOptions = {
      ...(isKey ? { pkField: true } : { label }),
      ...(toField !== undefined && { toField }),
    };
    this.forgetDefaultKey(form);
    form.fields[name] = new InlineForeignKeyField(instance, options);
  }

  /** The key that a new row has by default may be another one when it is saved. */
  private forgetDefaultKey(form: Form): void {
    const { instance, fk } = this;
    if (!instance._state.adding) return;
    const { targetField: target, remoteModel } = fk;
    const isSent = form.data !== NO_DATA;
    if (target.hasDefault && (target.name === remoteModel.pk.name || !isSent)) {
      (instance as unknown as Values)[target.property] = null;
    }
  }

  override saveNew(form: I, options: ModelFormSaveOptions = {}): Promise<I['instance']> {
    // It may have been saved since.
    (form.instance as unknown as Values)[this.fk.cache.name] = this.instance;
    return super.saveNew(form, options);
  }

  override getUniqueErrorMessage(fields: readonly string[]): string {
    return super.getUniqueErrorMessage(fields.filter((name) => name !== this.fk.name));
  }
}

/** Data without some names. */
function without(data: DataSource, names: ReadonlySet<string>): DataSource {
  return {
    get: (name) => (names.has(name) ? null : data.get(name)),
    has: (name) => names.has(name) || data.has(name),
    getlist: (name) => (names.has(name) ? [] : (data.getlist?.(name) ?? data.get(name))),
  };
}

/**
 * The foreign key of a model that leads to another, or to one that it extends.
 *
 * @throws ValueError where there is none, or several and `fkName` does not say which.
 */
export function foreignKeyTo(parent: ModelClass, model: ModelClass, fkName?: string): ForeignKey {
  const { _meta: meta } = model;
  const family = [parent._meta, ...parent._meta.allParents].map(({ key }) => key);
  const leads = (field: (typeof meta.fields)[number]): field is ForeignKey => {
    if (!field.isRelation() || !('targetField' in field)) return false;
    const { remoteModel: remote } = field;
    return (
      family.includes(remote.key) ||
      (remote.proxyForModel !== undefined && family.includes(remote.proxyForModel.key))
    );
  };
  if (fkName !== undefined) {
    const named = meta.fields.find((field) => formName(field) === fkName || field.name === fkName);
    if (named === undefined) throw new ValueError(`'${meta.label}' has no field named '${fkName}'.`);
    if (leads(named)) return named;
    throw new ValueError(`fk_name '${fkName}' is not a ForeignKey to '${parent._meta.label}'.`);
  }
  const [found, ...others] = meta.fields.filter(leads);
  if (found === undefined) {
    throw new ValueError(`'${meta.label}' has no ForeignKey to '${parent._meta.label}'.`);
  }
  if (others.length > 0) {
    throw new ValueError(
      `'${meta.label}' has more than one ForeignKey to '${parent._meta.label}'. You must specify a 'fk_name' attribute.`,
    );
  }
  return found;
}
