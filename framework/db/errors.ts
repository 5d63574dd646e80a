/**
 * What can go wrong with a database. Every driver's errors become these; `cause` is the driver's own.
 *
 * Django: `django.db.utils`, after PEP 249; https://docs.djangoproject.com/en/5.2/ref/exceptions/#database-exceptions
 */

/** The base of all of them. Python's name is `Error`, which JavaScript has taken. */
export class DatabaseErrorBase extends Error {
  /** The driver's own code: `SQLITE_BUSY`, an SQLSTATE, or MySQL's `ER_…`. */
  readonly code: string | undefined;

  constructor(message = '', options?: ErrorOptions & { code?: string | undefined }) {
    super(message, options);
    this.name = new.target.name;
    this.code = options?.code;
  }
}

/** A fault of the use of the driver rather than of the database. */
export class InterfaceError extends DatabaseErrorBase {}
/** A fault that the database reports. */
export class DatabaseError extends DatabaseErrorBase {}
/** A value that the column cannot hold. */
export class DataError extends DatabaseError {}
/** The database cannot be reached, is locked, has no such table (SQLite), is out of room, … */
export class OperationalError extends DatabaseError {}
/** A constraint forbids it: a duplicate, a missing parent row, a null. */
export class IntegrityError extends DatabaseError {}
/** The database is in a state where it cannot do that: an aborted transaction, a lost cursor. */
export class InternalError extends DatabaseError {}
/** The statement is wrong, or names what does not exist. */
export class ProgrammingError extends DatabaseError {}
/** This database cannot do that. */
export class NotSupportedError extends DatabaseError {}

/** DATABASES has no such alias. */
export class ConnectionDoesNotExist extends Error {
  override readonly name = 'ConnectionDoesNotExist';
}

/** Transactions are used in a way that cannot work. Django: `django.db.transaction.TransactionManagementError`. */
export class TransactionManagementError extends ProgrammingError {}
