/** The rows that a deletion knows: instances, each once, and queries that find more. */
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import type { ForeignObject } from './fields/related';
import { installState, ModelState, peekState } from './model_state';
import type { Options } from './options';
import { Q } from './q';
import { mapKey } from './related_managers/map_key';
import { OR } from './sql/constants';
import type { Query } from './sql/query';

/** Rows that a query finds. A QuerySet is one. */
export interface RowSource {
  readonly model: ModelClass;
  readonly query: Query;
}

/** Instances of one model, or a query that finds them. */
export type Rows = readonly Model[] | RowSource;

export function isRowSource(rows: Rows): rows is RowSource {
  return 'query' in rows;
}

export function optionsOf(instance: Model): Options {
  return (instance.constructor as unknown as ModelClass)._meta;
}

/** The instance of a parent model that is a part of one. */
export function parentInstance(instance: Model, parent: Options): Model {
  const part = Object.create(classOf(parent).prototype) as Record<string, unknown>;
  const values = instance as unknown as Record<string, unknown>;
  const { db, fetchMode } = peekState(instance);
  installState(part, new ModelState(false, db, fetchMode));
  for (const { property } of parent.concreteFields) {
    if (Object.hasOwn(values, property)) part[property] = values[property];
  }
  return part as unknown as Model;
}

/** The rows that refer to instances through one of these fields of their model. */
export class RelatedRows implements RowSource {
  private made: Query | undefined;

  constructor(
    readonly fields: readonly [ForeignObject, ...ForeignObject[]],
    readonly targets: readonly Model[],
  ) {}

  get model(): ModelClass {
    return classOf(this.fields[0].model);
  }

  get query(): Query {
    if (this.made === undefined) {
      const children = this.fields.map((field) => [`${field.name}__in`, this.targets] as const);
      this.made = this.model._baseManager.getQueryset().query.chain();
      this.made.addQ(Q.create(children, OR));
    }
    return this.made;
  }

  /** Loads the key of the rows and these fields, and nothing else. */
  only(names: readonly string[]): this {
    this.query.deferred = [
      new Set([...this.model._meta.pkFields.map(({ attname }) => attname), ...names]),
      false,
    ];
    return this;
  }
}

/** Instances, each once: two are the same that have the same key. Django: the equality of models. */
export class InstanceSet {
  private readonly byKey = new Map<unknown, Model>();

  /** Adds an instance; says whether it is new. */
  add(instance: Model): boolean {
    const key = mapKey(instance.pk);
    if (this.byKey.has(key)) return false;
    this.byKey.set(key, instance);
    return true;
  }

  has(instance: Model): boolean {
    return this.byKey.has(mapKey(instance.pk));
  }

  get size(): number {
    return this.byKey.size;
  }

  values(): Model[] {
    return [...this.byKey.values()];
  }

  /** Without those of another. */
  without(others: InstanceSet): InstanceSet {
    const rest = new InstanceSet();
    for (const instance of this.byKey.values()) if (!others.has(instance)) rest.add(instance);
    return rest;
  }

  /** By key, the least first. */
  sorted(): Model[] {
    return this.values().sort((a, b) => compare(a.pk, b.pk));
  }
}

function compare(a: unknown, b: unknown): number {
  if ((a as number) < (b as number)) return -1;
  return (a as number) > (b as number) ? 1 : 0;
}
