/**
 * Sessions: a dictionary for each visitor. Django: `django.contrib.sessions.backends.base`;
 * https://docs.djangoproject.com/en/5.2/topics/http/sessions/
 */
import { type InspectOptions, inspect } from 'node:util';
import { settings } from '../../../conf';
import { KeyError } from '../../../core/exceptions';
import type { Serializer, SerializerClass } from '../../../core/signing';
import { getRandomString } from '../../../utils/crypto';
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import { importSetting } from '../../../utils/module_loading';
import { GET_ITEM, HAS_ITEM } from '../../../utils/subscriptable';
import { CreateError, InvalidSessionKey, NotImplementedError } from '../exceptions';
import { decodeSession, encodeSession } from '../store/codec';
import {
  EXPIRY_KEY,
  type ExpiryValue,
  expiryAge,
  expiryDate,
  type StoredExpiry,
  storedExpiry,
} from '../store/expiry';
import {
  adopt,
  assign,
  deleteItem,
  getItem,
  handOut,
  itemsOf,
  noticeNestedChanges,
  setItem,
  storedOf,
} from '../store/items';
import { operate } from '../store/operations';
import { sessionProxy } from '../store/proxy';
import { type SessionDict, SessionState, STATE, type StoredSession } from '../store/state';
import { liveView } from '../store/views';

export { CreateError, UpdateError } from '../exceptions';
export type { ExpiryValue } from '../store/expiry';
export { type SessionDict, STATE, type StoredSession } from '../store/state';

/** Lower case only: some engines keep sessions where upper and lower case are the same. */
export const VALID_KEY_CHARS = 'abcdefghijklmnopqrstuvwxyz0123456789';

const KEY_LENGTH = 32;

/** So many new keys are tried before an engine is taken to be out of order. */
const CREATE_ATTEMPTS = 100;

/**
 * The types of a site's own keys, declared by augmentation:
 *
 * ```ts
 * declare module 'tsango/contrib/sessions' { interface SessionData { name: string } }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: sites fill it.
export interface SessionData {}

/** What `getExpiryAge` and `getExpiryDate` can be told instead of finding out. */
export interface ExpiryOptions {
  /** When the session was changed. Default: now. */
  modification?: Date;
  /** As stored, or as given to `setExpiry`. Default: the session's own. */
  expiry?: StoredExpiry;
}

/** What `update` takes. */
export type SessionUpdate = Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>;

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

/** The keys that a site declares are keys of every session. */
export interface SessionBase extends SessionData {}

