/** The rows on the other side of a many-to-many relation. Django: `create_forward_many_to_many_manager`. */
import { ValueError } from '../../../core/exceptions';
import { type MaybePromise, type Steps, wait } from '../../../utils/maybe_promise';
import { router } from '../../router';
import { Model, type ModelClass } from '../base';
import { classOf } from '../classes';
import { FieldGroup, membersOf } from '../fields/group';
import type { ForeignObject, ManyToManyField } from '../fields/related';
import { type Relation, throughFields } from '../fields/reverse_related';
import type { Options } from '../options';
import type { QuerySet } from '../query';
import { fieldValue, isInstanceOf, modelOf, shown } from './instances';
import { mapKey } from './map_key';
import { RelatedRows, type RowsManager, together, type Values } from './rows';
import { addThrough, removeThrough } from './through';

/** One direction of a many-to-many relation. */
export interface Direction {
  /** The property of the instances. */
  readonly property: string;
  /** The way back in paths, from the other model. */
  readonly queryName: string;
  /** The foreign key of the table in between to the instances' model. */
  readonly source: ForeignObject;
  /** The one to the other model. */
  readonly target: ForeignObject;
  readonly through: Options;
  readonly reverse: boolean;
  readonly symmetrical: boolean;
}

/** The direction in which a field is declared. */
export function forwardDirection(field: ManyToManyField, relation: Relation): Direction {
  const [source, target] = throughFields(field);
  const { symmetrical, through } = field;
  return {
    property: field.property,
    queryName: relation.queryName,
    source,
    target,
    through,
    reverse: false,
    symmetrical,
  };
}

/** The other direction. */
export function reverseDirection(field: ManyToManyField, relation: Relation): Direction {
  const [target, source] = throughFields(field);
  return {
    property: relation.property,
    queryName: field.name,
    source,
    target,
    through: field.through,
    reverse: true,
    symmetrical: false,
  };
}

export class ManyRows extends RelatedRows {
  /** What the table in between has of the instance. */
  readonly key: unknown;
  override readonly through: ModelClass;

  constructor(
    instance: Model,
    readonly direction: Direction,
  ) {
    super(instance, direction.property);
    this.key = fieldValue(instance, direction.source.targetField);
    this.through = classOf(direction.through);
  }

  requireRead(): void {
    const { instance, key, direction } = this;
    if (key === null) {
      throw new ValueError(
        `"${shown(instance)}" needs to have a value for field "${direction.source.targetField.name}" before this ` +
          'many-to-many relationship can be used.',
      );
    }
    if ((instance.pk ?? null) !== null) return;
    throw new ValueError(
      `'${modelOf(instance).name}' instance needs to have a primary key value before a many-to-many relationship can ` +
        'be used.',
    );
  }

  narrow(queryset: QuerySet<Model>): QuerySet<Model> {
    const { queryName, source } = this.direction;
    const parts = source.targetField instanceof FieldGroup ? (this.key as readonly unknown[]) : [this.key];
    const conditions = source.relatedPairs.map(([, other], at) => [`${queryName}__${other.name}`, parts[at]]);
    // The next filter is on the same row in between.
    queryset._stickyFilter = true;
    return queryset.filter(Object.fromEntries(conditions) as never);
  }

  override counted(manager: RowsManager): QuerySet<Model> | undefined {
    this.requireRead();
    const { source, target } = this.direction;
    // Where the database sees to it that there is a row of the other model, its table need not be looked at.
    if (this.isPrefetched || !target.dbConstraint) return undefined;
    const rows = this.through._baseManager.using(manager.db).filter({ [source.name]: this.key } as never);
    return target.null ? rows.filter({ [`${target.name}__isnull`]: false } as never) : rows;
  }

  *add(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    this.requireWrite();
    this.forget();
    if (objs.length === 0) return;
    const { source, target, symmetrical } = this.direction;
    const steps = function* (this: ManyRows): Steps<void> {
      yield* addThrough(this, manager, source, target, objs, options);
      if (symmetrical) yield* addThrough(this, manager, target, source, objs, options);
    };
    yield* together(manager.db, () => steps.call(this));
  }

  *remove(manager: RowsManager, objs: readonly unknown[], _options: Values): Steps<void> {
    this.requireWrite();
    this.forget();
    if (objs.length === 0) return;
    yield* together(manager.db, () => removeThrough(this, manager, objs));
  }

  *clear(manager: RowsManager, _options: Values): Steps<void> {
    this.requireWrite();
    yield* together(manager.db, () => removeThrough(this, manager, undefined));
  }

  *replace(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    this.requireWrite();
    yield* together(manager.db, () => this.replacing(manager, objs, options));
  }

  private *replacing(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    if (options['clear']) {
      yield* this.clear(manager, {});
      yield* this.add(manager, objs, options);
      return;
    }
    const { target } = this.direction;
    const names = membersOf(target.targetField).map(({ attname }) => attname) as never[];
    const rows = manager.getQueryset().using(manager.db);
    const keys = names.length === 1 ? rows.flat(names[0] as never) : rows.valuesList(...names);
    const before: readonly unknown[] = yield* wait(keys.fetch() as MaybePromise<readonly unknown[]>);
    const old = new Map<unknown, unknown>(before.map((key) => [mapKey(key), key]));
    const added = objs.filter((obj) => !old.delete(mapKey(this.keyOf(obj, manager))));
    yield* this.remove(manager, [...old.values()], {});
    yield* this.add(manager, added, options);
  }

  override *created(manager: RowsManager, row: Model, options: Values): Steps<void> {
    yield* this.add(manager, [row], options);
  }

  /** What the table in between has of a row of the other model, or of its key. */
  keyOf(obj: unknown, manager: RowsManager, field = this.direction.target): unknown {
    return isInstanceOf(obj, manager.model) ? fieldValue(obj, field.targetField) : field.getPrepValue(obj);
  }

  /** The keys that were meant, each once. @throws ValueError, TypeError for what cannot be added. */
  keysOf(objs: readonly unknown[], manager: RowsManager, field: ForeignObject): Map<unknown, unknown> {
    const keys = new Map<unknown, unknown>();
    for (const obj of objs) {
      if (obj instanceof Model && !isInstanceOf(obj, manager.model)) {
        throw new TypeError(`'${manager.model._meta.objectName}' instance expected, got ${shown(obj)}`);
      }
      const key = this.keyOf(obj, manager, field);
      if (key === null && obj instanceof Model) {
        throw new ValueError(`Cannot add "${shown(obj)}": the value for field "${field.name}" is None`);
      }
      if (obj instanceof Model && !router.allowRelation(obj, this.instance)) {
        throw new ValueError(
          `Cannot add "${shown(obj)}": instance is on database "${this.instance._state.db}", value is on database ` +
            `"${obj._state.db}"`,
        );
      }
      keys.set(mapKey(key), key);
    }
    return keys;
  }
}
