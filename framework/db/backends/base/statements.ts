/** Statements: what they come to, and those that are kept by their text. */
import type { MaybePromise } from '../../../utils/maybe_promise';

/** A row, by column name. */
export type Row = Record<string, unknown>;

/** A row without the names of its columns. */
export type RowValues = readonly unknown[];

/**
 * `lists`: whoever asks knows the order of the columns, and reads them faster without their names. `kept lists`: the text
 * will come again, and is worth keeping at the server.
 */
export type RowShape = 'lists' | 'kept lists';

/** What a statement came to. */
export interface QueryResult {
  rows: Row[];
  /** Instead of `rows`, where lists were asked for and the driver has them. */
  lists?: RowValues[];
  /** The rows returned, or the rows that an INSERT, UPDATE or DELETE changed. */
  rowCount: number;
  /** The key that an INSERT made, where the driver tells it unasked (SQLite, MySQL). */
  insertId?: number | bigint;
}

/** What a write came to. */
export type WriteResult = Omit<QueryResult, 'rows'>;

/** The rows of a result as lists; `columns` are their names, by which a driver without lists has them. */
export function listsOf(
  { lists, rows }: Pick<QueryResult, 'rows' | 'lists'>,
  columns: () => readonly string[],
): RowValues[] {
  if (lists !== undefined) return lists;
  const names = columns();
  return rows.map((row) => names.map((name) => row[name]));
}

/** `prepared`: worth keeping at the server, for its text returns. */
export type StatementMode = 'once' | 'prepared';

/** A statement that is run often. Its placeholders are `?` on every database. */
export interface PreparedStatement {
  readonly sql: string;
  /** Every row. */
  all(params?: readonly unknown[]): MaybePromise<Row[]>;
  /** The first row, or undefined. */
  get(params?: readonly unknown[]): MaybePromise<Row | undefined>;
  /** For what it does, not for rows. */
  run(params?: readonly unknown[]): MaybePromise<WriteResult>;
  /**
   * Like `run`, for what many requests write at the same time: where that is faster, the writes of one turn of the
   * event loop are committed together. Done when it is committed. Within `atomic` it is `run`.
   */
  runGrouped(params?: readonly unknown[]): MaybePromise<WriteResult>;
}

/** Makes a statement for a text once; beyond `size` texts the oldest goes. One that is still held works on. */
export class StatementCache<Statement> {
  private readonly kept = new Map<string, Statement>();

  constructor(
    private readonly size: number,
    private readonly make: (sql: string) => Statement,
  ) {}

  get(sql: string): Statement {
    return this.kept.get(sql) ?? this.add(sql);
  }

  /** Those that are kept now. */
  values(): Iterable<Statement> {
    return this.kept.values();
  }

  clear(): void {
    this.kept.clear();
  }

  private add(sql: string): Statement {
    const statement = this.make(sql);
    this.kept.set(sql, statement);
    if (this.kept.size > this.size) this.kept.delete(this.kept.keys().next().value as string);
    return statement;
  }
}

/** A statement of a driver that promises its results; the driver, or the server, knows what to keep of it. */
export class PromisedStatement implements PreparedStatement {
  constructor(
    readonly sql: string,
    private readonly send: (sql: string, params: readonly unknown[]) => Promise<QueryResult>,
  ) {}

  async all(params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.send(this.sql, params)).rows;
  }

  async get(params: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.send(this.sql, params)).rows[0];
  }

  run(params: readonly unknown[] = []): Promise<QueryResult> {
    return this.send(this.sql, params);
  }

  /** A server groups the commits of its clients itself; a driver with a thread of its own has no turn to wait for. */
  runGrouped(params?: readonly unknown[]): Promise<QueryResult> {
    return this.run(params);
  }
}
