/** What is in a database. Django: `django.db.backends.base.introspection`. */
import type { DatabaseWrapper } from './base';

/** A column as the database describes it. */
export interface ColumnDescription {
  name: string;
  /** The database's own name of the type, in lower case. */
  type: string;
  nullable: boolean;
  default: string | null;
  primaryKey: boolean;
}

/** A constraint or an index. */
export interface ConstraintDescription {
  columns: string[];
  primaryKey: boolean;
  unique: boolean;
  index: boolean;
  check: boolean;
  foreignKey: { table: string; column: string } | null;
}

/** Reads the catalogue of a database. */
export abstract class DatabaseIntrospection {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** The names of the tables, sorted. */
  abstract tableNames(): Promise<string[]>;
  /** The columns of a table, in their order; empty if there is no such table. */
  abstract getTableDescription(table: string): Promise<ColumnDescription[]>;
  /** The constraints and indexes of a table, by name. SQLite's unnamed ones are `__unnamed_…__`. */
  abstract getConstraints(table: string): Promise<Map<string, ConstraintDescription>>;

  /** The name that the catalogue uses: MySQL can keep table names in lower case. */
  identifier(name: string): string {
    return name;
  }
}
