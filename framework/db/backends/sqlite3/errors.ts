/** SQLite's result codes as Django's errors: the mapping of Python's `sqlite3`. */
import {
  DatabaseError,
  type DatabaseErrorBase,
  DataError,
  IntegrityError,
  InternalError,
  OperationalError,
  ProgrammingError,
} from '../../errors';
import { isForeign } from '../base/errors';

const CLASSES: Readonly<Record<string, typeof DatabaseErrorBase>> = {
  INTERNAL: InternalError,
  NOTFOUND: InternalError,
  TOOBIG: DataError,
  CONSTRAINT: IntegrityError,
  MISMATCH: IntegrityError,
  CORRUPT: DatabaseError,
  NOTADB: DatabaseError,
  MISUSE: ProgrammingError,
  RANGE: ProgrammingError,
};

/** SQLite's primary result codes, by number. https://www.sqlite.org/rescode.html */
const PRIMARY: readonly string[] = (
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY ' +
  'SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'
).split(' ');

/** The extended codes of CONSTRAINT, in order. */
const CONSTRAINTS: readonly string[] =
  'CHECK COMMITHOOK FOREIGNKEY FUNCTION NOTNULL PRIMARYKEY TRIGGER UNIQUE VTAB ROWID PINNED DATATYPE'.split(
    ' ',
  );

/** The result code of an error, like `SQLITE_CONSTRAINT_UNIQUE`; undefined if the driver gave none. */
export function sqliteCode(error: unknown): string | undefined {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
  // Node's module gives the number.
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return undefined;
  const primary = PRIMARY[errcode & 0xff] ?? 'ERROR';
  const extended = primary === 'CONSTRAINT' ? CONSTRAINTS[(errcode >> 8) - 1] : undefined;
  return `SQLITE_${primary}${extended === undefined ? '' : `_${extended}`}`;
}

/** Wraps an error of `better-sqlite3`, `sqlite3` or `node:sqlite`. */
export function wrapSqliteError(error: unknown): unknown {
  if (!isForeign(error)) return error;
  const code = sqliteCode(error);
  // `sqlite3` puts the code before the message; Django shows the message alone.
  const message = error.message.replace(/^SQLITE_[A-Z_]+: /, '');
  if (code === undefined) {
    if (!/^(Type|Range)Error$/.test(error.name) && !isMisuse(error)) return error;
    // A TypeError or RangeError of the driver: parameters that do not fit the statement.
    return /directory does not exist/.test(message)
      ? new OperationalError('unable to open database file', { cause: error })
      : new ProgrammingError(message, { cause: error });
  }
  const primary = code.slice('SQLITE_'.length).split('_')[0] ?? '';
  return new (CLASSES[primary] ?? OperationalError)(message, { cause: error, code });
}

/** What Node says where a call does not fit: `Unknown named parameter`, a statement without a text. */
function isMisuse(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ERR_INVALID_STATE';
}
