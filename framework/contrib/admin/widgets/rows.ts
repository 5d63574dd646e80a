/** Rows that widgets show by their names. */
import { ValidationError, ValueError } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import type { Query } from '../../../db/models/sql/query';

/** Whether a query has all rows of its model. */
export function isWhole({ where, lowMark, highMark, combinator, distinctFields }: Query): boolean {
  const isSliced = lowMark > 0 || highMark !== undefined;
  return where.isPlainlyEmpty && !isSliced && combinator === undefined && distinctFields.length === 0;
}

/** The rows of keys. What was typed may be none: the field says so, and the others are shown all the same. */
export async function rowsOfKeys(
  keys: readonly unknown[],
  query: (keys: readonly unknown[]) => PromiseLike<readonly Model[]>,
): Promise<readonly Model[]> {
  try {
    return await query(keys);
  } catch (error) {
    const isNoKey =
      error instanceof ValueError || error instanceof TypeError || error instanceof ValidationError;
    if (!isNoKey) throw error;
    if (keys.length < 2) return [];
    const found: Model[] = [];
    for (const key of keys) found.push(...(await rowsOfKeys([key], query)));
    return found;
  }
}
