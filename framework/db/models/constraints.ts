/** Constraints. Django: `django.db.models.constraints`; https://docs.djangoproject.com/en/5.2/ref/models/constraints/ */
import { ValueError } from '../../core/exceptions';
import type { Text } from '../../utils/functional';
import { gettextLazy as _ } from '../../utils/translation';
import type { SchemaStatements } from '../backends/base/schema_statements';
import type { Statement } from '../backends/ddl_references';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import { F } from './expressions/value';
import type { IndexArguments, Indexed } from './indexes';
import type { Options } from './options';
import { isExpression, Q } from './q';

const VIOLATED = _('Constraint “%(name)s” is violated.');

/** What every constraint takes. */
export interface ConstraintOptions {
  name: string;
  /** The code of the error that `fullClean` throws. */
  violationErrorCode?: string | null;
  /** Its text; `%(name)s` is the constraint's name. */
  violationErrorMessage?: Text | null;
}

/** What every constraint is. */
export abstract class BaseConstraint {
  readonly name: string;
  readonly violationErrorCode: string | null;
  readonly violationErrorMessage: Text;

  constructor({ name, violationErrorCode = null, violationErrorMessage }: ConstraintOptions) {
    this.name = name;
    this.violationErrorCode = violationErrorCode;
    this.violationErrorMessage = violationErrorMessage ?? VIOLATED;
  }

  /** The same with another name, and other lists of fields where it has them. */
  with(changes: { name: string }): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this, changes);
  }

  /** Whether the constraint has no message of its own. */
  get hasDefaultMessage(): boolean {
    return this.violationErrorMessage === VIOLATED;
  }
}

/** What a CheckConstraint takes. */
export interface CheckConstraintOptions extends ConstraintOptions {
  /** What is true of every row: a Q, an expression, or SQL. */
  condition?: Q | Expression | string;
  /** The name of `condition` before Django 5.1. */
  check?: Q | Expression | string;
}

/**
 * A named CHECK.
 *
 * @throws ValueError without a name; TypeError for a condition that is none.
 * @example `new models.CheckConstraint({ condition: new Q({ age__gte: 18 }), name: 'age_gte_18' })`
 */
export class CheckConstraint extends BaseConstraint {
  readonly condition: Q | Expression | string;

  constructor(options: CheckConstraintOptions) {
    super(options);
    if (!options.name) throw new ValueError('A check constraint must be named.');
    const condition = options.condition ?? options.check;
    const isCondition =
      typeof condition === 'string' ||
      condition instanceof Q ||
      (isExpression(condition) && condition.conditional);
    if (!isCondition) {
      throw new TypeError('CheckConstraint.condition must be a Q instance or boolean expression.');
    }
    this.condition = condition as Q | Expression | string;
  }
}

/** When a constraint is looked at. */
export const Deferrable = {
  /** At the end of the transaction. */
  DEFERRED: 'deferred',
  /** After each statement, unless the transaction says otherwise. */
  IMMEDIATE: 'immediate',
} as const;
/** One of `Deferrable`. */
export type Deferrable = (typeof Deferrable)[keyof typeof Deferrable];

/** What a UniqueConstraint takes. */
export interface UniqueConstraintOptions extends ConstraintOptions {
  fields?: readonly string[];
  /** Only of the rows for which this holds (SQLite, PostgreSQL). */
  condition?: Q;
  /** When it is looked at (PostgreSQL). */
  deferrable?: Deferrable;
  /** Fields whose values the index has beside (PostgreSQL). */
  include?: readonly string[];
  /** PostgreSQL's operator class of each field. */
  opclasses?: readonly string[];
  /** False: two rows without a value are alike (PostgreSQL 15). */
  nullsDistinct?: boolean;
}

/**
 * A named UNIQUE over fields or expressions. Where a database has no such constraint, none is made.
 *
 * @throws ValueError, TypeError for what Django refuses.
 * @example
 * ```ts
 * constraints: [
 *   new models.UniqueConstraint({ fields: ['room', 'date'], name: 'one_booking', condition: new Q({ cancelled: false }) }),
 *   new models.UniqueConstraint(F('name').slice(0, 3), { name: 'short_name' }),
 * ]
 * ```
 */
export class UniqueConstraint extends BaseConstraint {
  readonly fields: readonly string[];
  readonly expressions: readonly Expression[];
  readonly condition: Q | undefined;
  readonly deferrable: Deferrable | undefined;
  readonly include: readonly string[];
  readonly opclasses: readonly string[];
  readonly nullsDistinct: boolean | undefined;

