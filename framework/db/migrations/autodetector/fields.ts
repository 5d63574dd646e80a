/** Fields that come, go, change, or are called otherwise. */
import type { Field } from '../../models/fields/base';
import { DateField, DateTimeField, TimeField } from '../../models/fields/dates';
import { AutoField } from '../../models/fields/numbers';
import type { ForeignKeyOptions, ManyToManyOptions } from '../../models/fields/related';
import { AddField, AlterField, RemoveField, RenameField } from '../operations';
import { NOT_PROVIDED } from '../questioner';
import { makingOf, same, sameField } from './comparison';
import {
  after,
  both,
  type Detection,
  type Key,
  partsOf,
  relationDependencies,
  sorted,
  targetOf,
  throughOf,
  without,
} from './detection';

/** What fields the models that stay had and have, and whose tables the models in between are. */
export function prepareFields(detection: Detection): void {
  for (const key of detection.kept) {
    for (const name of detection.oldModel(key).fields.keys()) detection.oldFields.add(`${key}.${name}`);
    for (const name of detection.newModel(key).fields.keys()) detection.newFields.add(`${key}.${name}`);
  }
  for (const key of sorted(detection.old.models)) {
    for (const [name, field] of detection.oldModel(key).fields) {
      const through = throughOf(field, key);
      if (through === undefined) continue;
      const owner = detection.renamedModels.get(key) ?? key;
      detection.throughUsers.set(through, `${owner}.${name}`);
    }
  }
}

interface Rename {
  readonly key: Key;
  readonly model: Key;
  readonly oldName: string;
  readonly newName: string;
  /** The column's name has to be altered before. */
  readonly altered: Field | undefined;
}

const modelKeyOf = (field: Key): Key => field.slice(0, field.lastIndexOf('.'));

/** Fields that are old ones under other names: they are asked for. Their operations come later. */
export async function findRenamedFields(detection: Detection): Promise<readonly Rename[]> {
  const renames: Rename[] = [];
  const old = new Set(detection.oldFields);
  for (const key of sorted(without(detection.newFields, old))) {
    const model = modelKeyOf(key);
    const [, modelName, newName] = partsOf(key);
    const field = detection.newModel(model).getField(newName);
    for (const gone of sorted(without(old, detection.newFields))) {
      if (modelKeyOf(gone) !== model) continue;
      const [, , oldName] = partsOf(gone);
      const before = detection.oldModel(model).getField(oldName);
      if (!isRenamed(detection, before, oldName, field)) continue;
      if (!(await detection.questioner.askRename(modelName, oldName, newName, field))) continue;
      const sameColumn = (before.options.dbColumn ?? null) === (field.options.dbColumn ?? null);
      renames.push({ key, model, oldName, newName, altered: sameColumn ? undefined : field });
      old.delete(gone);
      old.add(key);
      detection.renamedFields.set(key, oldName);
      break;
    }
  }
  return renames;
}

/** Whether nothing but a field's name changed, or besides that its column kept the old one. */
function isRenamed(detection: Detection, before: Field, oldName: string, field: Field): boolean {
  const [path, args, kwargs] = makingOf(before);
  const [newPath, newArgs, newKwargs] = makingOf(field);
  if (path !== newPath || !same(args, newArgs)) return false;
  const old: Record<string, unknown> = { ...kwargs };
  for (const [now, then] of detection.renamedModels) if (old['to'] === then) old['to'] = now;
  if (same(old, newKwargs)) return true;
  return same({ ...old, dbColumn: columnOf(before, oldName) }, newKwargs);
}

/** The column of a field that is part of no model. */
function columnOf(field: Field, name: string): string {
  return field.options.dbColumn ?? ('onDelete' in field.options ? `${name}_id` : name);
}

/** Renames the fields that were found. */
export function renameFields(detection: Detection, renames: readonly Rename[]): void {
  for (const { key, model, oldName, newName, altered } of renames) {
    const [app, modelName] = partsOf(model);
    if (altered) detection.add(app, new AlterField({ modelName, name: oldName, field: altered }));
    detection.add(app, new RenameField({ modelName, oldName, newName }));
    detection.oldFields.delete(`${model}.${oldName}`);
    detection.oldFields.add(key);
  }
}

/** Fields that are gone. */
export function removeFields(detection: Detection): void {
  for (const key of sorted(without(detection.oldFields, detection.newFields))) removeField(detection, key);
}

function removeField(detection: Detection, key: Key): void {
  const [app, modelName, name] = partsOf(key);
  detection.add(app, new RemoveField({ modelName, name }), [
    after(key, 'removeOrder', name),
    after(key, 'alterTogether', name),
  ]);
}

