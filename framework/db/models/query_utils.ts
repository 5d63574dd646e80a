/** Fields that were not loaded with their row. Django: `DeferredAttribute` of `django.db.models.query_utils`. */
import { AttributeError } from '../../core/exceptions';
import { LazyPromise } from '../../utils/lazy_promise';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import type { Fetcher } from './fetch_modes';
import { fetchFor, whileUnderway } from './fetching';
import type { Field } from './fields/base';
import { peekState } from './model_state';
import { reload } from './refresh';

type Values = Record<string, unknown>;

/** So many keys are asked for in one statement. */
const MAX_KEYS = 10_000;

/** A field that a query left out: a promise of its value, until that is loaded or set. */
class DeferredAttribute implements Fetcher {
  constructor(private readonly field: Field) {}

  get name(): string {
    return this.field.name;
  }

  /** The value, now or promised. */
  load(instance: Model): MaybePromise<unknown> {
    const { property } = this.field;
    if (Object.hasOwn(instance, property)) return (instance as unknown as Values)[property];
    if ((instance.pk ?? null) === null) {
      throw new AttributeError(`Cannot retrieve deferred field '${property}' from an unsaved model.`);
    }
    return then(fetchFor(this, instance), () => this.load(instance));
  }

  /** The key of a parent, which a child knows by its link. */
  fromParents(instance: Model): unknown {
    if (!this.field.primaryKey) return undefined;
    const { _meta: meta } = instance.constructor as unknown as ModelClass;
    const link = meta.getAncestorLink(this.field.model);
    if (link === undefined || link === this.field) return undefined;
    const key = (instance as unknown as Values)[link.property];
    return key instanceof LazyPromise ? undefined : key;
  }

  isMissing(instance: object): boolean {
    return !Object.hasOwn(instance, this.field.property);
  }

  fetchOne(instance: object): MaybePromise<void> {
    const fields = [this.field.property];
    const { Model: Base } = require('./base') as typeof import('./base');
    const row = instance as Model;
    // A model may load more than what is asked for.
    const isOwn = row.refreshFromDb !== Base.prototype.refreshFromDb;
    const work = isOwn ? row.refreshFromDb({ fields }) : reload(row, { fields });
    return whileUnderway(this.name, [instance], work);
  }

  fetchMany(instances: readonly object[]): MaybePromise<void> {
    const { property, attname } = this.field;
    const [one] = instances as readonly [Model];
    const { db } = peekState(one);
    const byKey = new Map((instances as readonly Model[]).map((each) => [each.pk, [] as Values[]]));
    for (const each of instances) byKey.get((each as Model).pk)?.push(each as unknown as Values);
    const rows = classOf(this.field.model)._baseManager.using(db);
    const read = (keys: readonly unknown[]): MaybePromise<void> => {
      const some = rows
        .filter({ pk__in: keys.slice(0, MAX_KEYS) })
        .valuesList(...(['pk', attname] as never[]));
      some.query.clearOrdering();
      return then(some.fetch(), (found) => {
        for (const [key, value] of found as readonly (readonly unknown[])[]) {
          for (const each of byKey.get(key) ?? []) each[property] = value;
        }
        if (keys.length > MAX_KEYS) return read(keys.slice(MAX_KEYS));
      });
    };
    return whileUnderway(this.name, instances, read([...byKey.keys()]));
  }
}

/** The prototypes of rows without some of their fields. */
const prototypes = new WeakMap<object, Map<string, object>>();
const deferredBy = new WeakMap<object, readonly Field[]>();

/** What the rows of a class without these fields inherit from: the class, and promises of their values. */
export function deferredPrototype(cls: ModelClass, fields: readonly Field[]): object {
  const kept = prototypes.get(cls.prototype) ?? new Map<string, object>();
  prototypes.set(cls.prototype, kept);
  const key = fields.map(({ name }) => name).join();
  let prototype = kept.get(key);
  if (prototype === undefined) {
    prototype = Object.create(cls.prototype) as object;
    for (const field of fields) define(prototype, field.property, new DeferredAttribute(field));
    deferredBy.set(prototype, fields);
    kept.set(key, prototype);
  }
  return prototype;
}

function define(prototype: object, property: string, attribute: DeferredAttribute): void {
  // A field with a property of its own, such as a file, takes the value as it does otherwise.
  const own = setterOf(Object.getPrototypeOf(prototype) as object, property);
  Object.defineProperty(prototype, property, {
    configurable: true,
    get(this: Model): unknown {
      const known = attribute.fromParents(this);
      if (known === undefined) return new LazyPromise(() => attribute.load(this));
      (this as unknown as Values)[property] = known;
      return known;
    },
    set(this: Model, value: unknown) {
      if (own !== undefined) own.call(this, value);
      else
        Object.defineProperty(this, property, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
    },
  });
}

function setterOf(prototype: object | null, property: string): ((value: unknown) => void) | undefined {
  if (prototype === null) return undefined;
  const found = Object.getOwnPropertyDescriptor(prototype, property);
  return found === undefined
    ? setterOf(Object.getPrototypeOf(prototype) as object | null, property)
    : found.set;
}

/** The fields of an instance that are not loaded. */
export function deferredFields(instance: object): readonly Field[] {
  const fields = deferredBy.get(Object.getPrototypeOf(instance) as object);
  return fields === undefined ? [] : fields.filter(({ property }) => !Object.hasOwn(instance, property));
}

/** Forgets values of an instance: each is loaded when it is asked for. */
export function forgetFields(instance: object, fields: readonly Field[]): void {
  const known = deferredBy.get(Object.getPrototypeOf(instance) as object) ?? [];
  for (const { property } of fields) delete (instance as Record<string, unknown>)[property];
  const cls = instance.constructor as unknown as ModelClass;
  const all = cls._meta.concreteFields.filter((field) => known.includes(field) || fields.includes(field));
  Object.setPrototypeOf(instance, deferredPrototype(cls, all));
}
