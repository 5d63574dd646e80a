/** How instances become rows. Django: `Model.save`, `save_base`, `_save_parents`. */
import { ValueError } from '../../core/exceptions';
import { repr } from '../../python';
import { forEach, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { router } from '../router';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { Options } from './options';
import { deferredFields } from './query_utils';
import { reload } from './refresh';
import { prepareRelatedFieldsForSave } from './related_fields';
import { hasValue, read, type Saving, saveTable, write } from './save_table';
import { postSave, preSave } from './signals';
import { findNamed } from './sql/names';

/** How an instance is saved. https://docs.djangoproject.com/en/5.2/ref/models/instances/#saving-objects */
export interface SaveOptions {
  /** The alias of the database. */
  using?: string;
  /** Write these fields alone; none of them: nothing is written, and no signal is sent. */
  updateFields?: Iterable<string> | undefined;
  /** Only INSERT; with classes, also the rows of these among its parents. */
  forceInsert?: boolean | readonly ModelClass[];
  /** Only UPDATE. */
  forceUpdate?: boolean;
}

/** What is written is decided: Django's `save_base` takes it. */
export interface SaveBaseOptions extends SaveOptions {
  /** The values are written as they are, and parents not at all: for fixtures. */
  raw?: boolean;
}

/** The database that an instance is written to: the one that is named, or the one that the routers say. */
function databaseOf(instance: Model, using: string | undefined): DatabaseWrapper {
  return connections.get(using ?? router.dbForWrite(classOf(instance), { instance }));
}

function classOf(instance: Model): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

/** Writes an instance's row: updates the one with its key, or makes one. @throws as `Model.save` says. */
export function saveInstance(instance: Model, options: SaveOptions = {}): MaybePromise<void> {
  const { forceInsert = false, forceUpdate = false } = options;
  refuseForce(forceInsert);
  prepareRelatedFieldsForSave(instance, 'save');
  if (forceInsert !== false && (forceUpdate || !isEmpty(options.updateFields))) {
    throw new ValueError('Cannot force both insert and updating in model saving.');
  }
  const deferred = deferredFields(instance).filter((field) => !field.generated);
  if (options.updateFields !== undefined) {
    const updateFields = new Set(options.updateFields);
    if (updateFields.size === 0) return undefined;
    const named = deferred.filter(({ name, attname, property }) =>
      [name, attname, property].some((each) => updateFields.has(each)),
    );
    const save = (): MaybePromise<void> => saveBase(instance, { ...options, updateFields });
    return named.length === 0 ? save() : then(loadFields(instance, named), save);
  }
  if (deferred.length === 0) return saveBase(instance, options);
  return saveLoaded(instance, deferred, options);
}

function isEmpty(names: Iterable<string> | undefined): boolean {
  return names === undefined || names[Symbol.iterator]().next().done === true;
}

/** Of an instance whose row was not loaded whole only what it has is written; into another database all is loaded first. */
function saveLoaded(instance: Model, deferred: readonly Field[], options: SaveOptions): MaybePromise<void> {
  const connection = databaseOf(instance, options.using);
  const isOther = connection.alias !== instance._state.db || (options.forceInsert ?? false) !== false;
  const loaded = classOf(instance)._meta.concreteFields.filter(
    (field) => !field.primaryKey && !deferred.includes(field),
  );
  if (!isOther && hasValue(instance.pk) && loaded.length > 0) {
    return saveBase(instance, { ...options, updateFields: loaded.map((field) => field.attname) });
  }
  return then(loadFields(instance, deferred), () => saveBase(instance, options));
}

function loadFields(instance: Model, fields: readonly Field[]): MaybePromise<void> {
  return reload(instance, { fields: fields.map(({ property }) => property) });
}

/** Writes the rows of an instance, and says so to who listens. Django: `save_base`. */
export function saveBase(instance: Model, options: SaveBaseOptions): MaybePromise<void> {
  const cls = classOf(instance);
  const connection = databaseOf(instance, options.using);
  const names = options.updateFields === undefined ? undefined : new Set(options.updateFields);
  const saving: Saving = {
    connection,
    raw: options.raw ?? false,
    updateFields: names && fieldsNamed(cls._meta, names),
    forceInsert: (options.forceInsert ?? false) !== false,
    forceUpdate: options.forceUpdate ?? false,
  };
  const bases = insertedBases(cls, options.forceInsert ?? false);
  const listened = !cls._meta.autoCreated && (preSave.hasReceivers || postSave.hasReceivers);
  if (!listened) return then(saveRows(instance, saving, bases), () => undefined);
  const told = { instance, raw: saving.raw, using: connection.alias, updateFields: names ?? null };
  return then(preSave.send(cls, told), () =>
    then(saveRows(instance, saving, bases), (updated) => postSave.send(cls, { ...told, created: !updated })),
  );
}

/** Saves the rows of the parents and the instance's own, all or none; says whether its own was there. */
function saveRows(instance: Model, saving: Saving, bases: readonly Options[]): MaybePromise<boolean> {
  const { connection } = saving;
  const meta = classOf(instance)._meta;
  const model = meta.concreteModel;
  const rows = (): MaybePromise<boolean> => {
    if (model.parents.size === 0 || saving.raw) return saveTable(model, instance, saving);
    return then(saveParents(model, instance, saving, bases), (isNew) =>
      saveTable(model, instance, isNew ? { ...saving, forceInsert: true } : saving),
    );
  };
  const isAtomic = model.parents.size > 0 || connection.inAtomicBlock;
  const writeRows = (): MaybePromise<boolean> =>
    isAtomic ? connection.atomic(rows, { savepoint: false }) : rows();
  const done =
    meta.fieldsBeforeSave.length === 0 || saving.raw
      ? writeRows()
      : then(beforeSave(meta.fieldsBeforeSave, instance, saving), writeRows);
  if (isPromise(done)) return done.then((updated) => saved(instance, connection, updated));
  return saved(instance, connection, done);
}

/** Lets fields do what they have to before the row is written: a file is stored. */
function beforeSave(
  fields: readonly Field[],
  instance: Model,
  { connection, updateFields }: Saving,
): MaybePromise<void> {
  const written = fields.filter((field) => updateFields === undefined || updateFields.has(field));
  return forEach(written, (field) => field.beforeSave?.(instance, connection));
}

/** What the instance knows then. */
function saved(instance: Model, connection: DatabaseWrapper, updated: boolean): boolean {
  const { _state: state } = instance;
  state.adding = false;
  state.db = connection.alias;
  return updated;
}

/** Saves the rows of a model's parents, the farthest first; says whether one of them is new. */
function saveParents(
  model: Options,
  instance: Model,
  saving: Saving,
  bases: readonly Options[],
): MaybePromise<boolean> {
  let anyNew: MaybePromise<boolean> = false;
  for (const [parent, link] of model.parents) {
    anyNew = then(anyNew, (before) => {
      // The key of a parent may be known by the link alone.
      if (link !== undefined && !hasValue(read(instance, parent.pk)) && hasValue(read(instance, link))) {
        write(instance, parent.pk, read(instance, link));
      }
      return then(saveParents(parent, instance, saving, bases), (isNew) => {
        const forceInsert = isNew || bases.some((base) => parent.isKindOf(base));
        return then(
          saveTable(parent, instance, { ...saving, forceInsert, forceUpdate: false }),
          (updated) => {
            if (link !== undefined) {
              write(instance, link, read(instance, parent.pk));
              link.cache.delete(instance);
            }
            return before || !updated;
          },
        );
      });
    });
  }
  return anyNew;
}

/** @throws TypeError for what is neither a boolean nor a list. */
function refuseForce(forceInsert: unknown): void {
  if (typeof forceInsert === 'boolean' || Array.isArray(forceInsert)) return;
  throw new TypeError('forceInsert must be a bool or tuple.');
}

/** The models that `forceInsert` names. @throws TypeError for what is no parent. */
function insertedBases(cls: ModelClass, forceInsert: boolean | readonly ModelClass[]): readonly Options[] {
  if (typeof forceInsert === 'boolean') return NO_BASES;
  refuseForce(forceInsert);
  return (forceInsert as readonly ModelClass[]).map((base) => {
    if (typeof base !== 'function' || !('_meta' in base)) {
      throw new TypeError(`Invalid forceInsert member. ${repr(base)} must be a model subclass.`);
    }
    if (!cls._meta.isKindOf(base._meta)) {
      throw new TypeError(`Invalid forceInsert member. ${base.name} must be a base of ${cls.name}.`);
    }
    return base._meta;
  });
}

const NO_BASES: readonly Options[] = [];

/** The fields of these names. @throws ValueError for what `updateFields` cannot name. */
function fieldsNamed(model: Options, names: ReadonlySet<string>): ReadonlySet<Field> {
  const fields = new Set<Field>();
  const unknown: string[] = [];
  for (const name of names) {
    const field = findNamed(model, name);
    if (field !== undefined && 'column' in field && isUpdatable(model, field)) fields.add(field);
    else unknown.push(name);
  }
  if (unknown.length === 0) return fields;
  throw new ValueError(
    'The following fields do not exist in this model, are m2m fields, primary keys, or are non-concrete fields: ' +
      unknown.join(', '),
  );
}

function isUpdatable(model: Options, field: Field): boolean {
  return !model.pkFields.includes(field) && !field.primaryKey && model.concreteFields.includes(field);
}
