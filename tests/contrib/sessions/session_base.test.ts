import { inspect } from 'node:util';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { SessionBase, type StoredSession } from 'tsango/contrib/sessions';
import { type SessionDict, STATE } from 'tsango/contrib/sessions/backends/base';
import { AttributeError, KeyError, SynchronousOnlyOperation, ValueError } from 'tsango/core/exceptions';
import { Duration } from 'tsango/utils/duration';

/** A store in a Map, for what every session can do whatever its store. */
class MemorySession extends SessionBase {
  static rows = new Map<string, string>();

  override get keySalt(): string {
    return 'memory';
  }

  override doLoad(): StoredSession | null | Promise<StoredSession | null> {
    const text = MemorySession.rows.get(this.sessionKey ?? '');
    return text === undefined ? null : { data: this.decode(text), revision: text };
  }

  override doSave(mustCreate: boolean): void | Promise<void> {
    const state = this[STATE];
    if (state.key === null) return this.doCreate();
    this.keys();
    if (!mustCreate && !MemorySession.rows.has(state.key)) throw new Error('gone');
    MemorySession.rows.set(state.key, this.encode(state.data ?? {}));
  }

  override doExists(key: string): boolean {
    return MemorySession.rows.has(key);
  }

  override doDelete(key: string): void {
    MemorySession.rows.delete(key);
  }
}

/** The same, answering later. */
class SlowSession extends MemorySession {
  override async doLoad(): Promise<StoredSession | null> {
    await Promise.resolve();
    return super.doLoad();
  }
}

async function stored(items: SessionDict): Promise<string> {
  const session = new MemorySession();
  session.update(items);
  await session.save();
  return session.sessionKey as string;
}

beforeAll(() => {
  resetSettings();
  configure({ SECRET_KEY: 'a secret of the tests' });
});
afterAll(resetSettings);
beforeEach(() => MemorySession.rows.clear());
afterEach(() => {
  jest.useRealTimers();
});

describe('the bracket syntax', () => {
  it('reads, writes, asks and deletes', () => {
    const session = new MemorySession();
    session['name'] = 'amrit panta';
    expect(session['name']).toBe('amrit panta');
    expect('name' in session).toBe(true);
    expect(delete session['name']).toBe(true);
    expect('name' in session).toBe(false);
  });

  it('throws KeyError for a missing key, read or deleted', () => {
    const session = new MemorySession();
    expect(() => session['name']).toThrow(new KeyError('name'));
    expect(() => delete session['name']).toThrow(new KeyError('name'));
  });

  it('refuses keys that are names of methods, and says what to call', () => {
    const session = new MemorySession() as unknown as Record<string, unknown>;
    expect(() => {
      session['keys'] = 1;
    }).toThrow(
      new AttributeError(
        "'keys' cannot be a key of MemorySession in brackets: it is a method or property of sessions (keys() lists " +
          'the keys). Choose another key.',
      ),
    );
    expect(() => {
      session['sessionKey'] = 'abcdefgh';
    }).toThrow(AttributeError);
    expect(session['keys']).toBeInstanceOf(Function);
  });

  it('takes the names of Object.prototype for ordinary keys', async () => {
    const session = new MemorySession();
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(key in session).toBe(false);
      session[key] = `value of ${key}`;
      expect(session[key]).toBe(`value of ${key}`);
      expect(session.get(key)).toBe(`value of ${key}`);
    }
    await session.save();
    const again = new MemorySession(session.sessionKey);
    expect(again.keys()).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    expect(again.get('__proto__')).toBe('value of __proto__');
    expect(({} as Record<string, unknown>)['value of __proto__']).toBeUndefined();
    // biome-ignore lint/suspicious/noProto: here it is a key like any other.
    expect(delete again['__proto__']).toBe(true);
    expect(again.has('__proto__')).toBe(false);
  });

  it('does not throw when the runtime or a tool probes it', async () => {
    const session = new MemorySession();
    session['cart'] = { items: [1] };
    expect(await session).toBe(session);
    expect(JSON.stringify(session)).toBe('{"cart":{"items":[1]}}');
    expect(inspect(session)).toBe('MemorySession { cart: { items: [ 1 ] } }');
    expect(`${session}`).toBe('<MemorySession>');
    expect(Object.prototype.toString.call(session)).toBe('[object Session]');
    expect(session instanceof SessionBase).toBe(true);
    expect(session.constructor).toBe(MemorySession);
    expect({ ...session }).toEqual({ cart: { items: [1] } });
    expect(Object.keys(session)).toEqual(['cart']);
    expect([...session]).toEqual(['cart']);
    expect(() => Object.freeze(session)).toThrow(TypeError);
  });

  it('does not throw when a session that is not loaded is probed', async () => {
    const session = new SlowSession(await stored({ name: 'amrit' }));
    expect(await session).toBe(session);
    expect(inspect(session)).toBe('SlowSession {}');
    expect(session.accessed).toBe(false);
  });

  it('refuses undefined, which would vanish', () => {
    const session = new MemorySession() as unknown as Record<string, unknown>;
    expect(() => {
      session['name'] = undefined;
    }).toThrow(
      new TypeError(
        "The session cannot keep undefined as 'name'. Store null, or remove the key with delete.",
      ),
    );
  });
});

