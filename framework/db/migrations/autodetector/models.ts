/** Models that come, go, or are called otherwise. */

import { settings } from '../../../conf';
import type { Field } from '../../models/fields/base';
import { type ForeignKeyOptions, referenceKey } from '../../models/fields/related';
import { modelKey } from '../../models/model_key';
import {
  AddConstraint,
  AddField,
  AddIndex,
  AlterField,
  AlterOrderWithRespectTo,
  AlterUniqueTogether,
  CreateModel,
  DeleteModel,
  RemoveField,
  RenameModel,
} from '../operations';
import type { ModelState } from '../state';
import { relationAgnostic, same } from './comparison';
import type { Dependency } from './dependencies';
import {
  after,
  type Detection,
  either,
  type Key,
  partsOf,
  relationDependencies,
  sorted,
  targetOf,
  throughOf,
  without,
} from './detection';

/** Models that are old ones under other names: they are asked for, and come first. */
export async function renameModels(detection: Detection): Promise<void> {
  const { old, to, from, questioner } = detection;
  for (const key of sorted(without(detection.new.models, old.models))) {
    const [app] = partsOf(key);
    const model = detection.newModel(key);
    const fields = relationAgnostic(model.fields);
    for (const gone of without(old.models, detection.new.models)) {
      if (partsOf(gone)[0] !== app) continue;
      const before = from.models.get(gone) as ModelState;
      if (!same(fields, relationAgnostic(before.fields))) continue;
      if (!(await questioner.askRenameModel(before, model))) continue;
      const dependencies = [...model.fields.values()].flatMap((field) => relationDependencies(field, key));
      for (const [referring, relations] of detection.referring(to, key)) {
        for (const _ of relations) dependencies.push(after(referring, 'create'));
      }
      detection.add(app, new RenameModel({ oldName: before.name, newName: model.name }), dependencies);
      detection.renamedModels.set(key, gone);
      old.models.delete(gone);
      old.models.add(key);
      break;
    }
  }
}

function isRelated(field: Field, owner: Key): boolean {
  return targetOf(field, owner) !== undefined || throughOf(field, owner) !== undefined;
}

/** Models that are gone: what refers to others goes first, each by itself; the optimizer takes it together again. */
export function deleteModels(detection: Detection): void {
  const kept = either(detection.new.models, detection.new.unmanaged);
  const gone = [
    ...sorted(without(detection.old.models, kept)),
    ...sorted(without(detection.old.unmanaged, kept)),
  ];
  for (const key of gone) {
    const [app, model] = partsOf(key);
    const { name, fields, options } = detection.from.models.get(key) as ModelState;
    const related = [...fields].filter(([, field]) => isRelated(field, key)).map(([field]) => field);
    if (options.uniqueTogether?.length) {
      detection.add(app, new AlterUniqueTogether({ name: model, uniqueTogether: null }));
    }
    for (const field of related.sort())
      detection.add(app, new RemoveField({ modelName: model, name: field }));
    const dependencies: Dependency[] = [];
    for (const [referring, relations] of detection.referring(detection.from, key)) {
      for (const [field, relation] of relations) {
        dependencies.push(after(referring, 'remove', field));
        if (relation.internalType !== 'ManyToManyField') dependencies.push(after(referring, 'alter', field));
      }
    }
    for (const field of related) dependencies.push(after(key, 'remove', field));
    const user = detection.throughUsers.get(key);
    if (user !== undefined) dependencies.push(after(user, 'remove', partsOf(user)[2]));
    detection.add(app, new DeleteModel({ name }), dependencies);
  }
}

/** Where a model stands among those that are created: one that a setting may name comes first. */
function creationOrder(detection: Detection, key: Key): string {
  const swappable =
    detection.newModel(key).options.swappable !== undefined || modelKey(settings.AUTH_USER_MODEL) === key;
  const [app, model] = partsOf(key);
  return swappable ? `___${app}.___${model}` : key;
}

