/**
 * Sessions: a dictionary for each visitor. Django: `django.contrib.sessions.backends.base`;
 * https://docs.djangoproject.com/en/5.2/topics/http/sessions/
 */
import { settings } from '../../../conf';
import type { Serializer, SerializerClass } from '../../../core/signing';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { importSetting } from '../../../utils/module_loading';
import { NotImplementedError } from '../exceptions';
import { decodeSession, encodeSession } from '../store/codec';
import { createSession, replaceKey } from '../store/create';
import { type SessionData, SessionDictionary } from '../store/dictionary';
import { EXPIRY_KEY, type ExpiryValue, expiryAge, expiryDate, storedExpiry } from '../store/expiry';
import { adopt, deleteItem, itemsOf, noticeNestedChanges, setItem, storedOf } from '../store/items';
import { isKey } from '../store/keys';
import { operate } from '../store/operations';
import { sessionProxy } from '../store/proxy';
import { type SessionDict, SessionState, STATE } from '../store/state';
import type { ClearExpiredOptions, EndUserSessionsOptions, ExpiryOptions } from '../store/types';

export { CreateError, UpdateError } from '../exceptions';
export type { SessionData, SessionUpdate } from '../store/dictionary';
export type { ExpiryValue } from '../store/expiry';
export { VALID_KEY_CHARS } from '../store/keys';
export { type SessionDict, STATE, type StoredSession } from '../store/state';
export type {
  ClearExpiredOptions,
  EndUserSessionsOptions,
  ExpiryOptions,
  SessionStoreClass,
} from '../store/types';

/** The keys that a site declares are keys of every session. */
export interface SessionBase extends SessionData {}

/**
 * A session. Its items are read and written in brackets (`session['name']`), or by the methods of a dictionary.
 *
 * Methods that do input or output change memory at once and return a promise. Within a request nobody has to
 * await them: the middleware does.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see above.
export abstract class SessionBase extends SessionDictionary {
  static readonly TEST_COOKIE_NAME = 'testcookie';
  static readonly TEST_COOKIE_VALUE = 'worked';

  constructor(sessionKey: string | null = null) {
    super();
    const state = new SessionState(new.target);
    this[STATE] = state;
    if (isKey(sessionKey)) state.key = sessionKey;
    // biome-ignore lint/correctness/noConstructorReturn: a session is a proxy over itself: see proxy.ts.
    return sessionProxy(this, new.target as unknown as new (key: string | null) => SessionBase);
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
    return createSession(this);
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