  constructor(...args: IndexArguments<UniqueConstraintOptions>) {
    const options = args[args.length - 1] as UniqueConstraintOptions;
    const expressions = args.slice(0, -1) as Indexed[];
    super(options);
    refuseUnique(options, expressions);
    this.fields = [...(options.fields ?? [])];
    this.expressions = expressions.map((each) => (typeof each === 'string' ? F(each) : each));
    this.condition = options.condition;
    this.deferrable = options.deferrable;
    this.include = [...(options.include ?? [])];
    this.opclasses = [...(options.opclasses ?? [])];
    this.nullsDistinct = options.nullsDistinct;
  }

  /** Whether it is an index, for a constraint says nothing of conditions and expressions. */
  get isIndex(): boolean {
    return (
      this.condition !== undefined ||
      this.include.length > 0 ||
      this.opclasses.length > 0 ||
      this.expressions.length > 0
    );
  }
}

const DEFERRABLES: ReadonlySet<unknown> = new Set(Object.values(Deferrable));

/** @throws ValueError, TypeError for what cannot be a constraint. */
function refuseUnique(options: UniqueConstraintOptions, expressions: readonly Indexed[]): void {
  const { name, fields = [], condition, deferrable, include, opclasses = [], nullsDistinct } = options;
  const refuse = (
    wrong: unknown,
    message: string,
    Kind: new (message: string) => Error = ValueError,
  ): void => {
    if (wrong) throw new Kind(message);
  };
  const hasExpressions = expressions.length > 0;
  refuse(!name, 'A unique constraint must be named.');
  refuse(
    !hasExpressions && fields.length === 0,
    'At least one field or expression is required to define a unique constraint.',
  );
  refuse(
    hasExpressions && fields.length > 0,
    'UniqueConstraint.fields and expressions are mutually exclusive.',
  );
  refuse(
    condition !== undefined && !(condition instanceof Q),
    'UniqueConstraint.condition must be a Q instance.',
  );
  refuse(condition && deferrable, 'UniqueConstraint with conditions cannot be deferred.');
  refuse(
    include && include.length > 0 && deferrable,
    'UniqueConstraint with include fields cannot be deferred.',
  );
  refuse(opclasses.length > 0 && deferrable, 'UniqueConstraint with opclasses cannot be deferred.');
  refuse(hasExpressions && deferrable, 'UniqueConstraint with expressions cannot be deferred.');
  refuse(
    hasExpressions && opclasses.length > 0,
    'UniqueConstraint.opclasses cannot be used with expressions. ' +
      'Use django.contrib.postgres.indexes.OpClass() instead.',
  );
  refuse(
    deferrable !== undefined && !DEFERRABLES.has(deferrable),
    `UniqueConstraint.deferrable must be a Deferrable instance.`,
    TypeError,
  );
  refuse(
    include !== undefined && !Array.isArray(include),
    'UniqueConstraint.include must be a list or tuple.',
    TypeError,
  );
  refuse(!Array.isArray(opclasses), 'UniqueConstraint.opclasses must be a list or tuple.', TypeError);
  refuse(
    nullsDistinct !== undefined && typeof nullsDistinct !== 'boolean',
    'UniqueConstraint.nulls_distinct must be a bool.',
    TypeError,
  );
  refuse(
    opclasses.length > 0 && fields.length !== opclasses.length,
    'UniqueConstraint.fields and UniqueConstraint.opclasses must have the same number of elements.',
  );
}

/**
 * A constraint that says itself what its SQL is: of a database that has others.
 * https://docs.djangoproject.com/en/5.2/ref/models/constraints/
 */
export abstract class CustomConstraint extends BaseConstraint {
  /** What stands within CREATE TABLE; null where it is a statement of its own, or there is none. */
  abstract constraintSql(model: Options, editor: SchemaStatements): string | null;
  /** What makes it for a table that is there; null where there is none. */
  abstract createSql(model: Options, editor: SchemaStatements): Statement | null;
  /** What drops it; null where there is none. */
  abstract removeSql(model: Options, editor: SchemaStatements): Statement | null;
  /** What makes the same again. */
  abstract deconstruct(): readonly [
    path: string,
    args: readonly unknown[],
    options: Readonly<Record<string, unknown>>,
  ];
  /** Whether an instance keeps it, as far as fields are looked at. */
  abstract holds(instance: Model, exclude: ReadonlySet<string>, using: string | undefined): Promise<boolean>;
}

/** A constraint of a model. */
export type Constraint = UniqueConstraint | CheckConstraint | CustomConstraint;
