/**
 * Models: classes whose instances are rows. Django: `django.db.models.base`;
 * https://docs.djangoproject.com/en/5.2/topics/db/models/
 */
import type { CheckMessage, DatabaseCheckOptions } from '../../core/checks/messages';
import { type MultipleObjectsReturned, type ObjectDoesNotExist, ValueError } from '../../core/exceptions';
import { pyEquals } from '../../python';
import type { MaybePromise } from '../../utils/maybe_promise';
import { IN_TEMPLATES } from '../../utils/subscriptable';
import { assignValues } from './assign_values';
import { deleteInstance } from './delete';
import type { Deleted } from './deletion';
import type { ForeignKey } from './fields/related';
import { linkRelations } from './fields/relation_properties';
import { fromDb } from './from_db';
import { shownInTemplates } from './in_templates';
import type { AnyManager, Manager } from './manager';
import { type ModelClass, metaOfClass } from './model_class';
import { errorsOf } from './model_errors';
import { baseManagerOf, defaultManagerOf, objectsOf, replaceManager } from './model_managers';
import { installState, type ModelState, NEW_STATE, stateOf } from './model_state';
import type { MetaOptions, Options } from './options';
import { deferredFields } from './query_utils';
import type { RefreshOptions } from './refresh';
import { type SaveBaseOptions, type SaveOptions, saveBase, saveInstance } from './save';
import { postInit, preInit } from './signals';
import { snakeCase } from './sql/names';
import type { CleanOptions, FullCleanOptions } from './validation';

export type { ModelClass } from './model_class';
export type { ModelState };
export { snakeCase };

/**
 * The base of every model.
 *
 * @example
 * ```ts
 * import * as models from 'tsango/db/models';
 *
 * export class Article extends models.Model {
 *   static override readonly Meta = { ordering: ['-pubDate'] };
 *   declare static readonly objects: models.Manager<Article>;
 *
 *   declare id: number;
 *   @models.CharField({ maxLength: 200 }) declare headline: string;
 *   @models.DateTimeField({ autoNowAdd: true }) declare pubDate: Date;
 * }
 *
 * const article = await Article.objects.create({ headline: 'Hello' });
 * ```
 */
export class Model {
  /** What Django's inner class Meta holds. */
  static readonly Meta?: MetaOptions;
  /**
   * Where queries on the model begin. Its type is declared by each model, as in the example; a model that declares
   * other managers and not this one has none of this name.
   */
  declare static readonly objects: AnyManager;

  /** @throws TypeError for a value that is none of the model's. */
  constructor(values: Readonly<Record<string, unknown>> = {}) {
    const cls = new.target as unknown as ModelClass;
    const { fieldsWithDefault } = cls._meta;
    if (preInit.hasReceivers) void preInit.send(cls, { values });
    linkRelations(cls);
    installState(this, NEW_STATE);
    for (const field of fieldsWithDefault) {
      (this as Record<string, unknown>)[field.property] = field.getDefault();
    }
    assignValues(this, values);
    if (postInit.hasReceivers) void postInit.send(cls, { instance: this });
  }

  /** The description of the model. @throws Error for a model of no installed app. */
  static get _meta(): Options {
    return metaOfClass(this as unknown as ModelClass);
  }

  /**
   * What `check` says of the model. A class may add to it: `return [...super.check(options), new checks.Warning(…)]`.
   */
  static check({ databases }: DatabaseCheckOptions = {}): CheckMessage[] {
    const { checkModel } = require('./checks') as typeof import('./checks');
    const { managersOf } = require('./model_managers') as typeof import('./model_managers');
    return [
      ...managersOf(this).flatMap((manager) => manager.check()),
      ...checkModel(this._meta, databases, this.prototype),
    ];
  }

