/** What `check` says of models. Django: `Model.check`, `django.core.checks.model_checks`. */

import { settings } from '../../../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import { repr } from '../../../python';
import type { ModelClass } from '../base';
import { modelKey } from '../model_key';
import type { Options } from '../options';
import { checkMeta } from './meta';
import { checkAccessors, checkColumnLengths, checkNames } from './names';

export { checkField } from './fields';
export { checkLazyReferences } from './lazy_references';

type Found = Iterable<CheckMessage>;

/** What is wrong with a model, as far as the code of this process tells; `prototype` is its class's. */
export function* checkModel(
  model: Options,
  databases: readonly string[] = [],
  prototype: object = {},
): Found {
  yield* checkSwappable(model);
  if (model.proxy && (model.localFields.length > 0 || model.localManyToMany.length > 0)) {
    yield new CheckError(`Proxy model '${model.objectName}' contains model fields.`, { id: 'models.E017' });
  }
  if (model.swapped !== undefined) return;
  for (const field of [...model.localFields, ...model.localManyToMany]) yield* field.check({ databases });
  yield* checkSameThrough(model);
  yield* checkColumnLengths(model, databases);
  yield* checkNames(model);
  yield* checkAccessors(model, prototype);
  yield* checkMeta(model, databases);
}

function* checkSwappable({ meta, swapped, registry }: Options): Found {
  if (swapped === undefined) return;
  if (!/^[^.]+\.[^.]+$/.test(swapped)) {
    yield new CheckError(`'${meta.swappable}' is not of the form 'app_label.app_name'.`, {
      id: 'models.E001',
    });
  } else if (registry.find(modelKey(swapped)) === undefined) {
    yield new CheckError(
      `'${meta.swappable}' references '${swapped}', which has not been installed, or is abstract.`,
      { id: 'models.E002' },
    );
  }
}

/** Two relations that are the same. */
function* checkSameThrough(model: Options): Found {
  const seen = new Set<string>();
  for (const field of model.localManyToMany) {
    const { through, throughFields } = field.options;
    if (through === undefined) continue;
    const signature = JSON.stringify([field.toKey, String(through), throughFields]);
    if (seen.has(signature)) {
      yield new CheckError(
        `The model has two identical many-to-many relations through the intermediate model '${field.through.label}'.`,
        { obj: model, id: 'models.E003' },
      );
    }
    seen.add(signature);
  }
}

/** What is wrong with models, and with all of them together: tables, indexes and constraints of one name. */
export function* checkModels(classes: readonly ModelClass[], databases: readonly string[] = []): Found {
  const models = classes.map((cls) => cls._meta);
  for (const cls of classes) {
    if (typeof cls.check === 'function') yield* cls.check({ databases });
    else {
      yield new CheckError(
        `The '${cls.name}.check()' class method is currently overridden by ${repr(cls.check as unknown)}.`,
        { obj: cls, id: 'models.E020' },
      );
    }
  }
  yield* checkTables(models);
  yield* checkUnique('index', models, ({ indexes }) => indexes.map(({ name }) => name), [
    'models.E029',
    'models.E030',
  ]);
  yield* checkUnique('constraint', models, ({ constraints }) => constraints.map(({ name }) => name), [
    'models.E031',
    'models.E032',
  ]);
}

function byName(
  models: readonly Options[],
  of: (model: Options) => readonly string[],
): Map<string, string[]> {
  const labels = new Map<string, string[]>();
  for (const model of models) {
    for (const name of of(model)) labels.set(name, [...(labels.get(name) ?? []), model.label]);
  }
  return labels;
}

function* checkTables(models: readonly Options[]): Found {
  const own = models.filter((model) => model.managed && !model.proxy);
  for (const [table, labels] of byName(own, ({ dbTable }) => [dbTable])) {
    if (labels.length < 2) continue;
    const all = labels.join(', ');
    const msg = `db_table '${table}' is used by multiple models: ${all}.`;
    if (settings.DATABASE_ROUTERS.length === 0) yield new CheckError(msg, { obj: table, id: 'models.E028' });
    else {
      yield new Warning(msg, {
        hint: `You have configured settings.DATABASE_ROUTERS. Verify that ${all} are correctly routed to separate databases.`,
        obj: table,
        id: 'models.W035',
      });
    }
  }
}

function* checkUnique(
  what: string,
  models: readonly Options[],
  of: (model: Options) => readonly string[],
  [within, among]: readonly [string, string],
): Found {
  for (const [name, labels] of byName(models, of)) {
    if (labels.length < 2) continue;
    const all = [...new Set(labels)].sort();
    const where = all.length === 1 ? 'for model' : 'among models:';
    yield new CheckError(`${what} name '${name}' is not unique ${where} ${all.join(', ')}.`, {
      id: all.length === 1 ? within : among,
    });
  }
}
