/**
 * The dictionary: reading and changing a session's items, and noticing what changed.
 */
import { settings } from '../../../conf';
import { KeyError, SynchronousOnlyOperation } from '../../../core/exceptions';
import { dumps } from '../../../python/json';
import { attempt, isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import { type SessionDict, type SessionState, STATE, type StoredSession } from './state';
import { refreshViews } from './views';

/** What items are read through: a session. */
export interface ItemSource {
  [STATE]: SessionState;
  /** What the store has; null if it has none, or an expired one. */
  doLoad(): MaybePromise<StoredSession | null>;
  /** Called when the store has none. */
  loadFailed(): void;
}

function ignore(): void {}

/**
 * The items, loaded if they are not yet.
 *
 * @throws SynchronousOnlyOperation if that takes waiting.
 */
export function itemsOf(session: ItemSource): SessionDict {
  const state = session[STATE];
  state.accessed = true;
  return state.data ?? openNow(session, state);
}

function openNow(session: ItemSource, state: SessionState): SessionDict {
  if (state.key === null) {
    state.data = {};
    return state.data;
  }
  if (state.aheadFailed !== null) throw state.aheadFailed.error;
  const stored = storedOf(session);
  if (isPromise(stored)) {
    state.ahead = stored;
    stored.catch(ignore);
    throw new SynchronousOnlyOperation(
      'This session is not loaded, and its store answers later: await session.load() before reading it.',
    );
  }
  return adopt(session, stored);
}

/** What the store has of the session: read ahead, or now. */
export function storedOf(session: ItemSource): MaybePromise<StoredSession | null> {
  const { ahead } = session[STATE];
  return ahead === undefined ? session.doLoad() : ahead;
}

/**
 * Reads the session before anybody asks for it, so that the first access need not wait. It is no access: a session
 * that nobody looks at stays as it was, known or not.
 */
export function readAhead(session: ItemSource): MaybePromise<void> {
  const state = session[STATE];
  const failed = (error: unknown): void => {
    state.ahead = undefined;
    state.aheadFailed = { error };
  };
  return attempt(
    () =>
      then(session.doLoad(), (stored) => {
        state.ahead = stored;
      }),
    failed,
  );
}

/** Makes what the store has the items in memory. */
export function adopt(session: ItemSource, stored: StoredSession | null): SessionDict {
  const state = session[STATE];
  state.ahead = undefined;
  state.aheadFailed = null;
  state.settled();
  state.handedOut = null;
  state.views = null;
  if (stored === null) {
    state.data = {};
    state.revision = undefined;
    state.writtenAt = undefined;
    session.loadFailed();
    return state.data ?? {};
  }
  state.revision = stored.revision;
  state.writtenAt = stored.writtenAt;
  state.data = stored.data;
  return stored.data;
}

/** A value to hand to the caller: one that can be changed in place is watched. */
export function handOut(state: SessionState, key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (state.handedOut?.has(key) || state.changed?.has(key)) return value;
  state.handedOut ??= new Map();
  state.handedOut.set(key, settings.SESSION_SAVE_NESTED_CHANGES ? serialised(value) : null);
  return value;
}

/** An object as it is stored, to see later whether it was changed in place. */
export function serialised(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    try {
      return dumps(value);
    } catch (error) {
      return String(error); // Not storable: saving will say so.
    }
  }
}

/** @throws KeyError if there is no such key. */
export function getItem(session: ItemSource, key: string): unknown {
  const data = itemsOf(session);
  if (!Object.hasOwn(data, key)) throw new KeyError(key);
  const value = data[key];
  return typeof value === 'object' && value !== null ? handOut(session[STATE], key, value) : value;
}

/** @throws TypeError for `undefined`, which no store can keep. */
export function setItem(session: ItemSource, key: string, value: unknown): void {
  if (value === undefined) {
    throw new TypeError(
      `The session cannot keep undefined as '${key}'. Store null, or remove the key with delete.`,
    );
  }
  const data = itemsOf(session);
  assign(data, key, value);
  changed(session[STATE], key, data);
}

/** Sets a property, also one that is named `__proto__`. */
export function assign(data: SessionDict, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(data, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    data[key] = value;
  }
}

/** @throws KeyError if there is no such key. */
export function deleteItem(session: ItemSource, key: string): void {
  const data = itemsOf(session);
  if (!Object.hasOwn(data, key)) throw new KeyError(key);
  delete data[key];
  changed(session[STATE], key, data);
}

function changed(state: SessionState, key: string, data: SessionDict): void {
  state.touch(key);
  if (state.views !== null) refreshViews(state.views, data);
}

/** Marks the keys whose objects were changed in place. */
export function noticeNestedChanges(state: SessionState): void {
  const { handedOut, data } = state;
  if (handedOut === null || data === undefined) return;
  for (const [key, before] of handedOut) {
    if (before !== null && Object.hasOwn(data, key) && serialised(data[key]) !== before) state.touch(key);
  }
}

/** Loads the session if it is not, for an operation under way; `noLoad`: an unloaded one is empty. */
export function ensureItems(session: ItemSource, noLoad: boolean): MaybePromise<SessionDict> {
  const state = session[STATE];
  if (state.data !== undefined) return state.data;
  if (noLoad || state.key === null) {
    state.data = {};
    return state.data;
  }
  return then(storedOf(session), (stored) => adopt(session, stored));
}