  /**
   * Makes an instance of what a row has: queries call it for each row of a class that has its own, which may keep the
   * values or look at them. https://docs.djangoproject.com/en/5.2/ref/models/instances/#customizing-model-loading
   *
   * @param db the alias of the database that the row is in.
   * @param names the fields that were loaded, by their properties; the others are deferred.
   * @param values their values, as the fields have made them.
   * @throws FieldDoesNotExist for a name of no field; ValueError for more or fewer values than names.
   *
   * @example
   * ```ts
   * static override fromDb(db: string | undefined, names: readonly string[], values: readonly unknown[]): models.Model {
   *   const article = super.fromDb(db, names, values) as Article;
   *   article.loaded = new Map(names.map((name, at) => [name, values[at]]));
   *   return article;
   * }
   * ```
   */
  static fromDb(db: string | undefined, names: readonly string[], values: readonly unknown[]): Model {
    return fromDb(this as unknown as ModelClass, db, names, values);
  }

  /** Whether the class only hands its fields on. */
  static get isAbstract(): boolean {
    return this === Model || (Object.hasOwn(this, 'Meta') && this.Meta?.abstract === true);
  }

  /** The manager that the framework itself asks: the first one, or Meta's `defaultManagerName`. */
  static get _defaultManager(): Manager<Model> {
    return defaultManagerOf(this as unknown as ModelClass);
  }

  /** The manager that related rows are looked for with: a plain one, or Meta's `baseManagerName`. */
  static get _baseManager(): Manager<Model> {
    return baseManagerOf(this as unknown as ModelClass);
  }

  /** What `get` throws when there is no such row. */
  static get DoesNotExist(): typeof ObjectDoesNotExist {
    return errorsOf(this as unknown as ModelClass).DoesNotExist;
  }

  /** What `get` throws when there are several. */
  static get MultipleObjectsReturned(): typeof MultipleObjectsReturned {
    return errorsOf(this as unknown as ModelClass).MultipleObjectsReturned;
  }

  /** The value of the primary key; of a key of several fields a list. A model may declare its type. */
  declare pk: unknown;

  /** What the instance knows of its row: whether it is new, which database it is in, related rows. */
  get _state(): ModelState {
    return stateOf(this);
  }

  /**
   * Writes the row: updates the one with this key, or makes one. A new instance whose key has a default is only made. A
   * row of parents is written with it, all or none; `preSave` and `postSave` are sent.
   *
   * @throws ValueError for related rows that are not saved, for names in `updateFields` that are no columns, and for
   * `forceInsert` beside `updateFields` or `forceUpdate`; DatabaseError where nothing was there to be updated.
   *
   * @example
   * ```ts
   * article.visits = new models.F('visits').add(1);
   * await article.save({ updateFields: ['visits'] }); // article.visits is the new number
   * ```
   */
  async save(options: SaveOptions = {}): Promise<void> {
    await saveInstance(this, options);
  }

  /** What `save` does when it knows what to write; a fixture is loaded by it, with `raw`. */
  async saveBase(options: SaveBaseOptions = {}): Promise<void> {
    await saveBase(this, options);
  }

  /**
   * Deletes the row, and what refers to it as its fields' `onDelete` says: all in one transaction. The instance has no
   * key any more.
   *
   * @param options.keepParents the rows of the models that this one inherits from stay.
   * @returns how many rows are gone, and how many of each model: `[3, { 'blog.Post': 1, 'blog.Comment': 2 }]`.
   * @throws ValueError for an instance without a key; ProtectedError, RestrictedError where a field says so.
   */
  async delete(options: { using?: string; keepParents?: boolean } = {}): Promise<Deleted> {
    return deleteInstance(this, options);
  }

  /**
   * Reads the row's values again: those that are loaded, or the `fields` that are named. Related rows that were loaded
   * are forgotten.
   *
   * @throws the model's DoesNotExist.
   */
  async refreshFromDb(options: RefreshOptions = {}): Promise<void> {
    const { reload } = require('./refresh') as typeof import('./refresh');
    await reload(this, options);
  }

