/** MySQL's error numbers as Django's errors: the mapping of mysqlclient, and Django's own corrections of it. */
import {
  type DatabaseErrorBase,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from '../../errors';
import { codeOf, connectionError, isForeign } from '../base/errors';

const NUMBERS: readonly (readonly [typeof DatabaseErrorBase, readonly number[]])[] = [
  [
    IntegrityError,
    [
      1022, 1048, 1052, 1062, 1169, 1215, 1216, 1217, 1451, 1452, 1557, 1586, 1690, 1761, 1762, 1859, 3819,
      4025,
    ],
  ],
  [ProgrammingError, [1007, 1008, 1064, 1102, 1103, 1110, 1111, 1112, 1113, 1115, 1146, 1149, 1305, 1318]],
  [DataError, [1230, 1171, 1264, 1265, 1366, 1406, 1441, 1477]],
  [NotSupportedError, [1196, 1235, 1286, 1289]],
  [InternalError, [1000, 1001]],
];

const CLASSES = new Map(NUMBERS.flatMap(([cls, numbers]) => numbers.map((number) => [number, cls] as const)));

/** Wraps an error of `mysql2`. */
export function wrapMysqlError(error: unknown): unknown {
  if (!isForeign(error)) return error;
  const { errno, sqlState } = error as { errno?: unknown; sqlState?: unknown };
  const code = codeOf(error);
  const options = { cause: error, code };
  if (typeof errno === 'number' && (typeof sqlState === 'string' || errno > 0)) {
    return new (CLASSES.get(errno) ?? OperationalError)(
      `(${errno}, ${JSON.stringify(error.message)})`,
      options,
    );
  }
  if (code !== undefined || /connection|pool is closed|timeout|connect/i.test(error.message)) {
    return connectionError(error);
  }
  return error instanceof TypeError && /bind parameters/i.test(error.message)
    ? new ProgrammingError(error.message, options)
    : error;
}