function created(detection: Detection): Key[] {
  const before = either(detection.old.models, detection.old.unmanaged);
  return [detection.new.models, detection.new.unmanaged].flatMap((keys) =>
    [...without(keys, before)].sort((one, other) =>
      creationOrder(detection, one) < creationOrder(detection, other) ? 1 : -1,
    ),
  );
}

/** That the models are there which a model extends, without the fields that it has itself now. */
function baseDependencies(detection: Detection, model: ModelState): Dependency[] {
  return model.bases.flatMap((base) => {
    const key = referenceKey(base, { appLabel: model.appLabel, modelName: '' });
    const [before, now] = [detection.from.models.get(key), detection.to.models.get(key)];
    const shadowed =
      before && now
        ? [...before.fields.keys()].filter((name) => !now.fields.has(name) && model.fields.has(name))
        : [];
    return [after(key, 'create'), ...shadowed.map((name) => after(key, 'remove', name))];
  });
}

/** Models that are new. What refers to others is added by itself, for these may come later. */
export function createModels(detection: Detection): void {
  for (const key of created(detection)) createModel(detection, key);
}

function createModel(detection: Detection, key: Key): void {
  const [app, modelName] = partsOf(key);
  const model = detection.newModel(key);
  const related = new Map<string, Field>();
  const dependencies = [after(key, 'remove'), ...baseDependencies(detection, model)];
  for (const [name, field] of model.fields) {
    const target = targetOf(field, key);
    if (target !== undefined && field.primaryKey) dependencies.push(after(target, 'create'));
    else if (isRelated(field, key) && !(field.options as Partial<ForeignKeyOptions>).parentLink) {
      related.set(name, field);
    }
  }
  const { indexes = [], constraints = [], uniqueTogether, orderWithRespectTo, ...options } = model.options;
  const fields = [...model.fields].filter(([name]) => !related.has(name));
  const { name, bases, managers } = model;
  detection.add(app, new CreateModel({ name, fields, options, bases, managers }), dependencies, {
    beginning: true,
  });
  if (options.managed === false) return;

  const here = after(key, 'create');
  const names = sorted(related.keys());
  for (const field of names) {
    const relation = related.get(field) as Field;
    detection.add(app, new AddField({ modelName, name: field, field: relation }), [
      ...relationDependencies(relation, key),
      here,
    ]);
  }
  if (orderWithRespectTo !== undefined) {
    detection.add(app, new AlterOrderWithRespectTo({ name: modelName, orderWithRespectTo }), [
      after(key, 'create', orderWithRespectTo),
      here,
    ]);
  }
  const complete = [...names.map((field) => after(key, 'create', field)), here];
  for (const index of indexes) detection.add(app, new AddIndex({ modelName, index }), complete);
  for (const constraint of constraints)
    detection.add(app, new AddConstraint({ modelName, constraint }), complete);
  if (uniqueTogether?.length) {
    detection.add(app, new AlterUniqueTogether({ name: modelName, uniqueTogether }), complete);
  }
  if (detection.old.proxies.has(key)) retarget(detection, key);
}

/** What referred to the model behind a proxy refers to the table that it has now. */
function retarget(detection: Detection, key: Key): void {
  for (const [referring, relations] of detection.referring(detection.to, key)) {
    const { appLabel, name: modelName } = detection.newModel(referring);
    for (const [name, field] of relations) {
      detection.add(appLabel, new AlterField({ modelName, name, field }), [after(key, 'create')]);
    }
  }
}

/** Proxies that are gone, and those that are new. */
export function changeProxies(detection: Detection): void {
  for (const key of sorted(without(detection.old.proxies, detection.new.proxies))) {
    const { appLabel, name } = detection.from.models.get(key) as ModelState;
    detection.add(appLabel, new DeleteModel({ name }));
  }
  for (const key of sorted(without(detection.new.proxies, detection.old.proxies))) {
    const model = detection.newModel(key);
    const { appLabel, name, options, bases, managers } = model;
    detection.add(appLabel, new CreateModel({ name, fields: [], options, bases, managers }), [
      after(key, 'remove'),
      ...baseDependencies(detection, model),
    ]);
  }
}
