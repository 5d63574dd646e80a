/** Forms of models. Django: `BaseModelForm` of `django.forms.models`. */
import { FieldError, NON_FIELD_ERRORS, ValidationError, ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import type { Text } from '../../utils/functional';
import { attempt, forEach, type MaybePromise, run, type Steps, then, wait } from '../../utils/maybe_promise';
import { type Declared, present } from '../base_fields';
import type { BoundField } from '../boundfield';
import { defineBoundFields } from '../declare';
import { type Field, isEmpty } from '../fields/base';
import type { Cleaned, Fields, FormOptions } from '../form_options';
import { Form } from '../forms';
import { applyLimitChoicesTo, fieldsForModel } from './fields_for_model';
import { InlineForeignKeyField } from './inline_field';
import { constructInstance, modelToDict, saveManyToMany } from './instances';
import { ModelMultipleChoiceField } from './multiple_choice_field';
import { ALL_FIELDS, checkMeta, formName, type ModelFormOptions } from './options';
import { toModelValue } from './values';

/** What a form of a model is made with. */
export interface ModelFormInit<T extends Model = Model> extends FormOptions {
  /** The row that is changed. Default: a new one. */
  readonly instance?: T | null;
}

/** How a form is saved. */
export interface ModelFormSaveOptions {
  /** False: nothing is written; `saveM2M()` writes many-to-many rows when the instance has been saved. Default: true. */
  readonly commit?: boolean;
}

/**
 * The base of forms that make or change a row: `forms.modelForm(Model, { … })` makes one.
 *
 * @typeParam T the model.
 * https://docs.djangoproject.com/en/5.2/topics/forms/modelforms/
 */
export class ModelForm<T extends Model = Model, F extends Fields = Fields> extends Form<F> {
  /** What the form is told of its model: Django's `class Meta`. */
  static readonly _meta: ModelFormOptions = { model: null };

  /** The row: a new one, or the one that was given, with the values of the form once it has been validated. */
  instance: T;
  #validatesRow = false;
  #savesLater = false;

  /** @throws ValueError for a form that names no model; ImproperlyConfigured, FieldError for one that names no fields, or wrong ones. */
  constructor(options: ModelFormInit<T> = {}) {
    const { instance, ...rest } = options;
    const cls = new.target as unknown as typeof ModelForm;
    const model = modelOf(cls);
    const { fields, exclude } = cls._meta;
    const initial = instance ? modelToDict(instance, fields, exclude) : {};
    super({ ...rest, initial: Object.assign(Object.create(null) as object, initial, rest.initial) });
    this.instance = instance ?? (new model() as T);
    for (const field of Object.values(this.fields)) applyLimitChoicesTo(field);
  }

  /** @internal */
  static override makeBaseFields(declared: Declared): Fields {
    const { _meta: meta, name, prototype } = this;
    if (meta.model === null) return present(declared);
    const model = modelOf(this);
    checkMeta(name, model.name, meta);
    const fields = fieldsForModel(model, {
      ...meta,
      applyLimitChoicesTo: false,
      formDeclaredFields: declared,
    });
    const missing = Object.keys(fields).filter(
      (each) => fields[each] === null && !Object.hasOwn(declared, each),
    );
    if (missing.length > 0) {
      throw new FieldError(`Unknown field(s) (${missing.join(', ')}) specified for ${model.name}`);
    }
    const made = present({ ...fields, ...declared });
    defineBoundFields(prototype, Object.keys(made));
    return made;
  }

  private get meta(): ModelFormOptions {
    return (this.constructor as typeof ModelForm)._meta;
  }

  /** Rows that were chosen before are compared with those that are chosen now. */
  protected override beforeClean(): MaybePromise<void> {
    return forEach(Object.entries<Field>(this.fields), ([name, field]) =>
      field instanceof ModelMultipleChoiceField ? field.readInitial(this.get(name).initial) : undefined,
    );
  }

  protected override readField(bound: BoundField): MaybePromise<unknown> {
    return then(super.readField(bound), (value) => toModelValue(bound.field.modelField, value));
  }

  /** What concerns several fields; call `super.clean()`, or unique values and constraints are not looked at. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most forms return nothing
  override clean(): MaybePromise<Cleaned<F> | void> {
    this.#validatesRow = true;
    return this.cleanedData;
  }

  /** @internal The fields of the model that are not looked at, by the names that forms have for them. */
  getValidationExclusions(): Set<string> {
    const { fields, exclude } = this.meta;
    const cleaned = this.cleanedData as Readonly<Record<string, unknown>>;
    const isLeftOut = (name: string, blank: boolean): boolean => {
      const field = (this.fields as Fields)[name];
      if (field === undefined) return true;
      if (fields && fields !== ALL_FIELDS && fields.length > 0 && !fields.includes(name)) return true;
      if (exclude?.includes(name) || this.errors.has(name)) return true;
      // What need not be typed is no error of a model that has to have it.
      return !blank && !field.required && isEmpty(cleaned[name]);
    };
    const { _meta: meta } = this.instance.constructor as unknown as ModelClass;
    const left = meta.fields.filter((field) => isLeftOut(formName(field), field.blank));
    const names = new Set(left.map((field) => formName(field)));
    if (meta.pkFields.length > 1) {
      // A key of several values, which no form has, is looked at where all of them are.
      const isWhole = !meta.pkFields.some((field) => names.has(formName(field)));
      if (isWhole) names.delete(formName(meta.pk));
      else names.add(formName(meta.pk));
    }
    return names;
  }

  /** Adds errors of the model, in the words of the form where it has some. */
  private updateErrors(error: unknown): void {
    if (!(error instanceof ValidationError)) throw error;
    const errors = error.errorDict ?? new Map([[NON_FIELD_ERRORS, error.errorList]]);
    const named = new Map<string, ValidationError[]>();
    for (const [key, list] of errors) {
      const name = key === NON_FIELD_ERRORS ? key : (this.nameOf(key) ?? key);
      const messages = this.messagesOf(name);
      named.set(
        name,
        list.map((each) => {
          const own =
            each.code !== null && messages && Object.hasOwn(messages, each.code)
              ? messages[each.code]
              : undefined;
          return own === undefined
            ? each
            : new ValidationError(own, { code: each.code, params: each.params });
        }),
      );
    }
    this.addError(null, new ValidationError(named));
  }

  private messagesOf(name: string): Readonly<Record<string, Text>> | undefined {
    if (name === NON_FIELD_ERRORS) return this.meta.errorMessages?.[NON_FIELD_ERRORS];
    return (this.fields as Fields)[name]?.errorMessages;
  }

  protected override postClean(): MaybePromise<void> {
    const { fields, exclude } = this.meta;
    const left = this.getValidationExclusions();
    // The row that inline forms belong to may not be there yet.
    for (const [name, field] of Object.entries(this.fields)) {
      if (field instanceof InlineForeignKeyField) left.add(name);
    }
    const rescue = (error: unknown): void => this.updateErrors(error);
    const construct = (): MaybePromise<void> =>
      constructInstance(this as unknown as Form, this.instance, fields, exclude);
    const clean = { exclude: left, validateUnique: false, validateConstraints: false };
    return run(
      function* (this: ModelForm<T, F>): Steps<void> {
        yield* wait(attempt<void>(construct, rescue));
        yield* wait(attempt<void>(() => this.instance.fullClean(clean), rescue));
        if (!this.#validatesRow) return;
        yield* wait(this.validateUnique());
        yield* wait(this.validateConstraints());
      }.call(this),
    );
  }

  /** Looks for other rows with values that are to be unique; what it finds becomes errors of the form. */
  validateUnique(): MaybePromise<void> {
    return attempt<void>(
      () => this.instance.validateUnique({ exclude: this.getValidationExclusions() }),
      (error) => this.updateErrors(error),
    );
  }

  /** Looks whether the constraints of the model hold; what does not becomes errors of the form. */
  validateConstraints(): MaybePromise<void> {
    return attempt<void>(
      () => this.instance.validateConstraints({ exclude: this.getValidationExclusions() }),
      (error) => this.updateErrors(error),
    );
  }

  /**
   * Writes the row, and the rows that it is related to.
   *
   * @returns the instance.
   * @throws ValueError for a form that is not valid.
   */
  async save({ commit = true }: ModelFormSaveOptions = {}): Promise<T> {
    await this.isValid();
    if (this.errors.size > 0) {
      const { _meta: meta } = this.instance.constructor as unknown as ModelClass;
      const done = this.instance._state.adding ? 'created' : 'changed';
      throw new ValueError(`The ${meta.objectName} could not be ${done} because the data didn't validate.`);
    }
    if (!commit) {
      this.#savesLater = true;
      return this.instance;
    }
    await this.instance.save();
    await this.writeManyToMany();
    return this.instance;
  }

  /**
   * Writes many-to-many rows, when the instance has been saved after `save({ commit: false })`.
   *
   * @throws ValueError before that.
   */
  async saveM2M(): Promise<void> {
    if (!this.#savesLater) {
      throw new ValueError('saveM2M() is for after save({ commit: false }): save() has written everything.');
    }
    await this.writeManyToMany();
  }

  private async writeManyToMany(): Promise<void> {
    const { fields, exclude } = this.meta;
    await saveManyToMany(this as unknown as Form, this.instance, fields, exclude);
  }
}
for (const name of ['save', 'saveM2M'] as const) {
  Object.assign(ModelForm.prototype[name], { altersData: true });
}

/** The model of a class of forms. @throws ValueError where it names none. */
export function modelOf({ _meta: { model } }: typeof ModelForm): ModelClass {
  if (model === null) throw new ValueError('ModelForm has no model class specified.');
  return model;
}

/** Makes forms of a class look at a field that they get when they are made: the foreign key of inline forms. */
export function alsoValidate(cls: typeof ModelForm, name: string): void {
  const { _meta: meta } = cls;
  // Which fields there are is decided before.
  void cls.baseFields;
  if (!Array.isArray(meta.fields) || meta.fields.length === 0 || meta.fields.includes(name)) return;
  Object.defineProperty(cls, '_meta', {
    value: { ...meta, fields: [...meta.fields, name] },
    configurable: true,
  });
}