describe('the methods of a dictionary', () => {
  it('get, pop, setdefault, update, has', () => {
    const session = new MemorySession();
    expect(session.get('name')).toBeNull();
    expect(session.get('name', 'nobody')).toBe('nobody');
    expect(session.modified).toBe(false);
    expect(session.setdefault('age', 25)).toBe(25);
    expect(session.setdefault('age', 26)).toBe(25);
    session.update({ name: 'amrit' });
    session.update(new Map([['city', 'Pokhara']]));
    expect(session.items()).toEqual([
      ['age', 25],
      ['name', 'amrit'],
      ['city', 'Pokhara'],
    ]);
    expect(session.values()).toEqual([25, 'amrit', 'Pokhara']);
    expect(session.pop('age')).toBe(25);
    expect(session.pop('age', null)).toBeNull();
    expect(() => session.pop('age')).toThrow(new KeyError('age'));
    expect(session.has('name')).toBe(true);
    expect(session.hasKey('age')).toBe(false);
  });

  it('keeps falsy values apart from missing ones', () => {
    const session = new MemorySession();
    for (const value of [null, 0, '', false]) {
      session['x'] = value;
      expect(session['x']).toBe(value);
      expect(session.get('x', 'default')).toBe(value);
      expect('x' in session).toBe(true);
      expect(session.setdefault<unknown>('x', 'default')).toBe(value);
    }
  });

  it('pop of a missing key does not modify', () => {
    const session = new MemorySession();
    session.pop('x', null);
    expect(session.modified).toBe(false);
    expect(session.accessed).toBe(true);
  });

  it('lists follow the session, until flush() starts a new one', async () => {
    const session = new MemorySession();
    session['name'] = 'amrit panta';
    const [keys, items, values] = [session.keys(), session.items(), session.values()];
    session.setdefault('age', 25);
    await session.flush();
    session['other'] = 1;
    expect(keys).toEqual(['name', 'age']);
    expect(items).toEqual([
      ['name', 'amrit panta'],
      ['age', 25],
    ]);
    expect(values).toEqual(['amrit panta', 25]);
    expect(session.keys()).toEqual(['other']);
  });

  it('a loop over the keys may delete them', () => {
    const session = new MemorySession();
    session.update({ a: 1, b: 2, c: 3 });
    for (const key of session.keys()) delete session[key];
    expect(session.keys()).toEqual([]);
  });

  it('sets and checks the test cookie', () => {
    const session = new MemorySession();
    expect(session.testCookieWorked()).toBe(false);
    session.setTestCookie();
    expect(session.testCookieWorked()).toBe(true);
    expect(session['testcookie']).toBe('worked');
    session.deleteTestCookie();
    expect(session.testCookieWorked()).toBe(false);
    expect(() => session.deleteTestCookie()).toThrow(new KeyError('testcookie'));
  });
});