  /** The properties whose values were not loaded with the row: what `defer` and `only` left out. */
  getDeferredFields(): Set<string> {
    return new Set(deferredFields(this).map(({ property }) => property));
  }

  /** Makes each field's value what its field says that it is. @throws ValidationError of fields. */
  cleanFields(options: CleanOptions = {}): Promise<void> {
    return validation().cleanFields(this, options);
  }

  /** What a model looks at besides its fields; `fullClean` calls it. A subclass throws a ValidationError. */
  clean(): MaybePromise<void> {}

  /** Looks for other rows with values that are to be unique. @throws ValidationError. */
  validateUnique(options: CleanOptions = {}): Promise<void> {
    return validation().validateUnique(this, options);
  }

  /** Whether the constraints of Meta hold. @throws ValidationError. */
  validateConstraints(options: CleanOptions = {}): Promise<void> {
    return validation().validateConstraints(this, options);
  }

  /**
   * Looks at everything: `cleanFields`, `clean`, `validateUnique`, `validateConstraints`. `save` does not call it.
   *
   * @throws ValidationError with the errors of fields, and those of none under NON_FIELD_ERRORS.
   */
  fullClean(options: FullCleanOptions = {}): Promise<void> {
    return validation().fullClean(this, options);
  }

  /**
   * Whether this and another are the same row: of one table, with one key. An instance without a key is only itself.
   * Django: `==`.
   */
  isSame(other: unknown): boolean {
    if (this === other) return true;
    if (!(other instanceof Model) || this.pk === undefined || this.pk === null) return false;
    const model = (instance: Model): Options =>
      (instance.constructor as unknown as ModelClass)._meta.concreteModel;
    return model(this) === model(other) && pyEquals(this.pk, other.pk);
  }

  /** The value of a field by its name, of a relation the key; of any other name the property. */
  serializableValue(name: string): unknown {
    const values = this as unknown as Readonly<Record<string, unknown>>;
    const { _meta: meta } = this.constructor as unknown as ModelClass;
    const field = meta.findField(name) ?? meta.fieldsByProperty.get(name);
    return values[field === undefined ? name : field.property];
  }

  /**
   * The key that a query or a save has for this row.
   *
   * @throws ValueError for a row that is not saved.
   */
  prepareDatabaseSave(field: ForeignKey): unknown {
    if (this.pk === undefined || this.pk === null) {
      throw new ValueError(
        `Unsaved model instance <${this.constructor.name}: ${this.toString()}> cannot be used in an ORM query.`,
      );
    }
    return (this as unknown as Readonly<Record<string, unknown>>)[field.targetField.property];
  }

  /** @internal Dates, times and decimals of a row are Python's in a template. */
  [IN_TEMPLATES](property: string, text: string): unknown {
    return shownInTemplates((this.constructor as unknown as ModelClass)._meta, property, text);
  }

  toString(): string {
    return `${this.constructor.name} object (${this.pk === undefined || this.pk === null ? 'None' : String(this.pk)})`;
  }
}

/** Loaded when it is first needed: most processes only read. */
function validation(): typeof import('./validation') {
  return require('./validation') as typeof import('./validation');
}

Object.defineProperty(Model.prototype, 'pk', {
  configurable: true,
  get(this: Model): unknown {
    const { pk } = (this.constructor as unknown as ModelClass)._meta;
    return (this as unknown as Record<string, unknown>)[pk.property];
  },
  set(this: Model, value: unknown) {
    const { pk } = (this.constructor as unknown as ModelClass)._meta;
    (this as unknown as Record<string, unknown>)[pk.property] = value;
  },
});

Object.defineProperty(Model, 'objects', {
  configurable: true,
  get(this: ModelClass): Manager<Model> {
    return objectsOf(this);
  },
  set(this: ModelClass, value: unknown) {
    replaceManager(this, 'objects', value);
  },
});
