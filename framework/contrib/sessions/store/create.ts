/** A session under a new key. */
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import type { SessionBase } from '../backends/base';
import { CreateError } from '../exceptions';
import { newSessionKey } from './keys';
import { STATE } from './state';

/** So many new keys are tried before an engine is taken to be out of order. */
const CREATE_ATTEMPTS = 100;

/** Stores the session under a key that nobody has. */
export function createSession(session: SessionBase, attemptsLeft = CREATE_ATTEMPTS): MaybePromise<void> {
  const state = session[STATE];
  const { key, revision } = state;
  state.key = newSessionKey();
  state.revision = undefined;
  state.modified = true;
  return attempt(
    () => session.doSave(true),
    (error) => {
      // A session that was not stored has no key, or the one that it had.
      state.key = key;
      state.revision = revision;
      if (!(error instanceof CreateError)) throw error;
      if (attemptsLeft > 1) return createSession(session, attemptsLeft - 1);
      throw new Error('Unable to create a new session key. It is likely that the store is unavailable.', {
        cause: error,
      });
    },
  );
}

/** Stores the session under a new key, and removes what was stored under the old one. */
export function replaceKey(session: SessionBase): MaybePromise<void> {
  const { key } = session[STATE];
  // The new session is there before the old one goes: a failure in between loses nothing.
  return then(session.doCreate(), () => (key === null ? undefined : session.doDelete(key)));
}
