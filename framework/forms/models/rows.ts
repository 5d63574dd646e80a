/** Rows that a form needs at once. */
import { SynchronousOnlyOperation } from '../../core/exceptions';
import type { LazyRows } from '../../db/models/lazy_rows';
import { isPromise, type MaybePromise } from '../../utils/maybe_promise';

/** Whether a value is a query: rows that are there when somebody waits for them. */
export function isRows(value: unknown): value is LazyRows<unknown> {
  return value !== null && typeof value === 'object' && '_fetchAll' in value;
}

/** A value that is there. @throws SynchronousOnlyOperation where it has to be waited for: a template does. */
export function now<T>(value: MaybePromise<T>, what: () => string): T {
  if (!isPromise(value)) return value;
  void value.catch(() => undefined);
  throw new SynchronousOnlyOperation(
    `${what()} is read from a database that does not answer at once: \`await form.ready()\` before it is rendered or looked at. A template waits by itself.`,
    { waitsFor: value },
  );
}
