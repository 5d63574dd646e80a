/** What is stored comes back, the same and nobody else's. */
import { opened, type SessionEngineHarness, stored } from './harness';

const VALUES: Record<string, unknown> = {
  text: 'amrit panta',
  empty: '',
  zero: 0,
  negative: -1.5,
  no: false,
  nothing: null,
  list: [1, 'two', [3], { four: 4 }],
  object: { nested: { deeply: [true, null] }, '': 'empty key' },
  unicode: 'नेपाल 世界 🎸 \u2028 \u0000 "quoted" \\',
  large: 9_007_199_254_740_991,
};

export function itemsOf({ SessionStore, corrupt, capabilities, given }: SessionEngineHarness): void {
  it('keeps every kind of value', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, VALUES);
    const session = await opened(Store, sessionKey);
    expect({ ...session }).toEqual(VALUES);
    for (const key of Object.keys(VALUES)) expect(key in session).toBe(true);
    expect('missing' in session).toBe(false);
    expect([session.accessed, session.modified]).toEqual([true, false]);
  });

  it('keeps an empty session', async () => {
    const Store = SessionStore();
    const session = new Store();
    await session.create();
    await session.save();
    const again = await opened(Store, session.sessionKey);
    expect(again.keys()).toEqual([]);
    expect(again.sessionKey).toBe(session.sessionKey);
  });

  it('keeps keys that are names of every object', async () => {
    const Store = SessionStore();
    const items: Record<string, unknown> = Object.create(null);
    for (const key of ['__proto__', 'constructor', 'toString']) items[key] = { polluted: true };
    const { sessionKey } = await stored(Store, items);
    const session = await opened(Store, sessionKey);
    expect(session.keys().sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(session.get('__proto__')).toEqual({ polluted: true });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('shares no object between memory and store', async () => {
    const Store = SessionStore();
    const cart = { items: [1] };
    const { sessionKey } = await stored(Store, { cart });
    cart.items.push(2);
    const first = await opened(Store, sessionKey);
    expect(first['cart']).toEqual({ items: [1] });
    (first['cart'] as typeof cart).items.push(3);
    const second = await opened(Store, sessionKey);
    expect(second['cart']).toEqual({ items: [1] });
  });

  it('saves what changed inside of an object, again and again', async () => {
    const Store = SessionStore();
    const session = await opened(Store, (await stored(Store, { cart: { items: [1] } })).sessionKey);
    const cart = session['cart'] as { items: number[] };
    for (const n of [2, 3]) {
      cart.items.push(n);
      expect(session.modified).toBe(true);
      await session.save();
    }
    session['other'] = true;
    await session.save();
    cart.items.push(4);
    await session.save();
    expect((await opened(Store, session.sessionKey))['cart']).toEqual({ items: [1, 2, 3, 4] });
  });

  it('keeps sessions apart', async () => {
    const Store = SessionStore();
    const [one, two] = [await stored(Store, { name: 'one' }), await stored(Store, { name: 'two' })];
    expect(one.sessionKey).not.toBe(two.sessionKey);
    expect((await opened(Store, one.sessionKey))['name']).toBe('one');
    expect((await opened(Store, two.sessionKey))['name']).toBe('two');
  });

  it('removes keys', async () => {
    const Store = SessionStore();
    const session = await opened(Store, (await stored(Store, { a: 1, b: 2, c: 3 })).sessionKey);
    delete session['a'];
    session.pop('b');
    await session.save();
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ c: 3 });
    session.clear();
    session['d'] = 4;
    await session.save();
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ d: 4 });
  });

  given(
    corrupt ? true : 'the suite does not know how to corrupt what is stored',
    'takes what it cannot read for an empty session, and goes on',
    async () => {
      const Store = SessionStore();
      const [broken, whole] = [await stored(Store, { name: 'x' }), await stored(Store, { name: 'y' })];
      await corrupt?.(String(broken.sessionKey));
      const session = await opened(Store, broken.sessionKey);
      expect(session.get('name')).toBeNull();
      expect((await opened(Store, whole.sessionKey))['name']).toBe('y');
      session['name'] = 'z';
      await session.save();
      expect((await opened(Store, session.sessionKey))['name']).toBe('z');
    },
  );

  given(capabilities.server, 'needs no second write for what it has saved', async () => {
    const session = await stored(SessionStore(), { name: 'x' });
    const key = session.sessionKey;
    await session.save();
    expect(session.sessionKey).toBe(key);
  });
}
