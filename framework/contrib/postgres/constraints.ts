/** Constraints that PostgreSQL alone has. Django: `django.contrib.postgres.constraints`. */
import { ValueError } from '../../core/exceptions';
import { deferrableSql, type SchemaStatements } from '../../db/backends/base/schema_statements';
import { Statement } from '../../db/backends/ddl_references';
import { type ConstraintOptions, CustomConstraint, Deferrable } from '../../db/models/constraints';
import { F } from '../../db/models/expressions/value';
import type { Indexed } from '../../db/models/indexes';
import type { Options } from '../../db/models/options';
import { Q } from '../../db/models/q';
import { conditionDefinition, type Definition, indexDefinition } from '../../db/models/sql/ddl';

/** What an ExclusionConstraint takes. */
export interface ExclusionConstraintOptions extends ConstraintOptions {
  /** Expressions, each with the operator that may not hold of it and another row's for all of them. */
  expressions: readonly (readonly [expression: Indexed, operator: string])[];
  /** `GIST` or `SPGIST`. */
  indexType?: string;
  /** Only of the rows for which this holds. */
  condition?: Q;
  /** When it is looked at. */
  deferrable?: Deferrable;
  /** Fields whose values the index has beside. */
  include?: readonly string[];
}

const INDEX_TYPES: ReadonlySet<string> = new Set(['gist', 'spgist']);
/** An operator is signs, or a word: it stands in the SQL as it is. */
const OPERATOR = /^(?:[-+*/<>=~!@#%^&|`?]{1,63}|[A-Za-z_.]{1,63})$/;

/**
 * No two rows of which all of the operators hold: no bookings of a room that overlap. Made on PostgreSQL; `fullClean` does
 * not look at it, the database does.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/constraints/
 *
 * @throws ValueError for what Django refuses.
 * @example
 * ```ts
 * new ExclusionConstraint({
 *   name: 'no_overlap',
 *   expressions: [['timespan', RangeOperators.OVERLAPS], ['room', RangeOperators.EQUAL]],
 *   condition: new Q({ cancelled: false }),
 * })
 * ```
 */
export class ExclusionConstraint extends CustomConstraint {
  readonly expressions: ExclusionConstraintOptions['expressions'];
  readonly indexType: string;
  readonly condition: Q | undefined;
  readonly deferrable: Deferrable | undefined;
  readonly include: readonly string[];

  constructor(options: ExclusionConstraintOptions) {
    super(options);
    const { expressions, indexType = 'GIST', condition, deferrable, include = [] } = options;
    if (!INDEX_TYPES.has(indexType.toLowerCase())) {
      throw new ValueError('Exclusion constraints only support GiST or SP-GiST indexes.');
    }
    if (!expressions?.length) {
      throw new ValueError('At least one expression is required to define an exclusion constraint.');
    }
    if (!expressions.every((each) => Array.isArray(each) && each.length === 2)) {
      throw new ValueError('The expressions must be a list of 2-tuples.');
    }
    for (const [, operator] of expressions) {
      if (!OPERATOR.test(operator))
        throw new ValueError(`Invalid operator of an exclusion constraint: '${operator}'.`);
    }
    if (condition !== undefined && !(condition instanceof Q)) {
      throw new ValueError('ExclusionConstraint.condition must be a Q instance.');
    }
    if (deferrable !== undefined && !Object.values(Deferrable).includes(deferrable)) {
      throw new ValueError('ExclusionConstraint.deferrable must be a Deferrable instance.');
    }
    if (!Array.isArray(include)) throw new ValueError('ExclusionConstraint.include must be a list or tuple.');
    this.expressions = expressions;
    // However it is written, it is the same.
    this.indexType = indexType.toLowerCase() === 'gist' ? 'GIST' : indexType;
    this.condition = condition;
    this.deferrable = deferrable;
    this.include = [...include];
  }

  constraintSql(model: Options, editor: SchemaStatements): string | null {
    return editor.connection.vendor === 'postgresql' ? this.statement('', model, editor).toString() : null;
  }

  createSql(model: Options, editor: SchemaStatements): Statement | null {
    if (editor.connection.vendor !== 'postgresql') return null;
    return this.statement('ALTER TABLE %(table)s ADD ', model, editor);
  }

  removeSql(model: Options, editor: SchemaStatements): Statement | null {
    if (editor.connection.vendor !== 'postgresql') return null;
    return editor.deleteSql(editor.templates.deleteConstraint, model, this.name);
  }

  /** A statement that follows what it names through renames. */
  private statement(start: string, model: Options, editor: SchemaStatements): Statement {
    const { connection } = editor;
    const definitions = this.expressions.map(([each]) =>
      indexDefinition(model, typeof each === 'string' ? F(each) : each, connection),
    );
    const condition = this.condition && conditionDefinition(model, this.condition, connection);
    const include = this.include.map((name) => model.getField(name).column);
    const all: Definition[] = condition === undefined ? definitions : [...definitions, condition];
    const named = [...include, ...all.flatMap(({ columns }) => [...columns])];
    return new Statement(
      `${start}CONSTRAINT %(name)s EXCLUDE USING ${this.indexType} (%(expressions)s)%(include)s%(where)s%(deferrable)s`,
      {
        subject: { table: model.dbTable, columns: [...named] },
        parts: ({ table, columns }) => {
          const renamed = new Map(named.map((column, at) => [column, columns[at] ?? column]));
          const beside = columns.slice(0, include.length);
          return {
            table: editor.quoteName(table),
            name: editor.quoteName(this.name),
            expressions: definitions
              .map(({ sql }, at) => `${sql(renamed)} WITH ${this.expressions[at]?.[1] ?? ''}`)
              .join(', '),
            include: beside.length > 0 ? ` INCLUDE (${editor.quoteColumns(beside)})` : '',
            where: condition === undefined ? '' : ` WHERE (${condition.sql(renamed)})`,
            deferrable: deferrableSql(this),
          };
        },
      },
    );
  }

  deconstruct(): readonly [string, readonly unknown[], Readonly<Record<string, unknown>>] {
    const { name, expressions, indexType, condition, deferrable, include } = this;
    const { violationErrorCode, violationErrorMessage } = this;
    return [
      'tsango/contrib/postgres/constraints/ExclusionConstraint',
      [],
      {
        name,
        expressions,
        ...(condition !== undefined && { condition }),
        ...(indexType.toLowerCase() !== 'gist' && { indexType }),
        ...(deferrable !== undefined && { deferrable }),
        ...(include.length > 0 && { include }),
        ...(violationErrorCode !== null && { violationErrorCode }),
        ...(!this.hasDefaultMessage && { violationErrorMessage }),
      },
    ];
  }

  /** The database looks at it. */
  async holds(): Promise<boolean> {
    return true;
  }
}

/** The operators of ranges. Django: `django.contrib.postgres.fields.RangeOperators`. */
export const RangeOperators = {
  EQUAL: '=',
  NOT_EQUAL: '<>',
  CONTAINS: '@>',
  CONTAINED_BY: '<@',
  OVERLAPS: '&&',
  FULLY_LT: '<<',
  FULLY_GT: '>>',
  NOT_LT: '&>',
  NOT_GT: '&<',
  ADJACENT_TO: '-|-',
} as const;
