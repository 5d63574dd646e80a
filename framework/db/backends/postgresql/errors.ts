/** SQLSTATEs as Django's errors: the mapping of psycopg. https://www.postgresql.org/docs/current/errcodes-appendix.html */
import {
  DatabaseError,
  type DatabaseErrorBase,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from '../../errors';
import { codeOf, connectionError, isForeign } from '../base/errors';

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
  if (!isForeign(error)) return error;
  const code = codeOf(error);
  const { detail } = error as { detail?: unknown };
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E')) {
    const message = typeof detail === 'string' ? `${error.message}\nDETAIL:  ${detail}` : error.message;
    return new (CLASSES[code.slice(0, 2)] ?? DatabaseError)(message, { cause: error, code });
  }
  if (error instanceof TypeError || error instanceof RangeError || error.name === 'ImproperlyConfigured') {
    return error;
  }
  return connectionError(error);
}
