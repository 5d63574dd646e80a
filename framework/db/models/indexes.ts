/** Indexes. Django: `django.db.models.indexes`; https://docs.djangoproject.com/en/5.2/ref/models/indexes/ */
import { ValueError } from '../../core/exceptions';
import type { SchemaColumns } from '../backends/base/schema_columns';
import { namesDigest, splitIdentifier } from '../backends/utils';
import type { Expression } from './expressions/base';
import { describeExpression } from './expressions/describe';
import { F } from './expressions/value';
import type { Options } from './options';
import { Q } from './q';

/** What an Index takes. */
export interface IndexOptions {
  /** The fields' names; a leading hyphen means descending. */
  fields?: readonly string[];
  /** At most 30 characters; default: made from the table, the fields and a digest. */
  name?: string;
  /** Only the rows for which this holds (SQLite, PostgreSQL). */
  condition?: Q;
  /** Fields whose values the index has beside (PostgreSQL). */
  include?: readonly string[];
  /** PostgreSQL's operator class of each field. */
  opclasses?: readonly string[];
  /** Where the index lies (PostgreSQL). */
  dbTablespace?: string | null;
}

/** What stands before the options: expressions, and names of fields. */
export type Indexed = string | Expression;

/** The arguments of an index or a constraint: expressions, then the options. */
export type IndexArguments<O> = [...expressions: Indexed[], options: O];

/** Names are as long at most as every database takes. */
export const MAX_INDEX_NAME_LENGTH = 30;

/**
 * An index of a model, over fields or expressions. Where a database has no such index, none is made.
 *
 * @throws ValueError for what Django refuses: no fields, expressions without a name, …
 * @example
 * ```ts
 * indexes: [
 *   new models.Index({ fields: ['-pubDate'], name: 'newest' }),
 *   new models.Index(F('visits').desc(), { name: 'most_read', condition: new Q({ published: true }) }),
 * ]
 * ```
 */
export class Index {
  readonly fields: readonly string[];
  readonly expressions: readonly Expression[];
  readonly condition: Q | undefined;
  readonly include: readonly string[];
  readonly opclasses: readonly string[];
  readonly dbTablespace: string | null;
  name: string;

  constructor(...args: IndexArguments<IndexOptions>) {
    const options = args[args.length - 1] as IndexOptions;
    const expressions = args.slice(0, -1) as Indexed[];
    const { fields = [], name = '', condition, include = [], opclasses = [], dbTablespace } = options;
    refuseIndex(name, options, expressions);
    this.fields = [...fields];
    this.expressions = expressions.map((each) => (typeof each === 'string' ? F(each) : each));
    this.condition = condition;
    this.include = [...include];
    this.opclasses = [...opclasses];
    this.dbTablespace = dbTablespace ?? null;
    this.name = name;
  }

  /** What indexes of this kind are made with: `gin`. Empty: the database's usual one. */
  get method(): string {
    return '';
  }

  /** What the made name ends with. */
  get suffix(): string {
    return 'idx';
  }

  /** What stands in WITH: `fillfactor = 70`. @throws NotSupportedError for what the database has not. */
  storageParameters(_editor: SchemaColumns): string[] {
    return [];
  }

  /** The fields, and whether each is in descending order. */
  get fieldOrders(): { name: string; descending: boolean }[] {
    return this.fields.map((field) =>
      field.startsWith('-') ? { name: field.slice(1), descending: true } : { name: field, descending: false },
    );
  }

  /** Gives the index the name that Django makes for it. */
  setNameWithModel(model: Options): void {
    const [, table] = splitIdentifier(model.dbTable);
    const columns = this.fieldOrders.map(({ name }) => model.getField(name).column);
    const withOrders = this.fieldOrders.map(
      ({ descending }, i) => `${descending ? '-' : ''}${columns[i] ?? ''}`,
    );
    const digest = namesDigest([table, ...withOrders, this.suffix], 6);
    this.name = `${table.slice(0, 11)}_${(columns[0] ?? '').slice(0, 7)}_${digest}_${this.suffix}`;
    if (/^[_0-9]/.test(this.name)) this.name = `D${this.name.slice(1)}`;
  }

  clone(): Index {
    return this.with({});
  }

  /** The same with something else about it. */
  with(changes: { fields?: readonly string[]; include?: readonly string[]; name?: string }): Index {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this, changes);
  }

  /** What `describe()` of an operation says of it. */
  describeFields(): string {
    return this.expressions.length > 0
      ? this.expressions.map(describeExpression).join(', ')
      : `field(s) ${this.fields.join(', ')}`;
  }
}

/** @throws ValueError for what cannot be an index. */
function refuseIndex(name: string, options: IndexOptions, expressions: readonly Indexed[]): void {
  const { fields = [], condition, include, opclasses = [] } = options;
  const refuse = (wrong: unknown, message: string): void => {
    if (wrong) throw new ValueError(message);
  };
  refuse(opclasses.length > 0 && !name, 'An index must be named to use opclasses.');
  refuse(condition !== undefined && !(condition instanceof Q), 'Index.condition must be a Q instance.');
  refuse(condition && !name, 'An index must be named to use condition.');
  refuse(!Array.isArray(fields), 'Index.fields must be a list or tuple.');
  refuse(!Array.isArray(opclasses), 'Index.opclasses must be a list or tuple.');
  refuse(
    expressions.length === 0 && fields.length === 0,
    'At least one field or expression is required to define an index.',
  );
  refuse(expressions.length > 0 && fields.length > 0, 'Index.fields and expressions are mutually exclusive.');
  refuse(expressions.length > 0 && !name, 'An index must be named to use expressions.');
  refuse(
    expressions.length > 0 && opclasses.length > 0,
    'Index.opclasses cannot be used with expressions. Use django.contrib.postgres.indexes.OpClass() instead.',
  );
  refuse(
    opclasses.length > 0 && fields.length !== opclasses.length,
    'Index.fields and Index.opclasses must have the same number of elements.',
  );
  refuse(
    fields.some((field) => typeof field !== 'string'),
    'Index.fields must contain only strings with field names.',
  );
  refuse(include !== undefined && include.length > 0 && !name, 'A covering index must be named.');
  refuse(include !== undefined && !Array.isArray(include), 'Index.include must be a list or tuple.');
}