/**
 * A session. Its items are read and written in brackets (`session['name']`), or by the methods of a dictionary.
 *
 * Methods that do input or output change memory at once and return a promise. Within a request nobody has to
 * await them: the middleware does.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see above.
export abstract class SessionBase {
  static readonly TEST_COOKIE_NAME = 'testcookie';
  static readonly TEST_COOKIE_VALUE = 'worked';

  [key: string]: unknown;
  declare [STATE]: SessionState;

  constructor(sessionKey: string | null = null) {
    const state = new SessionState(new.target);
    this[STATE] = state;
    if (isKey(sessionKey)) state.key = sessionKey;
    // biome-ignore lint/correctness/noConstructorReturn: a session is a proxy over itself: see proxy.ts.
    return sessionProxy(this, new.target as unknown as new (key: string | null) => SessionBase);
  }

  // The dictionary -------------------------------------------------------------------------------------------

  /** The value of a key, or `defaultValue` (null) if there is none. */
  get<K extends keyof SessionData>(key: K): SessionData[K] | null;
  get<K extends keyof SessionData, D>(key: K, defaultValue: D): Exclude<SessionData[K], undefined> | D;
  get(key: string, defaultValue?: unknown): unknown;
  get(key: string, defaultValue: unknown = null): unknown {
    const data = itemsOf(this);
    return Object.hasOwn(data, key) ? handOut(this[STATE], key, data[key]) : defaultValue;
  }

  /**
   * Takes a key out of the session and returns its value.
   *
   * @throws KeyError if there is none and no default is given.
   */
  pop(key: string, ...defaultValue: [value?: unknown]): unknown {
    const data = itemsOf(this);
    if (!Object.hasOwn(data, key)) {
      if (defaultValue.length === 0) throw new KeyError(key);
      return defaultValue[0];
    }
    const value = data[key];
    deleteItem(this, key);
    return value;
  }

  /** The value of a key; if there is none, sets it to `value`. */
  setdefault<K extends keyof SessionData>(key: K, value: SessionData[K]): SessionData[K];
  setdefault<T>(key: string, value: T): T;
  setdefault(key: string, value: unknown): unknown {
    if (Object.hasOwn(itemsOf(this), key)) return getItem(this, key);
    setItem(this, key, value);
    return value;
  }

  /** Sets several keys. */
  update(items: SessionUpdate): void {
    itemsOf(this);
    const pairs =
      Symbol.iterator in items ? (items as Iterable<readonly [string, unknown]>) : Object.entries(items);
    for (const [key, value] of pairs) setItem(this, key, value);
    this[STATE].modified = true;
  }

  /** For templates, where a key comes before a method of the same name. @internal */
  [HAS_ITEM](key: string): boolean {
    return this.has(key);
  }

  /** @internal */
  [GET_ITEM](key: string): unknown {
    return this.get(key);
  }

  /** Whether the session has a key: `key in session`. */
  has(key: string): boolean {
    return Object.hasOwn(itemsOf(this), key);
  }

  /** `has`. Django: `has_key`. */
  hasKey(key: string): boolean {
    return this.has(key);
  }

  /** The keys. As in Python the list follows the session: what is set later is in it. */
  keys(): string[] {
    return liveView(this[STATE], itemsOf(this), (data) => Object.keys(data));
  }

  /** The values. The list follows the session. */
  values(): unknown[] {
    const state = this[STATE];
    return liveView(state, itemsOf(this), (data) =>
      Object.keys(data).map((key) => handOut(state, key, data[key])),
    );
  }

  /** Pairs of key and value. The list follows the session. */
  items(): [string, unknown][] {
    const state = this[STATE];
    return liveView(state, itemsOf(this), (data) =>
      Object.keys(data).map((key): [string, unknown] => [key, handOut(state, key, data[key])]),
    );
  }

  /** Removes every key. */
  clear(): void {
    const state = this[STATE];
    // Nothing is loaded for it: whatever the store has, it will be gone.
    state.data = {};
    state.ahead = undefined;
    state.cleared = true;
    state.unsaved();
    state.changed = null;
    state.handedOut = null;
    state.views = null;
    state.accessed = true;
    state.modified = true;
  }

  /** Whether there is neither a key of the session nor an item in it. */
  isEmpty(): boolean {
    const { key, data } = this[STATE];
    return key === null && (data === undefined || Object.keys(data).length === 0);
  }

  /** The keys, as in Python. */
  [Symbol.iterator](): Iterator<string> {
    return Object.keys(itemsOf(this)).values();
  }

  /** The items as a plain object. */
  toJSON(): SessionDict {
    const copy: SessionDict = {};
    for (const [key, value] of this.items()) assign(copy, key, value);
    return copy;
  }

  [Symbol.toPrimitive](): string {
    return `<${this[STATE].cls.name}>`;
  }

  get [Symbol.toStringTag](): string {
    return 'Session';
  }

  /** Shows what is in memory; loads nothing. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { cls, data = {} } = this[STATE];
    return `${cls.name} ${inspect({ ...data }, options)}`;
  }

  // State ----------------------------------------------------------------------------------------------------

  /** The key of the session; null until it is stored. */
  get sessionKey(): string | null {
    return this[STATE].key;
  }

  /** Whether an item was read or written. Loading ahead is no access. */
  get accessed(): boolean {
    return this[STATE].accessed;
  }
  set accessed(value: boolean) {
    this[STATE].accessed = value;
  }

  /** Whether the session has to be saved. */
  get modified(): boolean {
    const state = this[STATE];
    if (!state.modified) noticeNestedChanges(state);
    return state.modified;
  }
  set modified(value: boolean) {
    const state = this[STATE];
    state.modified = value;
    state.unsaved();
  }

  /** Sets a cookie's worth of session, to see later whether the browser sends it back. */
  setTestCookie(): void {
    setItem(this, SessionBase.TEST_COOKIE_NAME, SessionBase.TEST_COOKIE_VALUE);
  }

  /** Whether the browser sent the test cookie back. */
  testCookieWorked(): boolean {
    return this.get(SessionBase.TEST_COOKIE_NAME) === SessionBase.TEST_COOKIE_VALUE;
  }

  /** @throws KeyError if it was not set. */
  deleteTestCookie(): void {
    deleteItem(this, SessionBase.TEST_COOKIE_NAME);
  }

  // Expiry ---------------------------------------------------------------------------------------------------

  /** Seconds that a session without its own expiry lives. */
  getSessionCookieAge(): number {
    return settings.SESSION_COOKIE_AGE;
  }

  /** Seconds until the session ends. */
  getExpiryAge(options: ExpiryOptions = {}): number {
    const expiry = 'expiry' in options ? options.expiry : this.get(EXPIRY_KEY);
    return expiryAge(expiry, options.modification?.getTime() ?? Date.now(), this.getSessionCookieAge());
  }

  /** The moment at which the session ends. */
  getExpiryDate(options: ExpiryOptions = {}): Date {
    const expiry = 'expiry' in options ? options.expiry : this.get(EXPIRY_KEY);
    return expiryDate(expiry, options.modification?.getTime() ?? Date.now(), this.getSessionCookieAge());
  }

  /**
   * Sets when the session ends: after so many seconds of inactivity, at a moment, after a time from now; 0: when
   * the browser closes; null: as the settings say.
   *
   * @throws ValueError for what is no time.
   */
  setExpiry(value: ExpiryValue): void {
    if (value === null) {
      if (this.has(EXPIRY_KEY)) deleteItem(this, EXPIRY_KEY);
      return;
    }
    setItem(this, EXPIRY_KEY, storedExpiry(value));
  }

  /** Whether the session ends when the browser closes. */
  getExpireAtBrowserClose(): boolean {
    const expiry = this.get(EXPIRY_KEY);
    return expiry === null ? settings.SESSION_EXPIRE_AT_BROWSER_CLOSE : expiry === 0;
  }

  // The store ------------------------------------------------------------------------------------------------

  /**
   * Reads the session from the store. Memory follows unless it has changes of its own.
   *
   * @returns the stored items; none if there is no such session.
   */
  load(): Promise<SessionDict> {
    const state = this[STATE];
    return operate(state, () => {
      if (state.key === null) {
        state.data ??= {};
        return {};
      }
      const stored = state.data === undefined ? storedOf(this) : this.doLoad();
      return then(stored, (found) => {
        noticeNestedChanges(state);
        if (state.modified && state.data !== undefined) return found?.data ?? {};
        return adopt(this, found);
      });
    });
  }

  /**
   * Stores the session; one that has no key yet is created.
   *
   * @param mustCreate true: as a new session.
   * @throws CreateError if it must be new and is not.
   * @throws UpdateError if it was deleted meanwhile.
   */
  save(mustCreate = false): Promise<void> {
    return operate(this[STATE], () => this.doSave(mustCreate));
  }

  /** Stores the session under a new key. */
  create(): Promise<void> {
    return operate(this[STATE], () => this.doCreate());
  }

  /** Whether the store has a session of that key. */
  exists(sessionKey: string): Promise<boolean> {
    return operate(this[STATE], () => this.doExists(sessionKey));
  }

  /** Removes a session from the store: this one, or that of another key. Memory stays as it is. */
  delete(sessionKey: string | null = null): Promise<void> {
    const key = sessionKey ?? this[STATE].key;
    return operate(this[STATE], () => (key === null ? undefined : this.doDelete(key)));
  }

  /** Ends the session: removes it from the store and from memory. For logging out. */
  flush(): Promise<void> {
    const state = this[STATE];
    const { key } = state;
    this.clear();
    state.key = null;
    state.revision = undefined;
    return operate(state, () => (key === null ? undefined : this.doDelete(key)));
  }

  /** Gives the session a new key and keeps its items. For logging in: it makes a key known before worthless. */
  cycleKey(): Promise<void> {
    const state = this[STATE];
    return operate(state, () => {
      if (state.data === undefined && state.key !== null) {
        return then(storedOf(this), (stored) => {
          state.accessed = true;
          adopt(this, stored);
          return replaceKey(this);
        });
      }
      itemsOf(this);
      return replaceKey(this);
    });
  }

  /** Items as a signed string, in the bytes of Django. */
  encode(data: SessionDict): string {
    return encodeSession(data, this.keySalt, this.serializer);
  }

  /** The items of a signed string; none, and a record in the log, if it was tampered with. */
  decode(text: string): SessionDict {
    return decodeSession(text, this.keySalt, this.serializer)?.data ?? {};
  }

  /** The salt of the signature. It contains the name of the class, as Django's does. */
  get keySalt(): string {
    return `django.contrib.sessions.${this[STATE].cls.name}`;
  }

  /** The class that SESSION_SERIALIZER names. */
  get serializer(): SerializerClass {
    return importSetting<new () => Serializer>(settings.SESSION_SERIALIZER as string | SerializerClass);
  }

  // What an engine must implement. These run in order, one at a time, and call each other rather than the public
  // methods, which would wait for them. -----------------------------------------------------------------------

  /** What the store has of the session of this key; null if it has none, or an expired one. Changes nothing. */
  abstract doLoad(): MaybePromise<StoredSession | null>;

  /**
   * Stores the session.
   *
   * @throws CreateError if `mustCreate` and the key is taken.
   * @throws UpdateError if not `mustCreate` and the session is gone.
   */
  abstract doSave(mustCreate: boolean): MaybePromise<void>;

  /** Whether the store has a session of that key. */
  abstract doExists(sessionKey: string): MaybePromise<boolean>;

  /** Removes the session of that key; none of it is no error. */
  abstract doDelete(sessionKey: string): MaybePromise<void>;

  // What an engine may override. -----------------------------------------------------------------------------

  /** Stores the session under a new key. */
  doCreate(): MaybePromise<void> {
    return createSession(this, CREATE_ATTEMPTS);
  }

  /** Called when the session of the key is not there: an unknown key is never adopted. */
  loadFailed(): void {
    this[STATE].key = null;
  }

  /** Whether reading takes no waiting. If so, the middleware leaves it to the first access. */
  static readsAtOnce(): boolean {
    return false;
  }

  /**
   * Removes the sessions that have expired, where the store does not do so by itself.
   *
   * @returns how many were removed.
   * @throws NotImplementedError if the engine cannot.
   */
  static clearExpired(_options?: ClearExpiredOptions): Promise<number> {
    return Promise.reject(new NotImplementedError('This backend does not support clearExpired().'));
  }

  /**
   * Ends every session in which that user is logged in.
   *
   * @returns how many were ended.
   * @throws NotImplementedError if the engine cannot list its sessions.
   */
  static endUserSessions(_userId: unknown, _options?: EndUserSessionsOptions): Promise<number> {
    return Promise.reject(
      new NotImplementedError(
        `This session engine cannot list its sessions. Use the engine 'db', 'cached_db' or 'file' to end all ` +
          'sessions of a user.',
      ),
    );
  }
}