describe('accessed and modified', () => {
  it('are what they are in Django', async () => {
    const key = await stored({ name: 'amrit' });
    const session = new MemorySession(key);
    expect([session.accessed, session.modified]).toEqual([false, false]);
    session.isEmpty();
    expect(session.accessed).toBe(false);
    expect('name' in session).toBe(true);
    expect([session.accessed, session.modified]).toEqual([true, false]);
    session['name'] = 'amrit';
    expect(session.modified).toBe(true);
  });

  it('clear() needs no loading', async () => {
    const session = new SlowSession(await stored({ name: 'amrit' }));
    session.clear();
    expect([session.accessed, session.modified]).toEqual([true, true]);
    expect(session.keys()).toEqual([]);
  });

  it('notice a change inside of a stored object', async () => {
    const session = new MemorySession(await stored({ cart: { items: [1] }, name: 'amrit' }));
    const cart = session['cart'] as { items: number[] };
    expect(session.modified).toBe(false);
    cart.items.push(2);
    expect(session.modified).toBe(true);
    await session.save();
    expect(new MemorySession(session.sessionKey)['cart']).toEqual({ items: [1, 2] });
  });

  it.each(['get', 'items', 'values', 'spread'] as const)(
    'notice it however the object was reached: %s',
    async (how) => {
      const session = new MemorySession(await stored({ list: [1] }));
      const reach = {
        get: () => session.get('list'),
        items: () => session.items()[0]?.[1],
        values: () => session.values()[0],
        spread: () => ({ ...session })['list'],
      };
      (reach[how]() as number[]).push(2);
      expect(session.modified).toBe(true);
    },
  );

  it('do not, with SESSION_SAVE_NESTED_CHANGES off', async () => {
    await overrideSettings({ SESSION_SAVE_NESTED_CHANGES: false }, async () => {
      const session = new MemorySession(await stored({ cart: { items: [1] } }));
      (session['cart'] as { items: number[] }).items.push(2);
      expect(session.modified).toBe(false);
    });
  });

  it('a read alone changes nothing', async () => {
    const session = new MemorySession(await stored({ cart: { items: [1] } }));
    JSON.stringify(session['cart']);
    expect(session.modified).toBe(false);
  });
});

describe('a store that answers later', () => {
  it('is not waited for behind your back', async () => {
    const session = new SlowSession(await stored({ name: 'amrit' }));
    expect(() => session['name']).toThrow(
      new SynchronousOnlyOperation(
        'This session is not loaded, and its store answers later: await session.load() before reading it.',
      ),
    );
    expect(await session.load()).toEqual({ name: 'amrit' });
    expect(session['name']).toBe('amrit');
  });

  it('runs un-awaited operations in order', async () => {
    const session = new SlowSession(await stored({ name: 'amrit' }));
    const old = session.sessionKey as string;
    void session.load();
    void session.cycleKey();
    await session.save();
    expect(session.sessionKey).not.toBe(old);
    expect([...MemorySession.rows.keys()]).toEqual([session.sessionKey]);
    expect(session['name']).toBe('amrit');
  });
});

describe('keys', () => {
  it('are 32 letters and digits from a generator for secrets', async () => {
    const keys = new Set<string>();
    for (let i = 0; i < 100; i++) keys.add(await stored({}));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[a-z0-9]{32}$/);
  });

  it('shorter than eight letters are none', () => {
    expect(new MemorySession('1234567').sessionKey).toBeNull();
    expect(new MemorySession('').sessionKey).toBeNull();
    expect(new MemorySession('12345678').sessionKey).toBe('12345678');
  });

  it('that the store does not know are not adopted', async () => {
    const session = new MemorySession('someoneelseskey');
    expect(session.get('name')).toBeNull();
    expect(session.sessionKey).toBeNull();
    session['name'] = 'amrit';
    await session.save();
    expect(session.sessionKey).not.toBe('someoneelseskey');
    expect(MemorySession.rows.has('someoneelseskey')).toBe(false);
  });

  it('flush() forgets items and key, in memory at once and in the store', async () => {
    const session = new MemorySession(await stored({ name: 'amrit' }));
    expect(session['name']).toBe('amrit');
    const done = session.flush();
    expect([session.sessionKey, session.keys()]).toEqual([null, []]);
    await done;
    expect(MemorySession.rows.size).toBe(0);
    expect(session.isEmpty()).toBe(true);
  });

  it('cycleKey() keeps the items under another key, and the old one is dead', async () => {
    const key = await stored({ name: 'amrit' });
    const session = new MemorySession(key);
    await session.cycleKey();
    expect(session.sessionKey).not.toBe(key);
    expect(await session.exists(key)).toBe(false);
    expect(new MemorySession(session.sessionKey)['name']).toBe('amrit');
  });
});

