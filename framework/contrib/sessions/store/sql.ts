/** The statements of the session table, made once for each database and table. */
import type { DatabaseWrapper, PreparedStatement, Row } from '../../../db';
import type { MaybePromise } from '../../../utils/maybe_promise';

/** A property of the model, and its column. */
export interface SessionColumn {
  readonly property: string;
  readonly column: string;
}

/** Django's columns. The key comes first, then the data, then the date. */
export const SESSION_COLUMNS: readonly SessionColumn[] = [
  { property: 'sessionKey', column: 'session_key' },
  { property: 'sessionData', column: 'session_data' },
  { property: 'expireDate', column: 'expire_date' },
];

/** A database whose statements return at once, and can be run beside an open transaction. */
interface SynchronousWrapper extends DatabaseWrapper {
  /** Its `top` is the transaction that is open. */
  readonly gate: { readonly top: unknown };
  /** Whether others read beside an open transaction. */
  readonly hasReader: boolean;
  runNow(sql: string, params: readonly unknown[]): { rows: Row[] };
}

/** The statements of one session table. */
export class SessionStatements {
  /** Key, now → the live session. */
  readonly read: PreparedStatement;
  /** The same, with its date. */
  readonly readDated: PreparedStatement;
  /** Key → the session, live or not. */
  readonly current: PreparedStatement;
  readonly exists: PreparedStatement;
  readonly insert: PreparedStatement;
  /** All columns but the key, key. */
  readonly update: PreparedStatement;
  /** All columns but the key, key, the text that is there. */
  readonly updateIf: PreparedStatement;
  readonly delete: PreparedStatement;
  /** Now, count → keys of expired sessions. */
  readonly expired: PreparedStatement;
  /** Key, count → the sessions after that key. */
  readonly after: PreparedStatement;
  private readonly table: string;

  constructor(
    connection: DatabaseWrapper,
    table: string,
    readonly columns: readonly SessionColumn[],
  ) {
    const quote = (name: string): string => connection.ops.quoteName(name);
    const [key, data, date] = ['session_key', 'session_data', 'expire_date'].map(quote) as [
      string,
      string,
      string,
    ];
    this.table = quote(table);
    const from = `FROM ${this.table} WHERE`;
    const names = columns.map(({ column }) => quote(column));
    const assignments = names.slice(1).map((name) => `${name} = ?`);
    const set = `UPDATE ${this.table} SET ${assignments.join(', ')} WHERE ${key} = ?`;
    // MySQL compares text without regard to case; the signature tells upper from lower.
    const sameText = connection.vendor === 'mysql' ? `BINARY ${data} = ?` : `${data} = ?`;
    const conflict = connection.features.supportsOnConflict ? ' ON CONFLICT DO NOTHING' : '';

    this.read = connection.prepare(`SELECT ${data} ${from} ${key} = ? AND ${date} > ?`);
    this.readDated = connection.prepare(`SELECT ${data}, ${date} ${from} ${key} = ? AND ${date} > ?`);
    this.current = connection.prepare(`SELECT ${data} ${from} ${key} = ?`);
    this.exists = connection.prepare(`SELECT 1 AS found ${from} ${key} = ?`);
    this.insert = connection.prepare(
      `INSERT INTO ${this.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})${conflict}`,
    );
    this.update = connection.prepare(set);
    this.updateIf = connection.prepare(`${set} AND ${sameText}`);
    this.delete = connection.prepare(`DELETE ${from} ${key} = ?`);
    this.expired = connection.prepare(`SELECT ${key} ${from} ${date} < ? LIMIT ?`);
    this.after = connection.prepare(`SELECT ${key}, ${data} ${from} ${key} > ? ORDER BY ${key} LIMIT ?`);
    this.quotedKey = key;
    this.quotedDate = date;
  }

  private readonly quotedKey: string;
  private readonly quotedDate: string;

  /** Deletes so many keys if they expired before the last parameter. */
  deleteExpired(count: number): string {
    const marks = Array.from({ length: count }, () => '?').join(', ');
    return `DELETE FROM ${this.table} WHERE ${this.quotedKey} IN (${marks}) AND ${this.quotedDate} < ?`;
  }

  /**
   * The live session of a key, as it is committed. Where the database is synchronous this is, too, whatever transaction
   * another request has open: a view reads its session without waiting. (A database in memory has one handle, which
   * shows what is not committed.)
   */
  readNow(connection: DatabaseWrapper, key: string, dated: boolean): MaybePromise<Row | undefined> {
    const params = [key, storedNow(connection)];
    const statement = dated ? this.readDated : this.read;
    if (!connection.features.synchronous) return statement.get(params);
    const { gate, hasReader } = connection as SynchronousWrapper;
    if (gate.top === null || hasReader) return statement.get(params);
    return (connection as SynchronousWrapper).runNow(statement.sql, params).rows[0];
  }
}

const statements = new WeakMap<DatabaseWrapper, Map<string, SessionStatements>>();

/** The statements of a table on a database. */
export function statementsOf(
  connection: DatabaseWrapper,
  table: string,
  columns: readonly SessionColumn[],
): SessionStatements {
  let tables = statements.get(connection);
  if (tables === undefined) {
    tables = new Map();
    statements.set(connection, tables);
  }
  let found = tables.get(table);
  if (found === undefined || found.columns !== columns) {
    found = new SessionStatements(connection, table, columns);
    tables.set(table, found);
  }
  return found;
}

let nowMilliseconds = Number.NaN;
let nowZone: string | undefined;
let nowText: unknown;

/** Now as the database stores it. Under load a hundred requests share the millisecond, and its text. */
export function storedNow(connection: DatabaseWrapper): unknown {
  const now = Date.now();
  const zone = connection.ops.storedTimeZone;
  if (now !== nowMilliseconds || zone !== nowZone || connection.vendor === 'postgresql') {
    const text = connection.ops.adaptDatetime(new Date(now));
    if (connection.vendor === 'postgresql') return text;
    nowMilliseconds = now;
    nowZone = zone;
    nowText = text;
  }
  return nowText;
}
