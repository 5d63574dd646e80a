/** Caches beside transactions: a cache takes nothing back. */
import { settings } from '../../conf';
import type { MaybePromise } from '../../utils/maybe_promise';

/**
 * Writes to a cache once what it was made of is certain: at once, or when the transactions around the caller have
 * committed. What a transaction read or wrote before it is rolled back never was. A failure after a commit is logged.
 */
export function whenCommitted(write: () => MaybePromise<unknown>): MaybePromise<unknown> {
  if (Object.keys(settings.DATABASES).length === 0) return write();
  const { connections } = require('../../db/connections') as typeof import('../../db/connections');
  const open = connections.all({ initializedOnly: true }).find((connection) => connection.awaitsCommit);
  if (open === undefined) return write();
  return open.onCommit(() => whenCommitted(write), { robust: true, inTests: true });
}
