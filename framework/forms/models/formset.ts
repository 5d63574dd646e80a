/** Formsets of rows. Django: `BaseModelFormSet` of `django.forms.models`. */
import { ValidationError } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import { classIn } from '../../db/models/classes';
import type { Field as ModelField } from '../../db/models/fields/base';
import { CompositePrimaryKey } from '../../db/models/fields/composite';
import { ForeignKey } from '../../db/models/fields/related';
import type { QuerySet } from '../../db/models/query';
import { toStr } from '../../python/str';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { gettext } from '../../utils/translation';
import type { FormOptions } from '../form_options';
import type { Form } from '../forms';
import { BaseFormSet, type FormSetOptions } from '../formsets';
import { HiddenInput } from '../widgets';
import { ModelChoiceField, type Queryable } from './choice_field';
import { CompositeKeyField } from './composite_key_field';
import { type DateCheck, dateMessage, uniqueMessage, validateUniqueTogether } from './formset_unique';
import type { ModelForm, ModelFormInit, ModelFormSaveOptions } from './model_form';
import { formName } from './options';
import { isRows, now } from './rows';

/** What a formset of rows is made with. */
export interface ModelFormSetOptions extends FormSetOptions {
  /** The rows that are changed: a query, or a manager. Default: all of the model. */
  readonly queryset?: Queryable | null;
}

/**
 * The base of formsets whose forms make and change rows: `modelformsetFactory(Model, { … })` makes one.
 *
 * @typeParam I its forms.
 * https://docs.djangoproject.com/en/5.2/topics/forms/modelforms/#model-formsets
 */
export class BaseModelFormSet<I extends ModelForm = ModelForm> extends BaseFormSet<I> {
  declare model: ModelClass;
  /** Whether only rows that are there can be changed, and no new ones made. */
  declare editOnly: boolean;
  /** Fields whose values are the same in all forms, by the names that forms have. */
  uniqueFields: ReadonlySet<string> = new Set();
  /** The rows that `save()` changed, with the names of the fields. */
  changedObjects: [I['instance'], readonly string[]][] = [];
  /** The rows that `save()` deleted, or, with `commit: false`, that are to be deleted. */
  deletedObjects: I['instance'][] = [];
  /** The rows that `save()` made. */
  newObjects: I['instance'][] = [];
  /** The forms whose many-to-many rows `saveM2M()` writes. */
  savedForms: I[] = [];
  private readonly given: Queryable | null;
  private readonly initialExtra: FormSetOptions['initial'];
  private ownQueryset: QuerySet<Model> | undefined;
  private rowsByKey: Map<string, Model> | undefined;

  constructor({ queryset, initial, ...options }: ModelFormSetOptions = {}) {
    super(options);
    this.given = queryset ?? null;
    this.initialExtra = initial ?? null;
  }

  /** The rows that are changed, in a definite order. */
  getQueryset(): QuerySet<Model> {
    if (this.ownQueryset === undefined) {
      const given = this.given ?? this.model._defaultManager;
      const rows = (isRows(given) ? given : given.all()) as unknown as QuerySet<Model>;
      this.ownQueryset = rows.ordered ? rows : rows.orderBy('pk' as never);
    }
    return this.ownQueryset;
  }

  /** @internal The rows, at once. */
  private rows(): readonly Model[] {
    return now(this.getQueryset()._fetchAll(), () => `What a ${this.constructor.name} changes`);
  }

  protected override beforeForms(): MaybePromise<void> {
    if (this.isBound && this.initialFormCount() === 0) return;
    return then(this.getQueryset()._fetchAll(), () => undefined);
  }

  override initialFormCount(): number {
    return this.isBound ? super.initialFormCount() : this.rows().length;
  }

  private existingObject(pk: unknown): Model | undefined {
    this.rowsByKey ??= new Map(this.rows().map((row) => [toStr(row.pk), row]));
    return this.rowsByKey.get(toStr(pk));
  }

  protected override constructForm(index: number, given: FormOptions): I {
    const initialCount = this.initialFormCount();
    const { pk } = this.model._meta;
    const options: ModelFormInit = { ...given };
    if (index < initialCount) {
      const instance = this.isBound ? this.sentRow(index, pk) : this.rows()[index];
      if (instance !== undefined) Object.assign(options, { instance });
    } else {
      const initial = this.initialExtra?.[index - initialCount];
      if (initial !== undefined) Object.assign(options, { initial });
    }
    const form = super.constructForm(index, options);
    const field = index < initialCount ? (form.fields as Form['fields'])[formName(pk)] : undefined;
    if (field !== undefined) field.required = true;
    return form;
  }

  /** The row whose key was sent; undefined where none was, or one that is none of the rows. */
  private sentRow(index: number, pk: ModelField): Model | undefined {
    const name = `${this.addPrefix(index)}-${pk.name}`;
    if (!this.data.has(name)) return undefined;
    let target = pk;
    while (target instanceof ForeignKey) target = target.targetField;
    try {
      return this.existingObject(target.toPython(this.data.get(name)));
    } catch (error) {
      // It was tampered with, and the field says so.
      if (error instanceof ValidationError) return undefined;
      throw error;
    }
  }