/** Django: `SessionBase._validate_session_key`: eight letters are an arbitrary lower bound for some security. */
export function isKey(key: string | null | undefined): key is string {
  return typeof key === 'string' && key.length >= 8;
}

function createSession(session: SessionBase, attemptsLeft: number): MaybePromise<void> {
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

function replaceKey(session: SessionBase): MaybePromise<void> {
  const { key } = session[STATE];
  // The new session is there before the old one goes: a failure in between loses nothing.
  return then(session.doCreate(), () => (key === null ? undefined : session.doDelete(key)));
}

/**
 * What can be the key of a stored session: the characters that Django and tsango make keys of, and as many as the
 * column holds. A visitor can put anything into the cookie, and stores refuse some of it with an error (NUL in
 * PostgreSQL, spaces in memcached), or take two spellings for one (MySQL, some file systems): a session that a cache
 * keeps under a second name would outlive its logout. So they are not asked for what they cannot have.
 */
export function isPossibleKey(key: string | null): key is string {
  return key !== null && KEY.test(key);
}

const KEY = new RegExp(`^[${VALID_KEY_CHARS}]{8,40}$`);

/** @throws InvalidSessionKey for what cannot be the key of a stored session. */
export function requirePossibleKey(key: string): string {
  if (!isPossibleKey(key)) throw new InvalidSessionKey('Invalid characters in session key');
  return key;
}

/** 165 bits from the operating system's generator. */
export function newSessionKey(): string {
  return getRandomString(KEY_LENGTH, VALID_KEY_CHARS);
}

/** Loads the session if it is not, for an operation under way; `noLoad`: an unloaded one is empty. */
export function ensureItems(session: SessionBase, noLoad: boolean): MaybePromise<SessionDict> {
  const state = session[STATE];
  if (state.data !== undefined) return state.data;
  if (noLoad || state.key === null) {
    state.data = {};
    return state.data;
  }
  return then(storedOf(session), (stored) => adopt(session, stored));
}