/** Fields that are new. */
export async function addFields(detection: Detection): Promise<void> {
  for (const key of sorted(without(detection.newFields, detection.oldFields))) await addField(detection, key);
}

const isTime = (field: Field): field is DateField | DateTimeField | TimeField =>
  field instanceof DateField || field instanceof DateTimeField || field instanceof TimeField;

const isManyToMany = (field: Field): boolean => field.internalType === 'ManyToManyField';
const hasDbDefault = (field: Field): boolean => 'dbDefault' in field.options;

/** Whether the rows that exist can have the column without being given a value. */
function needsNoDefault(field: Field): boolean {
  return (
    field.null ||
    field.hasDefault ||
    hasDbDefault(field) ||
    isManyToMany(field) ||
    (field.blank && field.emptyStringsAllowed) ||
    (isTime(field) && field.options.autoNow === true) ||
    field instanceof AutoField
  );
}

async function addField(detection: Detection, key: Key): Promise<void> {
  const [app, modelName, name] = partsOf(key);
  const model = modelKeyOf(key);
  const { questioner } = detection;
  let field = detection.newModel(model).getField(name);
  const preserveDefault = needsNoDefault(field);
  if (!preserveDefault) {
    const isCreationTime = isTime(field) && field.options.autoNowAdd === true;
    const value = await (isCreationTime
      ? questioner.askAutoNowAddAddition(name, modelName)
      : questioner.askNotNullAddition(name, modelName));
    field = field.clone({ default: value });
  }
  if (field.unique && typeof field.options.default === 'function') {
    await questioner.askUniqueCallableDefaultAddition(name, modelName);
  }
  detection.add(app, new AddField({ modelName, name, field, preserveDefault }), [
    after(key, 'remove', name),
    ...relationDependencies(field, model),
    ...generatedDependencies(detection, field),
  ]);
}

/** A generated column waits for the new columns that it may be generated from. */
function generatedDependencies(detection: Detection, field: Field): ReturnType<typeof after>[] {
  if (!('expression' in field.options)) return [];
  return sorted(without(detection.newFields, detection.oldFields))
    .filter((key) => !('expression' in detection.newModel(modelKeyOf(key)).getField(partsOf(key)[2]).options))
    .map((key) => after(key, 'create', partsOf(key)[2]));
}

/** What a relation is compared as: the renaming of a model or of a field changes what refers to it by itself. */
function withOldNames(detection: Detection, field: Field, before: Field, owner: Key): Field {
  const changes: { to?: unknown; through?: unknown; toField?: unknown } = {};
  const target = targetOf(field, owner);
  const old = before.options as Partial<ForeignKeyOptions & ManyToManyOptions>;
  if (target !== undefined && before.isRelation()) {
    const { toField } = field.options as Partial<ForeignKeyOptions>;
    if (detection.renamedModels.has(target)) changes.to = old.to;
    if (toField !== undefined && detection.renamedFields.has(`${target}.${toField}`)) {
      changes.to = old.to;
      changes.toField = old.toField;
    }
  }
  const through = throughOf(field, owner);
  if (through !== undefined && detection.renamedModels.has(through)) changes.through = old.through;
  return Object.keys(changes).length > 0 ? field.clone(changes as object) : field;
}

/** Fields that are others now. */
export async function alterFields(detection: Detection): Promise<void> {
  for (const key of sorted(both(detection.oldFields, detection.newFields))) {
    const [app, modelName, name] = partsOf(key);
    const model = modelKeyOf(key);
    const oldName = detection.renamedFields.get(key) ?? name;
    const before = detection.oldModel(model).getField(oldName);
    const field = withOldNames(detection, detection.newModel(model).getField(name), before, model);
    // All that a renamed field may change besides is its column, and that was altered before.
    if (oldName !== name || sameField(before, field)) continue;
    if (isManyToMany(before) !== isManyToMany(field)) {
      removeField(detection, key);
      await addField(detection, key);
      continue;
    }
    const change = { modelName, name, ...(await withDefault(detection, before, field, name, modelName)) };
    detection.add(app, new AlterField(change), relationDependencies(field, model));
  }
}

/** The field, with what rows without a value get where the column takes no NULL any more. */
async function withDefault(
  detection: Detection,
  before: Field,
  field: Field,
  name: string,
  modelName: string,
): Promise<{ field: Field; preserveDefault?: boolean }> {
  const asks =
    before.null && !field.null && !field.hasDefault && !hasDbDefault(field) && !isManyToMany(field);
  if (!asks) return { field };
  const value = await detection.questioner.askNotNullAlteration(name, modelName);
  return value === NOT_PROVIDED
    ? { field }
    : { field: field.clone({ default: value }), preserveDefault: false };
}
