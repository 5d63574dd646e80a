/**
 * The dictionary: reading and changing a session's items, and noticing what changed.
 */
import { settings } from '../../../conf';
import { KeyError, SynchronousOnlyOperation } from '../../../core/exceptions';
import { dumps } from '../../../python/json';
import { attempt, isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import type { SessionBase } from '../backends/base';
import { type SessionDict, type SessionState, STATE, type StoredSession } from './state';
import { refreshViews } from './views';

function ignore(): void {}

/**
 * The items, loaded if they are not yet.
 *
 * @throws SynchronousOnlyOperation if that takes waiting.
 */
export function itemsOf(session: SessionBase): SessionDict {
  const state = session[STATE];
  state.accessed = true;
  return state.data ?? openNow(session, state);
}

function openNow(session: SessionBase, state: SessionState): SessionDict {
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
export function storedOf(session: SessionBase): MaybePromise<StoredSession | null> {
  const { ahead } = session[STATE];
  return ahead === undefined ? session.doLoad() : ahead;
}

/**
 * Reads the session before anybody asks for it, so that the first access need not wait. It is no access: a session
 * that nobody looks at stays as it was, known or not.
 */
export function readAhead(session: SessionBase): MaybePromise<void> {
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
export function adopt(session: SessionBase, stored: StoredSession | null): SessionDict {
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

function serialised(value: unknown): string {
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
export function getItem(session: SessionBase, key: string): unknown {
  const data = itemsOf(session);
  if (!Object.hasOwn(data, key)) throw new KeyError(key);
  const value = data[key];
  return typeof value === 'object' && value !== null ? handOut(session[STATE], key, value) : value;
}

/** @throws TypeError for `undefined`, which no store can keep. */
export function setItem(session: SessionBase, key: string, value: unknown): void {
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
export function deleteItem(session: SessionBase, key: string): void {
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

/** What a save under way takes along: changes made from then on are the next one's. */
export interface Saving {
  readonly data: SessionDict;
  readonly changed: ReadonlySet<string>;
  /** Everything that the store has is to go. */
  readonly cleared: boolean;
}

/** What a save came to. */
export interface Saved {
  readonly stored: SessionDict;
  readonly revision?: unknown;
}

/** Where a save may be undone by a transaction around it. */
export interface Transactional {
  readonly awaitsCommit: boolean;
  onCommit(callback: () => void, options: { inTests: boolean }): MaybePromise<void>;
}

/**
 * Saves the items with `write`: what changes while it is under way is not taken for saved, nor is what a transaction
 * around it has not committed yet.
 */
export function performSave(
  session: SessionBase,
  data: SessionDict,
  write: (saving: Saving) => MaybePromise<Saved>,
  store: Transactional | null = null,
): MaybePromise<void> {
  const state = session[STATE];
  const saving = beginSave(state, data);
  const saved = attempt(
    () => write(saving),
    (error) => {
      undoSave(state, saving);
      throw error;
    },
  );
  return then(saved, ({ stored, revision }) => {
    endSave(state, stored, revision);
    if (store?.awaitsCommit) return untilCommit(state, saving, store);
  });
}

/** After a rollback the store has nothing of it: the changes stay changes, and are saved once more. */
function untilCommit(state: SessionState, saving: Saving, store: Transactional): MaybePromise<void> {
  if (!state.saved) return undoSave(state, saving);
  undoSave(state, saving);
  state.saved = false;
  state.uncommitted = saving;
  return store.onCommit(
    () => {
      if (state.uncommitted !== saving) return;
      state.uncommitted = null;
      state.settled();
      state.saved = true;
    },
    { inTests: true },
  );
}

function beginSave(state: SessionState, data: SessionDict): Saving {
  noticeNestedChanges(state);
  const { changed, handedOut, cleared } = state;
  const saving = { data, changed: changedKeys(state), cleared };
  state.settled();
  state.handedOut = null;
  // What the caller may hold is watched from its present form on.
  for (const key of changed ?? []) if (Object.hasOwn(data, key)) handOut(state, key, data[key]);
  for (const key of handedOut?.keys() ?? []) if (Object.hasOwn(data, key)) handOut(state, key, data[key]);
  return saving;
}

function changedKeys({ changed, handedOut, modified }: SessionState): ReadonlySet<string> {
  const keys = new Set(changed ?? []);
  // `modified` was set by hand, as Django's documentation teaches: what was handed out may be what changed.
  if (modified) for (const [key, form] of handedOut ?? []) if (form === null) keys.add(key);
  return keys;
}

function undoSave(state: SessionState, saving: Saving): void {
  if (state.cleared) return;
  state.cleared = saving.cleared;
  state.changed = new Set([...saving.changed, ...(state.changed ?? [])]);
}

function endSave(state: SessionState, stored: SessionDict, revision: unknown): void {
  state.revision = revision;
  state.writtenAt = Math.floor(Date.now() / 1000);
  state.saved = !state.cleared && state.changed === null;
  const { data } = state;
  if (stored === data || data === undefined || state.cleared) return;
  keepHandedOut(state, data, stored);
  for (const key of state.changed ?? []) {
    if (Object.hasOwn(data, key)) assign(stored, key, data[key]);
    else delete stored[key];
  }
  state.data = stored;
  if (state.views !== null) refreshViews(state.views, stored);
}

/** The caller still has objects of before a merge: where the store has the same, they stay the session's. */
function keepHandedOut(state: SessionState, data: SessionDict, stored: SessionDict): void {
  for (const [key, form] of state.handedOut ?? []) {
    if (!Object.hasOwn(stored, key) || !Object.hasOwn(data, key)) continue;
    if (form === serialised(stored[key])) assign(stored, key, data[key]);
    else state.handedOut?.delete(key);
  }
}

/**
 * What to store when the store has `current` meanwhile: that, with this session's own changes on it. A key that
 * both changed has this session's value; lists are never merged.
 */
export function mergeChanges(saving: Saving, current: SessionDict): SessionDict {
  const { data, changed, cleared } = saving;
  if (cleared) return data;
  for (const key of changed) {
    if (Object.hasOwn(data, key)) assign(current, key, data[key]);
    else delete current[key];
  }
  return current;
}
