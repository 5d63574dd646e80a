/** What a database can do. Django: `django.db.backends.base.features`. */
export interface DatabaseFeatures {
  /** Statements return their results, not promises of them. */
  readonly synchronous: boolean;
  /** CREATE TABLE and its like can be rolled back. */
  readonly canRollbackDdl: boolean;
  readonly hasSelectForUpdate: boolean;
  readonly hasSelectForUpdateSkipLocked: boolean;
  /** `INSERT … ON CONFLICT … DO UPDATE`; MySQL has `ON DUPLICATE KEY UPDATE`. */
  readonly supportsOnConflict: boolean;
  /** Foreign keys are looked at when the transaction ends. */
  readonly canDeferConstraintChecks: boolean;
  /** How many parameters a statement takes. */
  readonly maxQueryParams: number;
  /** `INSERT … RETURNING`. */
  readonly canReturnColumnsFromInsert: boolean;
  /** Foreign keys stand inside CREATE TABLE, and altering tables means making them anew (SQLite). */
  readonly remakesTables: boolean;
  /** Indexes of some of the rows. */
  readonly supportsPartialIndexes: boolean;
  /** Indexes that have other columns beside: INCLUDE. */
  readonly supportsCoveringIndexes: boolean;
  /** Operator classes of indexes. */
  readonly supportsOperatorClasses: boolean;
  /** A table is the same whatever the case of its name. */
  readonly ignoresTableNameCase: boolean;
  /** Indexes over expressions. */
  readonly supportsExpressionIndexes: boolean;
  /** UNIQUE that is looked at when the transaction ends. */
  readonly supportsDeferrableUniqueConstraints: boolean;
  /** UNIQUE to which two NULLs are alike. */
  readonly supportsNullsDistinctUniqueConstraints: boolean;
  /** What COMMENT says of tables and columns. */
  readonly supportsComments: boolean;
  /** Defaults of columns that are expressions. */
  readonly supportsExpressionDefaults: boolean;
  /** VARCHAR without a length. */
  readonly supportsUnlimitedCharfield: boolean;
  /** Calculated columns that are stored. */
  readonly supportsStoredGeneratedColumns: boolean;
  /** Calculated columns that are calculated whenever they are read. */
  readonly supportsVirtualGeneratedColumns: boolean;
  /** Empty strings, microseconds: where a column type keeps less than Django does, it says so here. */
  readonly supportsMicroseconds: boolean;
}
