/**
 * The one related row of an instance, whichever side says which it is: the row where it is loaded, and a promise that asks
 * for it when somebody waits where it is not.
 */
import { type ObjectDoesNotExist, ValueError } from '../../../core/exceptions';
import { LazyPromise } from '../../../utils/lazy_promise';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { once } from '../../../utils/module_loading';
import { router } from '../../router';
import type { Model, ModelClass } from '../base';
import { classOf } from '../classes';
import type { Fetcher } from '../fetch_modes';
import { fetchFor, whileUnderway } from '../fetching';
import { keepWith, peekState, stateOf } from '../model_state';
import type { Options } from '../options';
import type { QuerySet } from '../query';
import { type AnyCondition, conditionAmong, conditionOn } from '../related_managers/conditions';
import { mapKey } from '../related_managers/map_key';
import type { Field } from './base';
import type { FieldCache } from './mixins';

const baseModule = once(() => require('../base') as typeof import('../base'));

/** So many keys are asked for in one statement. */
const MAX_KEYS = 10_000;

/** What both sides have in common. */
export abstract class SingleRowDescriptor implements Fetcher {
  private error: typeof ObjectDoesNotExist | undefined;

  /** The name in messages. */
  abstract readonly name: string;
  /** What instances keep of it. */
  abstract readonly cache: FieldCache;
  /** What the related rows keep of the instance. */
  abstract readonly opposite: FieldCache | undefined;
  /** The model of the related row. */
  abstract readonly relatedModel: Options;
  /** The field of an instance that says which row is related. */
  abstract readonly localField: Field;
  /** The field of the related row that has the same value. */
  abstract readonly remoteField: Field;

  abstract get(instance: Model): Model | null | Promise<Model | null>;
  abstract set(instance: Model, value: unknown): void;
  /** What stands for a related row that is not there. @throws RelatedObjectDoesNotExist. */
  protected abstract none(instance: Model): null;
  /** Keeps what a query for one row gave. @throws DoesNotExist. */
  protected abstract keepOne(instance: Model, found: Model | undefined): void;

  /** What is thrown where there has to be a related row and is none. */
  get RelatedObjectDoesNotExist(): typeof ObjectDoesNotExist {
    if (this.error === undefined) {
      const base = classOf(this.relatedModel).DoesNotExist;
      this.error = Object.defineProperty(class extends base {}, 'name', {
        value: 'RelatedObjectDoesNotExist',
      });
    }
    return this.error;
  }

  /** The related row, now or promised. */
  load(instance: Model): MaybePromise<Model | null> {
    const known = this.cache.get(instance);
    if (known !== undefined) return known ?? this.none(instance);
    const key = this.keyOf(instance);
    const missing = missingPart(key);
    if (missing !== undefined) return then(missing.now(), () => this.load(instance));
    if (key === null) return this.none(instance);
    return then(fetchFor(this, instance), () => this.load(instance));
  }

  protected lazily(instance: Model): Promise<Model | null> {
    return new LazyPromise(() => this.load(instance));
  }

  /** What says which row is related; a promise of it where that was not loaded. */
  protected keyOf(instance: object): unknown {
    return this.localField.valueIn(instance);
  }

  isMissing(instance: object): boolean {
    const key = this.keyOf(instance);
    return key !== null && missingPart(key) === undefined && !this.cache.has(instance);
  }

  fetchOne(instance: object): MaybePromise<void> {
    const key = this.keyOf(instance);
    const rows = this.queryFor(instance, conditionOn(this.remoteField, key));
    const work = then(rows.fetch(), ([found]) => {
      if (mapKey(this.keyOf(instance)) === mapKey(key)) this.keepOne(instance as Model, found);
    });
    return whileUnderway(this.name, [instance], work);
  }

  fetchMany(instances: readonly object[], among: readonly object[]): MaybePromise<void> {
    const keys = new Map<unknown, unknown>();
    const asked = instances.map((instance) => {
      const key = this.keyOf(instance);
      keys.set(mapKey(key), key);
      return key;
    });
    const [one] = instances as readonly [object];
    const work = then(this.rowsWith(one, [...keys.values()]), (rows) => {
      keepWith(among, rows);
      const byKey = new Map(rows.map((row) => [mapKey(this.remoteField.valueIn(row)), row]));
      instances.forEach((instance, at) => {
        const key = mapKey(asked[at]);
        if (mapKey(this.keyOf(instance)) === key) this.keep(instance, byKey.get(key) ?? null);
      });
    });
    return whileUnderway(this.name, instances, work);
  }

  /** Makes both know each other. */
  protected keep(instance: object, found: Model | null): void {
    this.cache.set(instance, found);
    if (found !== null) this.opposite?.set(found, instance);
  }

  private rowsWith(instance: object, keys: readonly unknown[]): MaybePromise<readonly Model[]> {
    const some = conditionAmong(this.remoteField, keys.slice(0, MAX_KEYS));
    const rows = this.queryFor(instance, some).fetch();
    if (keys.length <= MAX_KEYS) return rows;
    return then(rows, (first) =>
      then(this.rowsWith(instance, keys.slice(MAX_KEYS)), (rest) => [...first, ...rest]),
    );
  }

  /** The related rows, on the database that the instance came from. */
  private queryFor(instance: object, condition: AnyCondition): QuerySet<Model> {
    const { fetchMode } = peekState(instance);
    const rows = classOf(this.relatedModel)._baseManager.fetchMode(fetchMode).complexFilter(condition);
    rows._hints = { instance };
    return rows._unordered();
  }

  /** @throws ValueError for what is no row of the model. */
  protected check(value: unknown, model: Options, label: string): asserts value is Model {
    if (isRow(value) && metaOf(value).isKindOf(model.concreteModel)) return;
    const given = value instanceof LazyPromise ? 'a promise: await it first' : reprOf(value);
    throw new ValueError(`Cannot assign "${given}": "${label}" must be a "${model.objectName}" instance.`);
  }
}

/** A new row joins the database of one that it is related to. @throws ValueError where rows may not be related. */
export function requireAllowed(instance: Model, value: Model): void {
  const own = peekState(instance).db;
  const others = peekState(value).db;
  if (own === others && router.routers.length === 0) return;
  if (own === undefined) {
    stateOf(instance).db = router.dbForWrite(instance.constructor as unknown as ModelClass, {
      instance: value,
    });
  }
  if (others === undefined) {
    stateOf(value).db = router.dbForWrite(value.constructor as unknown as ModelClass, { instance });
  }
  if (router.allowRelation(value, instance)) return;
  throw new ValueError(
    `Cannot assign "${reprOf(value)}": the current database router prevents this relation.`,
  );
}

/** What of a key is not loaded yet. */
function missingPart(key: unknown): LazyPromise<unknown> | undefined {
  if (key instanceof LazyPromise) return key as LazyPromise<unknown>;
  if (!Array.isArray(key)) return undefined;
  return key.find((part): part is LazyPromise<unknown> => part instanceof LazyPromise);
}

function isRow(value: unknown): value is Model {
  return value instanceof baseModule().Model;
}

function metaOf(instance: Model): Options {
  return (instance.constructor as unknown as ModelClass)._meta;
}

function reprOf(value: unknown): string {
  const { repr } = require('../../../python') as typeof import('../../../python');
  return isRow(value) ? `<${value.constructor.name}: ${value.toString()}>` : repr(value);
}