describe('expiry', () => {
  const now = new Date('2026-11-22T17:01:00.250Z');
  beforeEach(() => jest.useFakeTimers({ now }));

  it('is the cookie age unless set', () => {
    const session = new MemorySession();
    expect(session.getExpiryAge()).toBe(1_209_600);
    expect(session.getExpiryDate()).toEqual(new Date(now.getTime() + 1_209_600_000));
    expect(session.getExpireAtBrowserClose()).toBe(false);
  });

  it('takes seconds of inactivity', () => {
    const session = new MemorySession();
    session.setExpiry(10);
    expect(session['_session_expiry']).toBe(10);
    expect(session.getExpiryAge()).toBe(10);
    expect(session.getExpiryDate()).toEqual(new Date(now.getTime() + 10_000));
    const modification = new Date(now.getTime() + 5000);
    expect(session.getExpiryDate({ modification })).toEqual(new Date(now.getTime() + 15_000));
  });

  it('takes a moment and a duration, stored as Django stores them', () => {
    const session = new MemorySession();
    session.setExpiry(new Date(now.getTime() + 10_000));
    expect(session['_session_expiry']).toBe('2026-11-22T17:01:10.250000+00:00');
    expect(session.getExpiryAge()).toBe(10);
    session.setExpiry(new Duration({ hours: 1 }));
    expect(session['_session_expiry']).toBe('2026-11-22T18:01:00.250000+00:00');
    expect(session.getExpiryAge()).toBe(3600);
    jest.setSystemTime(now.getTime() + 3_600_500);
    expect(session.getExpiryAge()).toBe(-1);
  });

  it('0 ends with the browser, null goes back to the settings', () => {
    const session = new MemorySession();
    session.setExpiry(0);
    expect(session.getExpireAtBrowserClose()).toBe(true);
    expect(session.getExpiryAge()).toBe(1_209_600);
    session.setExpiry(null);
    session.setExpiry(null);
    expect('_session_expiry' in session).toBe(false);
    expect(session.getExpireAtBrowserClose()).toBe(false);
  });

  it('follows SESSION_EXPIRE_AT_BROWSER_CLOSE unless set', async () => {
    await overrideSettings({ SESSION_EXPIRE_AT_BROWSER_CLOSE: true }, () => {
      const session = new MemorySession();
      expect(session.getExpireAtBrowserClose()).toBe(true);
      session.setExpiry(300);
      expect(session.getExpireAtBrowserClose()).toBe(false);
    });
  });

  it('keeps naive times in TIME_ZONE with USE_TZ off', async () => {
    await overrideSettings({ USE_TZ: false, TIME_ZONE: 'America/Chicago' }, () => {
      const session = new MemorySession();
      session.setExpiry(new Date(now.getTime() + 10_000));
      expect(session['_session_expiry']).toBe('2026-11-22T11:01:10.250000');
      expect(session.getExpiryAge()).toBe(10);
    });
  });

  it('reads what Django wrote, with microseconds', () => {
    const session = new MemorySession();
    session['_session_expiry'] = '2026-11-22T17:02:00.123456+00:00';
    expect(session.getExpiryAge()).toBe(59);
    session['_session_expiry'] = '2026-11-22T18:02:00+01:00';
    expect(session.getExpiryAge()).toBe(59);
    session['_session_expiry'] = 'next week';
    expect(session.getExpiryAge()).toBe(1_209_600);
  });

  it('refuses what is no time', () => {
    const session = new MemorySession();
    expect(() => session.setExpiry(Number.NaN)).toThrow(
      new ValueError('setExpiry() takes a finite number of seconds.'),
    );
    expect(() => session.setExpiry(new Date(Number.NaN))).toThrow(
      new ValueError('setExpiry() takes a valid Date.'),
    );
  });
});

describe("an engine's own fields", () => {
  it('are properties, not keys of the session', () => {
    class Engine extends MemorySession {
      prefix: string;
      constructor(key: string | null = null) {
        super(key);
        this.prefix = 'p';
      }
    }
    const session = new Engine();
    expect(session.prefix).toBe('p');
    expect(session.keys()).toEqual([]);
    expect(session.modified).toBe(false);
    session.prefix = 'q';
    expect(session.prefix).toBe('q');
    expect(session.keys()).toEqual([]);
  });

  it('may be private', () => {
    class Engine extends MemorySession {
      #count = 0;
      next(): number {
        this.#count += 1;
        return this.#count;
      }
    }
    const session = new Engine();
    expect([session.next(), session.next()]).toEqual([1, 2]);
  });
});
