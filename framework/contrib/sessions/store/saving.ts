/** Saving: what a save takes along, what changes meanwhile, and what the store had. */
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import { assign, handOut, type ItemSource, noticeNestedChanges, serialised } from './items';
import { type SessionDict, type SessionState, STATE } from './state';
import { refreshViews } from './views';

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
  session: ItemSource,
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
