/** What the parts of the session engine contract share. */
import type { SessionBase, SessionDict, SessionStoreClass } from '../../../contrib/sessions/backends/base';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { Given } from '../capabilities';

/** What an engine can do; the text of a capability that is missing says why. */
export interface SessionEngineCapabilities {
  /** The server has the session: a deleted one is gone, an unknown key is refused. */
  readonly server: true | string;
  /** Writers of different keys at the same time both keep their changes. */
  readonly merges: true | string;
  /** The engine can go through its sessions: `clearExpired()` and `endUserSessions()`. */
  readonly lists: true | string;
  /** The store keeps `_session_expiry` dates to the second, or better. */
  readonly expires: true | string;
}

export const FULL: SessionEngineCapabilities = { server: true, merges: true, lists: true, expires: true };

/** An engine under test. */
export interface SessionEngineHarness {
  readonly SessionStore: () => SessionStoreClass;
  readonly advance: (seconds: number) => MaybePromise<void>;
  readonly corrupt?: (sessionKey: string) => MaybePromise<void>;
  readonly capabilities: SessionEngineCapabilities;
  readonly given: Given;
}

/** A stored session with those items. */
export async function stored(Store: SessionStoreClass, items: SessionDict): Promise<SessionBase> {
  const session = new Store();
  session.update(items);
  await session.save();
  return session;
}

/** The session of a key, loaded, as the next request gets it. */
export async function opened(Store: SessionStoreClass, key: string | null): Promise<SessionBase> {
  const session = new Store(key);
  await session.load();
  return session;
}

/** The error that `body` ends in, as `Class: message`. */
export async function failure(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  return 'no error';
}
