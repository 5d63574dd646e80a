/**
 * The lists that `keys()`, `values()` and `items()` return. In Python they are views: a key that is set later is
 * in them, and `flush()` or `clear()`, which start a new dictionary, leaves them as they were. Templates written
 * for Django rely on both.
 */
import type { LiveView, SessionDict, SessionState } from './state';

/** A loop over the keys that deletes them must reach each: it walks over a copy. */
const OVER_A_COPY: PropertyDescriptor = {
  value: function iterate(this: unknown[]): ArrayIterator<unknown> {
    return this.slice().values();
  },
  configurable: true,
  writable: true,
};

/** A view of a session as it is and will be. */
export function liveView<T>(state: SessionState, data: SessionDict, read: (data: SessionDict) => T[]): T[] {
  const list = read(data);
  Object.defineProperty(list, Symbol.iterator, OVER_A_COPY);
  state.views ??= [];
  state.views.push({ list, read });
  return list;
}

/** Brings the views up to date after a change. */
export function refreshViews(views: readonly LiveView[], data: SessionDict): void {
  for (const { list, read } of views) {
    const current = read(data);
    list.length = current.length;
    for (let i = 0; i < current.length; i++) list[i] = current[i];
  }
}
