import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { runChecks } from 'tsango/core/checks';
import { CommandError, callCommand } from 'tsango/core/management';
import { createSessionTable, dropSessionTable } from '../../support/session_table';
import { SQLITE_ENGINE } from '../../support/sqlite';

const PREFIX = 'tsango.contrib.sessions.backends.';
const STRONG = 'kTq8#v2LmZ0pX7sR4wYb9NcJ6hGf3DaE1uQiOxKyWzVtBnMrSl';
const folder = mkdtempSync(path.join(tmpdir(), 'checks-'));

beforeAll(async () => {
  resetSettings();
  configure({
    SECRET_KEY: STRONG,
    INSTALLED_APPS: ['tsango.contrib.sessions'],
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    LOGGING_CONFIG: null,
  });
  apps.populate();
  await createSessionTable();
});
afterAll(async () => {
  await dropSessionTable();
  apps.reset();
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

/** The output of a command. */
async function output(name: string, ...args: unknown[]): Promise<string> {
  let text = '';
  const stdout = { write: (part: string) => (text += part) };
  await callCommand(name, ...(args as never[]), { stdout } as never);
  return text;
}

describe('clearsessions', () => {
  async function expired(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const session = new SessionStore();
      session.setExpiry(-1);
      await session.save();
    }
  }

  it('removes what has expired, and prints the count', async () => {
    await expired(5);
    const live = new SessionStore();
    live['a'] = 1;
    await live.save();
    expect(await output('clearsessions', '--batch-size', '2')).toBe('Removed 5 expired sessions.\n');
    expect(await output('clearsessions')).toBe('Removed 0 expired sessions.\n');
    await expired(1);
    expect(await output('clearsessions')).toBe('Removed 1 expired session.\n');
    expect(new SessionStore(live.sessionKey)['a']).toBe(1);
  });

  it('says what it cannot do', async () => {
    await expect(output('clearsessions', '--batch-size', 'none')).rejects.toThrow(
      new CommandError("--batch-size must be a positive number, not 'none'."),
    );
    class Engine extends SessionStore {
      static override clearExpired = Object.getPrototypeOf(SessionStore)
        .clearExpired as typeof SessionStore.clearExpired;
    }
    const clear = jest.spyOn(SessionStore, 'clearExpired').mockImplementation(Engine.clearExpired);
    await expect(output('clearsessions')).rejects.toThrow(
      new CommandError(`Session engine '${PREFIX}db' doesn't support clearing expired sessions.`),
    );
    clear.mockRestore();
  });
});

describe('check', () => {
  async function ids(values: Partial<Settings>): Promise<string[]> {
    return overrideSettings(values, async () =>
      (await runChecks()).map(({ id }) => String(id)).filter((id) => id.startsWith('sessions.')),
    );
  }

  it.each<[string, Partial<Settings>, string[]]>([
    ['the defaults', {}, []],
    ['an engine that is not there', { SESSION_ENGINE: `${PREFIX}nowhere` }, ['sessions.E001']],
    [
      'a folder that is not there',
      { SESSION_ENGINE: `${PREFIX}file`, SESSION_FILE_PATH: path.join(folder, 'missing') },
      ['sessions.E001'],
    ],
    ['a folder that is there', { SESSION_ENGINE: `${PREFIX}file`, SESSION_FILE_PATH: folder }, []],
    ['a secure cookie, and no trusted proxy', { SESSION_COOKIE_SECURE: true }, ['sessions.W001']],
    [
      'a secure cookie behind a trusted proxy',
      { SESSION_COOKIE_SECURE: true, SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'] },
      [],
    ],
    ['SameSite=None without Secure', { SESSION_COOKIE_SAMESITE: 'None' }, ['sessions.W002']],
    [
      'signed cookies that scripts can read',
      { SESSION_ENGINE: `${PREFIX}signed_cookies`, SESSION_COOKIE_HTTPONLY: false },
      ['sessions.W003'],
    ],
    [
      'signed cookies under a short key',
      { SESSION_ENGINE: 'django.contrib.sessions.backends.signed_cookies', SECRET_KEY: 'short' },
      ['sessions.W004'],
    ],
    [
      'signed cookies under a key that startproject made',
      { SESSION_ENGINE: `${PREFIX}signed_cookies`, SECRET_KEY: `django-insecure-${STRONG}` },
      ['sessions.W004'],
    ],
    [
      'signed cookies under a key that startproject once made',
      { SESSION_ENGINE: `${PREFIX}signed_cookies`, SECRET_KEY: `insecure-${STRONG}` },
      ['sessions.W004'],
    ],
    [
      'signed cookies under a short older key',
      { SESSION_ENGINE: `${PREFIX}signed_cookies`, SECRET_KEY_FALLBACKS: ['short'] },
      ['sessions.W004'],
    ],
    [
      'a cache that is not there',
      { SESSION_ENGINE: `${PREFIX}cache`, SESSION_CACHE_ALIAS: 'x' },
      ['sessions.E002'],
    ],
    [
      'a cache that keeps nothing',
      {
        SESSION_ENGINE: `${PREFIX}cache`,
        CACHES: { default: { BACKEND: 'tsango.core.cache.backends.dummy.DummyCache' } },
      },
      ['sessions.W005'],
    ],
    ['the memory of one process', { SESSION_ENGINE: `${PREFIX}cache` }, ['sessions.W006']],
    ['a touch interval that is too long', { SESSION_TOUCH_INTERVAL: 2_000_000 }, ['sessions.W007']],
  ])('judges %s', async (_what, values, expected) => {
    expect(await ids(values)).toEqual(expected);
  });
});
