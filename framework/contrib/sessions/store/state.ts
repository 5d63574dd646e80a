/**
 * What a session holds in memory. One object behind one symbol, so that nothing of it can be mistaken for a key
 * of the session.
 */
import type { MaybePromise } from '../../../utils/maybe_promise';

/** A session's keys and values. */
export type SessionDict = Record<string, unknown>;

/** A list that follows a session's dictionary. */
export interface LiveView {
  readonly list: unknown[];
  readonly read: (data: SessionDict) => unknown[];
}

/** What a store has of a session. */
export interface StoredSession {
  data: SessionDict;
  /** The stored form, for engines that compare it before they overwrite. */
  revision?: unknown;
  /** When it was last written, in seconds since the epoch, where the store tells. */
  writtenAt?: number;
}

/** Leads from a session to its state, through the proxy and without. */
export const STATE: unique symbol = Symbol('session state');

/** What is known of a session's class without loading it. */
export interface SessionClass {
  readonly name: string;
}

/** The state of one session object. */
export class SessionState {
  /** @param cls the session's class: `constructor` can be a key of the session. */
  constructor(readonly cls: SessionClass) {}

  key: string | null = null;
  /** `undefined` until the session was loaded. */
  data: SessionDict | undefined = undefined;
  accessed = false;
  modified = false;

  /** Top-level keys set or deleted since the store last had the same; `cleared`: all of them. */
  changed: Set<string> | null = null;
  cleared = false;
  /** Keys whose objects the caller can change in place, with the serialised form they had (null: not kept). */
  handedOut: Map<string, string | null> | null = null;
  /** Lists that `keys()`, `values()` and `items()` returned. */
  views: LiveView[] | null = null;

  /** Nothing changed since it was saved: the middleware need not save it again. */
  saved = false;

  /** The save that a transaction has not committed yet, while nothing was changed after it. */
  uncommitted: object | null = null;

  revision: unknown = undefined;
  writtenAt: number | undefined = undefined;
  /** What was read ahead of the first access; and why that failed, for the access to say. */
  ahead: MaybePromise<StoredSession | null> | undefined = undefined;
  aheadFailed: { readonly error: unknown } | null = null;

  /** The last of the operations under way: they run one after the other. */
  tail: Promise<unknown> | null = null;
  /** Whether a middleware will wait for what nobody awaited. */
  attended = false;
  /** Operations whose outcome it has not asked for yet. */
  unsettled: Operation[] | null = null;

  /** Marks a key as changed. */
  touch(key: string): void {
    this.modified = true;
    this.unsaved();
    this.changed ??= new Set();
    this.changed.add(key);
    this.handedOut?.delete(key);
  }

  /** Notes that the next save has something to do. */
  unsaved(): void {
    this.saved = false;
    this.uncommitted = null;
  }

  /** Forgets what distinguishes memory from the store, after they became the same. */
  settled(): void {
    this.changed = null;
    this.cleared = false;
  }
}

/** An operation that the middleware may have to wait for. */
export interface Operation {
  readonly promise: Promise<unknown>;
  observed: boolean;
}
