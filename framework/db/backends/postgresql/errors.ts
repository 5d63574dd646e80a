/** SQLSTATEs as Django's errors: the mapping of psycopg. https://www.postgresql.org/docs/current/errcodes-appendix.html */
import {
  DatabaseError,
  DatabaseErrorBase,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from '../../errors';
import { isError } from '../utils';

const CLASSES: Readonly<Record<string, typeof DatabaseErrorBase>> = {
  '0A': NotSupportedError,
  '08': OperationalError,
  '20': ProgrammingError,
  '21': ProgrammingError,
  '22': DataError,
  '23': IntegrityError,
  '24': InternalError,
  '25': InternalError,
  '26': ProgrammingError,
  '27': OperationalError,
  '28': OperationalError,
  '2B': InternalError,
  '2D': InternalError,
  '2F': OperationalError,
  '34': OperationalError,
  '38': OperationalError,
  '39': OperationalError,
  '3B': OperationalError,
  '3D': OperationalError,
  '3F': ProgrammingError,
  '40': OperationalError,
  '42': ProgrammingError,
  '44': ProgrammingError,
  '53': OperationalError,
  '54': OperationalError,
  '55': OperationalError,
  '57': OperationalError,
  '58': OperationalError,
  F0: OperationalError,
  HV: OperationalError,
  P0: ProgrammingError,
  XX: InternalError,
};

/** Wraps an error of `pg`. */
export function wrapPostgresError(error: unknown): unknown {
  if (!isError(error) || error instanceof DatabaseErrorBase) return error;
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    const message = typeof detail === 'string' ? `${error.message}\nDETAIL:  ${detail}` : error.message;
    return new (CLASSES[code.slice(0, 2)] ?? DatabaseError)(message, { cause: error, code });
  }
  if (error instanceof TypeError || error instanceof RangeError || error.name === 'ImproperlyConfigured') {
    return error;
  }
  return new OperationalError(connectionMessage(error), {
    cause: error,
    code: typeof code === 'string' ? code : undefined,
  });
}

/** Node reports a refused connection to several addresses as an AggregateError without a message. */
export function connectionMessage(error: Error): string {
  const { errors } = error as { errors?: unknown };
  return (
    error.message ||
    (Array.isArray(errors) ? errors.map((each: Error) => each.message).join('; ') : '') ||
    String((error as { code?: unknown }).code ?? 'The connection failed.')
  );
}
