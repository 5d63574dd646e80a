/**
 * Entries that cannot be read: damaged, or holding a Python class that is no data (Django's own page cache holds
 * responses). Such an entry counts as missing, and says so in the log of `tsango.core.cache`; it is left where it
 * is, for it may be of use to whoever wrote it.
 */

import { UnpicklingError } from '../../python/pickle';
import { getLogger } from '../../utils/log';

/** Returned for an entry that cannot be read. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** What `read` returns, or `UNREADABLE` if the entry's bytes make no sense. */
export function readEntry<T>(storedKey: string, read: () => T): T | typeof UNREADABLE {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnpicklingError) && !isZlibError(error)) throw error;
    getLogger('tsango.core.cache').warning(
      `The cache entry '${storedKey}' cannot be read and counts as missing. ${(error as Error).message}`,
    );
    return UNREADABLE;
  }
}

function isZlibError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}
