/** Sessions begin, change keys and end; what ended stays so, and no visitor chooses a key. */
import { failure, opened, type SessionEngineHarness, stored } from './harness';

/** What a visitor may put into the cookie. */
const FOREIGN_KEYS = [
  'abcdefghijklmnopqrstuvwxyz012345',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
  '../../../../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '/etc/passwd',
  'sessions/../../x',
  'C:\\windows\\system32',
  "' OR '1'='1' -- ",
  'with a space in it',
  'line\r\nbreak: injected',
  'nul\u0000nul\u0000nul',
  '世界世界世界世界世界世界',
  '\ud800lone surrogate',
  'x'.repeat(5000),
  '::::::::',
  '.eJyrVg:x:y',
];

export function lifecycleOf(harness: SessionEngineHarness): void {
  const { SessionStore, capabilities, given } = harness;

  it('adopts no key that it did not give out', async () => {
    const Store = SessionStore();
    for (const key of FOREIGN_KEYS) {
      const session = await opened(Store, key);
      expect(session.get('name')).toBeNull();
      expect(session.keys()).toEqual([]);
      session['name'] = 'amrit';
      await session.save();
      expect(session.sessionKey).not.toBe(key);
      expect((await opened(Store, session.sessionKey))['name']).toBe('amrit');
      expect(await new Store().exists(key)).toBe(false);
      expect((await opened(Store, key)).get('name')).toBeNull();
      await new Store().delete(key);
    }
  });

  given(capabilities.server, 'gives each session a key of 32 letters and digits', async () => {
    const Store = SessionStore();
    const keys = await Promise.all(
      Array.from({ length: 20 }, async () => (await stored(Store, {})).sessionKey),
    );
    expect(new Set(keys).size).toBe(20);
    for (const key of keys) expect(key).toMatch(/^[a-z0-9]{32}$/);
  });

  given(capabilities.server, 'creates what is new, and only that', async () => {
    const Store = SessionStore();
    const session = new Store();
    await session.create();
    expect(session.modified).toBe(true);
    const key = String(session.sessionKey);
    expect(await session.exists(key)).toBe(true);
    expect(await failure(() => new Store(key).save(true))).toBe('CreateError');
    session['name'] = 'amrit';
    await session.save();
    expect((await opened(Store, key))['name']).toBe('amrit');
  });

  given(capabilities.server, 'deletes', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { name: 'amrit' });
    const key = String(session.sessionKey);
    await session.delete();
    expect(await session.exists(key)).toBe(false);
    const again = await opened(Store, key);
    expect([again.get('name'), again.sessionKey]).toEqual([null, null]);
    await session.delete();
    await new Store().delete(key);
    await new Store().delete();
  });

  given(capabilities.server, 'deletes another session', async () => {
    const Store = SessionStore();
    const [mine, other] = [await stored(Store, { a: 1 }), await stored(Store, { b: 2 })];
    await mine.delete(other.sessionKey);
    expect(await mine.exists(String(other.sessionKey))).toBe(false);
    expect((await opened(Store, mine.sessionKey))['a']).toBe(1);
  });

  given(capabilities.server, 'does not bring a deleted session back', async () => {
    const Store = SessionStore();
    const first = await stored(Store, { name: 'amrit' });
    const key = String(first.sessionKey);
    const [second, third] = [await opened(Store, key), await opened(Store, key)];
    await first.flush();
    second['name'] = 'returned';
    expect(await failure(() => second.save())).toBe('UpdateError');
    third.clear();
    third['name'] = 'returned';
    expect(await failure(() => third.save())).toBe('UpdateError');
    expect(await first.exists(key)).toBe(false);
    expect((await opened(Store, key)).get('name')).toBeNull();
  });

  given(capabilities.server, 'saves again after a failure what the failure did not', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { name: 'amrit' });
    session['broken'] = () => 'no data';
    expect(await failure(() => session.save())).not.toBe('no error');
    session['broken'] = 'mended';
    await session.save();
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ name: 'amrit', broken: 'mended' });
  });

  it('flush() empties and ends', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { name: 'amrit' });
    const key = String(session.sessionKey);
    await session.flush();
    expect([session.isEmpty(), session.sessionKey, session.keys()]).toEqual([true, null, []]);
    expect([session.accessed, session.modified]).toEqual([true, true]);
    if (capabilities.server === true) expect(await session.exists(key)).toBe(false);
    session['name'] = 'new';
    await session.save();
    expect(session.sessionKey).not.toBe(key);
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ name: 'new' });
  });

  it('cycleKey() keeps the items', async () => {
    const Store = SessionStore();
    const session = await opened(Store, (await stored(Store, { name: 'amrit' })).sessionKey);
    session['age'] = 25;
    const key = String(session.sessionKey);
    await session.cycleKey();
    await session.save();
    expect(session.sessionKey).not.toBe(key);
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ name: 'amrit', age: 25 });
    if (capabilities.server === true) expect(await session.exists(key)).toBe(false);
  });

  given(capabilities.server, 'cycleKey() of a session that is not loaded keeps the items, too', async () => {
    const Store = SessionStore();
    const key = String((await stored(Store, { name: 'amrit' })).sessionKey);
    const session = new Store(key);
    await session.cycleKey();
    expect(session['name']).toBe('amrit');
    expect((await opened(Store, session.sessionKey))['name']).toBe('amrit');
    expect(await session.exists(key)).toBe(false);
  });

  it('cycleKey() of an unknown session starts an empty one', async () => {
    const Store = SessionStore();
    const session = new Store('abcdefghijklmnopqrstuvwxyz012345');
    await session.cycleKey();
    await session.save();
    expect(session.sessionKey).not.toBe('abcdefghijklmnopqrstuvwxyz012345');
    expect(session.keys()).toEqual([]);
  });
}
