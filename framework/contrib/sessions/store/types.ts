/** What a session and its engine are told, and what an engine's class is. */
import type { SessionBase } from '../backends/base';
import type { StoredExpiry } from './expiry';

/** What `getExpiryAge` and `getExpiryDate` can be told instead of finding out. */
export interface ExpiryOptions {
  /** When the session was changed. Default: now. */
  modification?: Date;
  /** As stored, or as given to `setExpiry`. Default: the session's own. */
  expiry?: StoredExpiry;
}

/** A class of sessions, as an engine's module exports it under the name `SessionStore`. */
export interface SessionStoreClass {
  new (sessionKey?: string | null): SessionBase;
  readonly name: string;
  readsAtOnce(): boolean;
  clearExpired(options?: ClearExpiredOptions): Promise<number>;
  endUserSessions(userId: unknown, options?: EndUserSessionsOptions): Promise<number>;
}

/** How `clearExpired` works through a store. */
export interface ClearExpiredOptions {
  /** Sessions removed at a time. Default 1000. */
  batchSize?: number;
  /** Called after each batch with the number removed so far. */
  progress?: (removed: number) => void;
}

/** Which of a user's sessions end. */
export interface EndUserSessionsOptions {
  /** A session that stays: the one that asks. */
  except?: string | null;
  batchSize?: number;
}
