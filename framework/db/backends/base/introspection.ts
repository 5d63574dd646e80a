/** What is in a database. Django: `django.db.backends.base.introspection`. */
import { DatabaseError } from '../../errors';
import type { DatabaseWrapper } from './base';

/** A table or a view. */
export interface TableInfo {
  name: string;
  /** A table, a view, or a part of a partitioned table. */
  type: 't' | 'v' | 'p';
  /** What the database says of it. */
  comment: string | null;
}

/** A column as the database describes it. */
export interface ColumnDescription {
  name: string;
  /** The database's own words for the type, in lower case: `varchar(20)`, `character varying(20)`. */
  type: string;
  /** The name of the type alone: `varchar`. */
  baseType: string;
  nullable: boolean;
  /** SQL. */
  default: string | null;
  primaryKey: boolean;
  /** The length of a text; null where there is none. */
  maxLength: number | null;
  /** The figures of a number. */
  precision: number | null;
  /** Those of them behind the point. */
  scale: number | null;
  /** Where it is not the database's usual one. */
  collation: string | null;
  comment: string | null;
  /** The database numbers the rows. */
  autoincrement: boolean;
  /** The database checks that it is JSON. */
  isJson: boolean;
  /** The database calculates it. */
  generated: boolean;
}

/** A constraint or an index. */
export interface ConstraintDescription {
  columns: string[];
  primaryKey: boolean;
  unique: boolean;
  index: boolean;
  check: boolean;
  foreignKey: { table: string; column: string } | null;
  /** Of an index: `idx` is the database's usual kind, others go by the name of their method. */
  type?: string;
  /** Of an index: the direction of each column. */
  orders?: ('ASC' | 'DESC')[];
  /** What makes an index, where it is one over expressions (PostgreSQL). */
  definition?: string | null;
}

/** A sequence that numbers the rows of a table. */
export interface SequenceDescription {
  table: string;
  column: string;
  /** Where sequences have names. */
  name?: string;
}

/** The class of a field, with what it is made with. Django: `get_field_type`, and what `inspectdb` adds. */
export type FieldKind = readonly [field: string, options?: Readonly<Record<string, unknown>>];

/** A constraint that is nothing yet. */
export function blankConstraint(columns: readonly string[] = []): ConstraintDescription {
  return {
    columns: [...columns],
    primaryKey: false,
    unique: false,
    index: false,
    check: false,
    foreignKey: null,
  };
}

/** Reads the catalogue of a database. */
export abstract class DatabaseIntrospection {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** The tables and views, sorted by name. */
  abstract getTableList(): Promise<TableInfo[]>;
  /** The columns of a table, in their order; empty if there is no such table. */
  abstract getTableDescription(table: string): Promise<ColumnDescription[]>;
  /** The constraints and indexes of a table, by name. SQLite's unnamed ones are `__unnamed_constraint_1__`, …. */
  abstract getConstraints(table: string): Promise<Map<string, ConstraintDescription>>;
  /** The foreign keys of a table, by column. */
  abstract getRelations(table: string): Promise<Map<string, { table: string; column: string }>>;
  /** What numbers the rows of a table. */
  abstract getSequences(table: string): Promise<SequenceDescription[]>;
  /** The field whose column would be like this one; undefined where there is none. */
  abstract getFieldType(column: ColumnDescription): string | undefined;

  /** The names of the tables and views, sorted. */
  async tableNames(): Promise<string[]> {
    return (await this.getTableList()).map(({ name }) => name);
  }

  /** The columns of a table's primary key, in its order; none where it has no key. @throws DatabaseError if there is no such table. */
  async getPrimaryKeyColumns(table: string): Promise<string[]> {
    if ((await this.getTableDescription(table)).length === 0) {
      throw new DatabaseError(`Table ${table} does not exist.`);
    }
    const key = [...(await this.getConstraints(table)).values()].find(({ primaryKey }) => primaryKey);
    return key?.columns ?? [];
  }

  /** The first column of a table's primary key; null where it has none. */
  async getPrimaryKeyColumn(table: string): Promise<string | null> {
    return (await this.getPrimaryKeyColumns(table))[0] ?? null;
  }

  /** The name that the catalogue uses: MySQL can keep table names in lower case. */
  identifier(name: string): string {
    return name;
  }
}
