/**
 * Sessions in files, one each, in the folder SESSION_FILE_PATH. Reading is synchronous (a small file, usually in
 * memory); writing is not, for it waits for the disk. Django: `django.contrib.sessions.backends.file`.
 */
import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { settings } from '../../../conf';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { getLogger } from '../../../utils/log';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { decodeSession } from '../store/codec';
import { EXPIRY_KEY, expiryDate } from '../store/expiry';
import { writeNew, writeOver } from '../store/file_io';
import { withLock } from '../store/file_lock';
import { ensureItems } from '../store/items';
import { isPossibleKey, requirePossibleKey } from '../store/keys';
import { mergeChanges, performSave, type Saved, type Saving } from '../store/saving';
import { belongsTo, pause } from '../store/sweep';
import {
  type ClearExpiredOptions,
  CreateError,
  type EndUserSessionsOptions,
  SessionBase,
  type SessionDict,
  STATE,
  type StoredSession,
  UpdateError,
} from './base';

/** Session store in files. */
export class SessionStore extends SessionBase {
  static override readsAtOnce(): boolean {
    return true;
  }

  /**
   * The folder of the files.
   *
   * @throws ImproperlyConfigured if there is no such folder.
   */
  static storagePath(): string {
    const folder = settings.SESSION_FILE_PATH || tmpdir();
    if (folder !== checkedFolder) {
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new ImproperlyConfigured(
          `The session storage path '${folder}' doesn't exist. Please set your SESSION_FILE_PATH setting to an ` +
            'existing directory in which tsango can store session data.',
        );
      }
      checkedFolder = folder;
    }
    return folder;
  }

  override doLoad(): MaybePromise<StoredSession | null> {
    const { key } = this[STATE];
    if (!isPossibleKey(key)) return null;
    const file = fileOf(this, key);
    try {
      const text = readFileSync(file, 'latin1');
      return stored(this, text, statSync(file).mtimeMs);
    } catch (error) {
      if (isMissing(error)) return null;
      // Django takes any failure for a session that is not there. So do we, and say what happened.
      getLogger('tsango.contrib.sessions').exception(`Error reading the session file '${file}'.`, error);
      return null;
    }
  }

  override doExists(sessionKey: string): boolean {
    if (!isPossibleKey(sessionKey)) return false;
    return statSync(fileOf(this, sessionKey), { throwIfNoEntry: false }) !== undefined;
  }

  override doSave(mustCreate: boolean): MaybePromise<void> {
    const state = this[STATE];
    if (state.key === null) return this.doCreate();
    return then(ensureItems(this, mustCreate), (data) =>
      performSave(this, data, (saving) => {
        if (state.key === null) throw gone();
        const file = fileOf(this, state.key);
        return mustCreate ? createFile(this, file, data) : updateFile(this, file, saving);
      }),
    );
  }

  override async doDelete(sessionKey: string): Promise<void> {
    if (!isPossibleKey(sessionKey)) return;
    const file = fileOf(this, sessionKey);
    await withLock(file, () => unlink(file).catch(unlessMissing));
  }

  /** Removes the files of expired sessions, letting requests through after each batch. */
  static override async clearExpired(options: ClearExpiredOptions = {}): Promise<number> {
    const { batchSize = 1000, progress } = options;
    let removed = 0;
    let seen = 0;
    for (const key of await sessionKeys(this.storagePath())) {
      const session = new (this as unknown as new (key: string) => SessionStore)(key);
      if (session.doLoad() === null) {
        await session.doDelete(key);
        removed += 1;
      }
      seen += 1;
      if (seen % batchSize === 0) {
        progress?.(removed);
        await pause();
      }
    }
    progress?.(removed);
    return removed;
  }

  static override async endUserSessions(
    userId: unknown,
    options: EndUserSessionsOptions = {},
  ): Promise<number> {
    let ended = 0;
    for (const key of await sessionKeys(this.storagePath())) {
      if (key === options.except) continue;
      const session = new (this as unknown as new (key: string) => SessionStore)(key);
      const stored = await session.doLoad();
      if (stored === null || !belongsTo(stored.data, userId)) continue;
      await session.doDelete(key);
      ended += 1;
    }
    return ended;
  }
}

/** The file of a session. @throws InvalidSessionKey for a key that could lead out of the folder. */
function fileOf(session: SessionStore, sessionKey: string): string {
  const folder = (session[STATE].cls as typeof SessionStore).storagePath();
  return path.join(folder, settings.SESSION_COOKIE_NAME + requirePossibleKey(sessionKey));
}

function stored(session: SessionStore, text: string, modified: number): StoredSession | null {
  // Django makes an empty file first; one that was not filled any more is an empty session.
  const decoded = text === '' ? null : decodeSession(text, session.keySalt, session.serializer);
  const data = decoded?.data ?? {};
  const expiry = Object.hasOwn(data, EXPIRY_KEY) ? data[EXPIRY_KEY] : null;
  if (expiryDate(expiry, modified, session.getSessionCookieAge()).getTime() <= Date.now()) return null;
  return { data, revision: text, writtenAt: Math.floor(modified / 1000) };
}

async function createFile(session: SessionStore, file: string, data: SessionDict): Promise<Saved> {
  const text = session.encode(data);
  if (!(await writeNew(file, text))) throw new CreateError('A session of that key exists already.');
  return { stored: data, revision: text };
}

function updateFile(session: SessionStore, file: string, saving: Saving): Promise<Saved> {
  // Encoded at once, as the other engines do: an error of it is the caller's.
  const own = session.encode(saving.data);
  return withLock(file, async () => {
    const current = await readFile(file, 'latin1').catch((error: unknown) => {
      throw isMissing(error) ? gone() : error;
    });
    const merging = settings.SESSION_MERGE_CONCURRENT_WRITES && current !== session[STATE].revision;
    const stored = merging ? mergeChanges(saving, decodeFile(session, current)) : saving.data;
    const text = merging ? session.encode(stored) : own;
    await writeOver(file, text);
    return { stored, revision: text };
  });
}

function decodeFile(session: SessionStore, text: string): Record<string, unknown> {
  return text === '' ? {} : session.decode(text);
}

/** The folder that was found to be there. */
let checkedFolder: string | undefined;

/** The keys of the sessions in a folder. Temporary and lock files have letters that no key has. */
async function sessionKeys(folder: string): Promise<string[]> {
  const prefix = settings.SESSION_COOKIE_NAME;
  return (await readdir(folder))
    .filter((name) => name.startsWith(prefix) && isPossibleKey(name.slice(prefix.length)))
    .map((name) => name.slice(prefix.length));
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT';
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function gone(): UpdateError {
  return new UpdateError('The session was deleted.');
}
