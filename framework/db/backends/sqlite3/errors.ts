/** SQLite's result codes as Django's errors: the mapping of Python's `sqlite3`. */
import {
  DatabaseError,
  DatabaseErrorBase,
  DataError,
  IntegrityError,
  InternalError,
  OperationalError,
  ProgrammingError,
} from '../../errors';
import { isError } from '../utils';

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

/** Wraps an error of `better-sqlite3` or `sqlite3`. */
export function wrapSqliteError(error: unknown): unknown {
  if (!isError(error) || error instanceof DatabaseErrorBase) return error;
  const code = (error as { code?: unknown }).code;
  // `sqlite3` puts the code before the message; Django shows the message alone.
  const message = error.message.replace(/^SQLITE_[A-Z_]+: /, '');
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) {
    if (!/^(Type|Range)Error$/.test(error.name)) return error;
    // A TypeError or RangeError of the driver: parameters that do not fit the statement.
    return /directory does not exist/.test(message)
      ? new OperationalError('unable to open database file', { cause: error })
      : new ProgrammingError(message, { cause: error });
  }
  const primary = code.slice('SQLITE_'.length).split('_')[0] ?? '';
  return new (CLASSES[primary] ?? OperationalError)(message, { cause: error, code });
}
