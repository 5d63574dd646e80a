/** Formsets of rows that refer to a row of any model. Django: `django.contrib.contenttypes.forms`. */
import { ValueError } from '../../core/exceptions';
import type { Model } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { ForeignKey } from '../../db/models/fields/related';
import { modelOf } from '../../db/models/related_managers/instances';
import {
  BaseModelFormSet,
  type ModelForm,
  type ModelFormSaveOptions,
  type ModelFormSetOptions,
  type ModelformsetFactoryOptions,
  modelformsetFactory,
} from '../../forms/models';
import { formName } from '../../forms/models/options';
import { htmlName } from '../../forms/names';
import { typeFilter } from './content_type_of';
import { ContentType } from './models';

/** What a formset of rows that refer to one of any model is made with. */
export interface GenericInlineFormSetOptions<P extends Model = Model> extends ModelFormSetOptions {
  /** The row that they refer to. Without it there are none. */
  readonly instance?: P | null;
  /** Whether all forms make new rows, whatever keys were sent. */
  readonly saveAsNew?: boolean;
}

/**
 * The base of formsets whose forms make and change rows that refer to another by a GenericForeignKey:
 * `genericInlineformsetFactory(Tag, { … })` makes one.
 */
export class BaseGenericInlineFormSet<
  I extends ModelForm = ModelForm,
  P extends Model = Model,
> extends BaseModelFormSet<I> {
  /** The foreign key to ContentType. */
  declare ctField: ForeignKey;
  /** The field with the key. */
  declare ctFkField: Field;
  declare forConcreteModel: boolean;
  /** The row that they refer to. */
  readonly instance: P | null;
  readonly saveAsNew: boolean;

  constructor({
    instance = null,
    saveAsNew = false,
    queryset,
    ...options
  }: GenericInlineFormSetOptions<P> = {}) {
    const { model, ctField, ctFkField, forConcreteModel } = new.target.prototype as BaseGenericInlineFormSet;
    const rows = (queryset ?? model._defaultManager).all() as unknown as ReturnType<
      typeof model._defaultManager.all
    >;
    const pk: unknown = instance?.pk ?? null;
    const metaOf = (row: Model) => (forConcreteModel ? modelOf(row)._meta.concreteModel : modelOf(row)._meta);
    super({
      ...options,
      queryset:
        instance === null || pk === null
          ? rows.none()
          : rows.filter({
              ...typeFilter(ctField.name, metaOf(instance), undefined),
              [ctFkField.name]: pk,
            } as never),
    });
    this.instance = instance;
    this.saveAsNew = saveAsNew;
  }

  override getDefaultPrefix(): string {
    const { appLabel, modelName } = this.model._meta;
    return [appLabel, modelName, this.ctField.name, this.ctFkField.name].join('-');
  }

  override initialFormCount(): number {
    return this.saveAsNew ? 0 : super.initialFormCount();
  }

  override async saveNew(form: I, options: ModelFormSaveOptions = {}): Promise<I['instance']> {
    const { instance } = this;
    if (instance === null) {
      throw new ValueError(
        `A ${this.constructor.name} saves new rows for its 'instance', and it was given none.`,
      );
    }
    const type = await ContentType.objects.getForModel(instance);
    Object.assign(form.instance, {
      [this.ctField.property]: type.pk,
      [this.ctFkField.property]: instance.pk,
    });
    return form.save(options);
  }
}

/** What `genericInlineformsetFactory` takes. */
export interface GenericInlineformsetFactoryOptions extends ModelformsetFactoryOptions {
  /** The foreign key to ContentType. Default: `contentType`. */
  readonly ctField?: string;
  /** The field with the key. Default: `objectId`. */
  readonly fkField?: string;
  /** False: rows of a proxy are of the proxy's content type. */
  readonly forConcreteModel?: boolean;
}

/**
 * A class of formsets of the rows that refer to a row of any model: three empty forms, and each can be marked for deletion,
 * unless told otherwise.
 *
 * @throws FieldDoesNotExist for a field that the model does not have; ValueError where `ctField` is no foreign key to
 * ContentType.
 * @example
 * ```ts
 * const NoteFormSet = genericInlineformsetFactory(Note, { fields: ['text'], extra: 1 });
 * const formset = new NoteFormSet({ data: request.POST, instance: book });
 * if (await formset.isValid()) await formset.save();
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/#django.contrib.contenttypes.forms.generic_inlineformset_factory
 */
export function genericInlineformsetFactory<T extends Model>(
  model: abstract new (...args: never[]) => T,
  options: GenericInlineformsetFactoryOptions,
): new (
  options?: GenericInlineFormSetOptions,
) => BaseGenericInlineFormSet<ModelForm<T>> {
  const {
    ctField = 'contentType',
    fkField = 'objectId',
    forConcreteModel = true,
    formset = BaseGenericInlineFormSet,
    exclude,
    ...rest
  } = options;
  const { _meta: meta } = model as unknown as typeof Model;
  const type = meta.getField(htmlName(ctField));
  if (!(type instanceof ForeignKey) || type.remoteModel.key !== ContentType._meta.key) {
    throw new ValueError(`fk_name '${String(type)}' is not a ForeignKey to ContentType`);
  }
  const key = meta.getField(htmlName(fkField));
  const Made = modelformsetFactory(model, {
    extra: 3,
    canDelete: true,
    ...rest,
    formset,
    exclude: [...(exclude ?? []), formName(type), formName(key)],
  } as never);
  Object.assign(Made.prototype as object, { ctField: type, ctFkField: key, forConcreteModel });
  return Made as never;
}