  /** Adds the hidden key of the row, where the form does not have it. */
  override addFields(form: Form, index: number | null): void {
    const { pk } = this.model._meta;
    const name = formName(pk);
    if (!isEditableKey(pk) || !Object.hasOwn(form.fields, name)) {
      const { instance } = form as unknown as ModelForm;
      const model = pk instanceof ForeignKey ? classIn(this.model._meta, pk.remoteModel) : this.model;
      const { widgets } = (form.constructor as typeof ModelForm)._meta;
      const options = {
        queryset: model._defaultManager.using(instance._state.db) as unknown as Queryable,
        initial: this.keyAt(form, instance, index),
        required: false,
        widget: widgets?.[name] ?? HiddenInput,
      };
      form.fields[name] =
        pk instanceof CompositePrimaryKey
          ? new CompositeKeyField(pk, options)
          : new ModelChoiceField(options);
    }
    super.addFields(form, index);
  }

  /** A new row has no key, though it may have a default of one. */
  private keyAt(form: Form, instance: Model, index: number | null): unknown {
    const row = form.isBound ? instance : index === null ? undefined : this.rows()[index];
    if (row === undefined || (form.isBound && row._state.adding)) return null;
    const { pk } = this.model._meta;
    return pk instanceof CompositePrimaryKey ? pk.valueToString(row) : (row.pk ?? null);
  }

  /** Writes a new row. */
  saveNew(form: I, options: ModelFormSaveOptions = {}): Promise<I['instance']> {
    return form.save(options);
  }

  /** Writes a row that was there. */
  saveExisting(
    form: I,
    _instance: I['instance'],
    options: ModelFormSaveOptions = {},
  ): Promise<I['instance']> {
    return form.save(options);
  }

  /** Deletes a row. */
  async deleteExisting(instance: I['instance'], { commit = true }: ModelFormSaveOptions = {}): Promise<void> {
    if (commit) await instance.delete();
  }

  /**
   * Writes every form's row: those that were changed, and new ones; deletes those that were marked. The rows are then in
   * `changedObjects`, `newObjects` and `deletedObjects`.
   *
   * @returns the rows that were written; with `commit: false` those that are to be, and `saveM2M()` is for afterwards.
   * @throws ValueError for a form that is not valid.
   */
  async save(options: ModelFormSaveOptions = {}): Promise<I['instance'][]> {
    await this.isValid();
    this.savedForms = [];
    const existing = await this.saveExistingObjects(options);
    return this.editOnly ? existing : [...existing, ...(await this.saveNewObjects(options))];
  }

  /** Writes many-to-many rows, when the rows have been saved after `save({ commit: false })`. */
  async saveM2M(): Promise<void> {
    for (const form of this.savedForms) await form.saveM2M();
  }

  /** The part of `save()` for rows that were there. */
  async saveExistingObjects(options: ModelFormSaveOptions = {}): Promise<I['instance'][]> {
    this.changedObjects = [];
    this.deletedObjects = [];
    const saved: I['instance'][] = [];
    const deleted = new Set(this.deletedForms);
    for (const form of this.initialForms) {
      const { instance } = form;
      // It is none of the rows, or is gone already.
      if (instance.pk === null || instance.pk === undefined || instance._state.adding) continue;
      if (deleted.has(form)) {
        this.deletedObjects.push(instance);
        await this.deleteExisting(instance, options);
      } else if (form.hasChanged()) {
        this.changedObjects.push([instance, form.changedData]);
        saved.push(await this.saveExisting(form, instance, options));
        if (options.commit === false) this.savedForms.push(form);
      }
    }
    return saved;
  }

  /** The part of `save()` for new rows. */
  async saveNewObjects(options: ModelFormSaveOptions = {}): Promise<I['instance'][]> {
    this.newObjects = [];
    for (const form of this.extraForms) {
      if (!form.hasChanged()) continue;
      if (this.canDelete && this.shouldDeleteForm(form as unknown as Form)) continue;
      this.newObjects.push(await this.saveNew(form, options));
      if (options.commit === false) this.savedForms.push(form);
    }
    return this.newObjects;
  }

  /** What concerns several forms; call `super.clean()`, or values that are to be unique are not compared. */
  override clean(): MaybePromise<void> {
    this.validateUnique();
  }

  /** Compares the forms' values that are to be unique. @throws ValidationError */
  validateUnique(): void {
    const deleted = new Set<unknown>(this.deletedForms);
    validateUniqueTogether(
      this as unknown as BaseModelFormSet,
      this.forms.filter((form) => !deleted.has(form)),
    );
  }

  /** What is said of values that several forms have, by the names of the model's fields. */
  getUniqueErrorMessage(fields: readonly string[]): string {
    return uniqueMessage(fields);
  }

  /** What is said of values that are to be there once a day, month or year. */
  getDateErrorMessage(check: DateCheck): string {
    return dateMessage(check);
  }

  /** What is said beside the form. */
  getFormError(): string {
    return gettext('Please correct the duplicate values below.');
  }
}
BaseModelFormSet.prototype.editOnly = false;
for (const name of ['save', 'saveM2M'] as const) {
  Object.assign(BaseModelFormSet.prototype[name], { altersData: true });
}

/** Whether somebody can type the key, so that a form has it as it has other fields. */
function isEditableKey(pk: ModelField): boolean {
  if (!pk.editable || pk.isAuto || pk.options.autoCreated) return false;
  return !(pk instanceof ForeignKey && pk.parentLink) || isEditableKey(pk.remoteModel.pk);
}
