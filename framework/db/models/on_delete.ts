/**
 * What becomes of rows when the one that they refer to is deleted: the values of `onDelete`. Django:
 * `django.db.models.deletion`; https://docs.djangoproject.com/en/5.2/ref/models/fields/#django.db.models.ForeignKey.on_delete
 */
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { IntegrityError } from '../errors';
import type { Model } from './base';
import type { Collector, Rows } from './deletion';
import type { ForeignObject } from './fields/related';

/** What a database does itself when a row is deleted. */
export type DatabaseAction = 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

/** A value of `onDelete`; a function of one's own tells the collector what becomes of the rows that refer. */
export interface OnDelete {
  (collector: Collector, field: ForeignObject, rows: Rows, using: string): MaybePromise<void>;
  readonly name: string;
  /** The rows need not be read: they come as the query that finds them. */
  readonly lazy?: boolean;
  /** Nothing is asked for such a field, for the database does it, or nobody. */
  readonly skipsCollection?: boolean;
  /** What the table's constraint says. */
  readonly databaseAction?: DatabaseAction;
  /** What stands in for the database where rows are to be collected, to show them. */
  readonly forcedCollector?: OnDelete;
  /** What SET was given. */
  readonly value?: unknown;
}

/** Rows cannot be deleted, for others refer to them through fields with PROTECT. */
export class ProtectedError extends IntegrityError {
  constructor(
    message: string,
    /** The rows that refer. */
    readonly protectedObjects: ReadonlySet<Model>,
  ) {
    super(message);
  }
}

/** Rows cannot be deleted, for others that stay refer to them through fields with RESTRICT. */
export class RestrictedError extends IntegrityError {
  constructor(
    message: string,
    /** The rows that refer. */
    readonly restrictedObjects: ReadonlySet<Model>,
  ) {
    super(message);
  }
}

/** The rows are deleted, too. */
export const CASCADE: OnDelete = function CASCADE(collector, field, rows) {
  if (field.null && !collector.connection.features.canDeferConstraintChecks) {
    collector.addFieldUpdate(field, null, rows);
  }
  return collector.collect(rows, {
    source: field.remoteModel,
    nullable: field.null,
    failOnRestricted: false,
    field,
  });
};

/** The deletion fails: ProtectedError. */
export const PROTECT: OnDelete = function PROTECT(_collector, field, rows) {
  throw new ProtectedError(
    `Cannot delete some instances of model '${field.remoteModel.objectName}' because they are referenced through ` +
      `a protected foreign key: '${field.model.objectName}.${field.name}'`,
    new Set(rows as readonly Model[]),
  );
};

/** The deletion fails (RestrictedError) unless the rows are deleted by it, too, along another way. */
export const RESTRICT: OnDelete = function RESTRICT(collector, field, rows) {
  collector.addRestrictedObjects(field, rows as readonly Model[]);
  collector.addDependency(field.remoteModel, field.model);
};

/** The rows refer to nothing; the field has `null: true`. */
export const SET_NULL: OnDelete = Object.assign(
  function SET_NULL(collector: Collector, field: ForeignObject, rows: Rows): void {
    collector.addFieldUpdate(field, null, rows);
  },
  { lazy: true },
);

/** The rows refer to the field's default. */
export const SET_DEFAULT: OnDelete = Object.assign(
  function SET_DEFAULT(collector: Collector, field: ForeignObject, rows: Rows): void {
    collector.addFieldUpdate(field, field.getDefault(), rows);
  },
  { lazy: true },
);

/**
 * The rows refer to this value: a key or a row, or a function that gives one.
 *
 * @example
 * ```ts
 * @models.ForeignKey(() => Author, { onDelete: models.SET(() => Author.objects.get({ name: 'Nobody' })) })
 * declare author: models.Related<Author>;
 * ```
 */
export function SET(value: unknown): OnDelete {
  if (typeof value !== 'function') {
    const set = (collector: Collector, field: ForeignObject, rows: Rows): void =>
      collector.addFieldUpdate(field, value, rows);
    return named(set, { value, lazy: true });
  }
  const set = (collector: Collector, field: ForeignObject, rows: Rows): MaybePromise<void> =>
    then((value as () => MaybePromise<unknown>)(), (found) => collector.addFieldUpdate(field, found, rows));
  return named(set, { value });
}

function named(
  handler: (...args: Parameters<OnDelete>) => MaybePromise<void>,
  properties: Partial<OnDelete>,
): OnDelete {
  Object.defineProperty(handler, 'name', { value: 'SET' });
  return Object.assign(handler, properties) as OnDelete;
}

/** Nothing happens; the database refuses the deletion unless its own constraint says otherwise. */
export const DO_NOTHING: OnDelete = databaseDoes('DO_NOTHING');
/** The database deletes the rows; no signals are sent for them. */
export const DB_CASCADE: OnDelete = databaseDoes('DB_CASCADE', 'CASCADE', CASCADE);
/** The database sets the column to its default (`dbDefault`). Not on MySQL. */
export const DB_SET_DEFAULT: OnDelete = databaseDoes('DB_SET_DEFAULT', 'SET DEFAULT');
/** The database sets the column to NULL; the field has `null: true`. */
export const DB_SET_NULL: OnDelete = databaseDoes('DB_SET_NULL', 'SET NULL');

function databaseDoes(name: string, databaseAction?: DatabaseAction, forcedCollector?: OnDelete): OnDelete {
  const handler = Object.defineProperty(() => undefined, 'name', { value: name });
  return Object.assign(handler, {
    skipsCollection: true,
    ...(databaseAction && { databaseAction }),
    ...(forcedCollector && { forcedCollector }),
  });
}

const HANDLERS = {
  CASCADE,
  DB_CASCADE,
  DB_SET_DEFAULT,
  DB_SET_NULL,
  DO_NOTHING,
  PROTECT,
  RESTRICT,
  SET_DEFAULT,
  SET_NULL,
} as const;

/** The names of those that take nothing. */
export type OnDeleteName = keyof typeof HANDLERS;

/** The handler of a name; a handler as it is. @throws TypeError for anything else. */
export function onDeleteOf(given: OnDelete | OnDeleteName): OnDelete {
  if (typeof given === 'function') return given;
  if (Object.hasOwn(HANDLERS, given)) return HANDLERS[given];
  throw new TypeError(`onDelete must be callable: one of models.${Object.keys(HANDLERS).join(', models.')}.`);
}
