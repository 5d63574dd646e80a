/** What of Meta changed. */
import {
  AlterModelManagers,
  AlterModelOptions,
  AlterModelTable,
  AlterModelTableComment,
  AlterOrderWithRespectTo,
  AlterUniqueTogether,
} from '../operations';
import type { ModelState } from '../state';
import { managersMaking, same } from './comparison';
import type { Dependency } from './dependencies';
import {
  after,
  both,
  type Detection,
  either,
  type Key,
  partsOf,
  relationDependencies,
  sorted,
} from './detection';

/** What the tables know nothing of. */
export function alterOptions(detection: Detection): void {
  const { old, new: now } = detection;
  const keys = either(
    detection.keptOfAnyKind,
    both(old.unmanaged, now.models),
    both(old.models, now.unmanaged),
  );
  for (const key of sorted(keys)) {
    const [app, name] = partsOf(key);
    const options = ofInterest(detection.newModel(key));
    if (!same(ofInterest(detection.oldModel(key)), options)) {
      detection.add(app, new AlterModelOptions({ name, options }));
    }
  }
}

function ofInterest({ options }: ModelState): ModelState['options'] {
  const entries = AlterModelOptions.OPTIONS.map((name) => [name, options[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Managers that migrations use. */
export function alterManagers(detection: Detection): void {
  for (const key of sorted(detection.kept)) {
    const [app, name] = partsOf(key);
    const { managers } = detection.newModel(key);
    if (!same(managersMaking(detection.oldModel(key).managers), managersMaking(managers))) {
      detection.add(app, new AlterModelManagers({ name, managers }));
    }
  }
}

/** The comments of tables. */
export function alterTableComments(detection: Detection): void {
  for (const key of sorted(detection.keptOfAnyKind)) {
    const [app, name] = partsOf(key);
    const tableComment = detection.newModel(key).options.dbTableComment ?? null;
    if ((detection.oldModel(key).options.dbTableComment ?? null) !== tableComment) {
      detection.add(app, new AlterModelTableComment({ name, tableComment }));
    }
  }
}

/** The names of tables. */
export function alterTables(detection: Detection): void {
  for (const key of sorted(detection.keptOfAnyKind)) {
    const [app, name] = partsOf(key);
    const table = detection.newModel(key).options.dbTable ?? null;
    if ((detection.oldModel(key).options.dbTable ?? null) !== table) {
      detection.add(app, new AlterModelTable({ name, table }));
    }
  }
}

/** With respect to what rows have an order. */
export function alterOrders(detection: Detection): void {
  for (const key of sorted(detection.kept)) {
    const [app, name] = partsOf(key);
    const orderWithRespectTo = detection.newModel(key).options.orderWithRespectTo ?? null;
    if ((detection.oldModel(key).options.orderWithRespectTo ?? null) === orderWithRespectTo) continue;
    detection.add(
      app,
      new AlterOrderWithRespectTo({ name, orderWithRespectTo }),
      orderWithRespectTo === null ? [] : [after(key, 'create', orderWithRespectTo)],
    );
  }
}

type Group = readonly string[];

interface TogetherChange {
  readonly key: Key;
  readonly before: readonly Group[];
  readonly now: readonly Group[];
  /** Those that stay. */
  readonly kept: readonly Group[];
  readonly dependencies: readonly Dependency[];
}

const has = (groups: readonly Group[], group: Group): boolean =>
  groups.some((each) => each.length === group.length && each.every((name, at) => name === group[at]));

function* togetherChanges(detection: Detection): Generator<TogetherChange> {
  for (const key of sorted(detection.kept)) {
    const model = detection.newModel(key);
    // A rename is not looked through: its groups are said again, as Django does.
    const before = detection.oldModel(key).options.uniqueTogether ?? [];
    const now = model.options.uniqueTogether ?? [];
    const kept = now.filter((group) => has(before, group));
    if (kept.length === before.length && kept.length === now.length) continue;
    const dependencies = now.flat().flatMap((name) => relationDependencies(model.getField(name), key));
    yield { key, before, now, kept, dependencies };
  }
}

/** Groups of unique fields that are gone: before the fields are. */
export function removeTogether(detection: Detection): void {
  for (const { key, before, kept, dependencies } of togetherChanges(detection)) {
    const [app, name] = partsOf(key);
    if (before.length > 0)
      detection.add(app, new AlterUniqueTogether({ name, uniqueTogether: kept }), dependencies);
  }
}

/** Groups of unique fields that are new: after the fields are there. */
export function alterTogether(detection: Detection): void {
  for (const { key, now, kept, dependencies } of togetherChanges(detection)) {
    const [app, name] = partsOf(key);
    if (kept.length !== now.length) {
      detection.add(app, new AlterUniqueTogether({ name, uniqueTogether: now }), dependencies);
    }
  }
}
