/** What `migrate --plan` says of an operation. */

import type { Operation } from '../../db/migrations/operations/base';
import { repr } from '../../python';

/** The most characters of what follows an operation's description. */
const DETAIL_LENGTH = 40;

/** The description of an operation; an error where it cannot be undone. */
export function describeOperation(
  operation: Operation,
  backwards: boolean,
): { message: string; isError: boolean } {
  const { RunCode, RunSQL } =
    require('../../db/migrations/operations') as typeof import('../../db/migrations/operations');
  let prefix = '';
  let isError = false;
  let detail: string | undefined = '';
  if (operation instanceof RunCode) {
    const code = backwards ? operation.reverseCode : operation.code;
    detail = code === undefined ? undefined : code.name === 'noop' ? '' : code.name;
  } else if (operation instanceof RunSQL) {
    const sql = backwards ? operation.reverseSql : operation.sql;
    detail = sql === undefined ? undefined : typeof sql === 'string' ? sql : repr(sql);
  } else if (backwards) {
    prefix = 'Undo ';
  }
  if (detail === undefined && backwards) {
    detail = 'IRREVERSIBLE';
    isError = true;
  }
  const oneLine = (detail ?? '').replaceAll('\n', '');
  return { message: prefix + operation.describe() + truncate(oneLine && ` -> ${oneLine}`), isError };
}

function truncate(text: string): string {
  const characters = [...text];
  return characters.length <= DETAIL_LENGTH ? text : `${characters.slice(0, DETAIL_LENGTH - 1).join('')}…`;
}
