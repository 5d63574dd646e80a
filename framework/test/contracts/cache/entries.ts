/** Values: what comes back is what was stored, and a copy. */
import { type CacheHarness, failure } from './harness';

export function entriesOf({ create, corrupt, capabilities, given }: CacheHarness): void {
  it('gives the default for a missing key, and undefined without one', async () => {
    const cache = await create();
    expect(await cache.get('missing')).toBeUndefined();
    expect(await cache.get('missing', 'bob')).toBe('bob');
    expect(await cache.get('missing', null)).toBeNull();
    expect(await cache.hasKey('missing')).toBe(false);
    expect(await cache.has('missing')).toBe(false);
    expect(await cache.touch('missing')).toBe(false);
    expect(await cache.delete('missing')).toBe(false);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['false', false],
    ['true', true],
    ['zero', 0],
    ['an empty string', ''],
    ['an empty list', []],
    ['an empty dict', {}],
    ['an int', 42],
    ['a negative int', -1],
    ['a large int', 2 ** 53 - 1],
    ['a very large int', 2n ** 90n],
    ['a float', 1.5],
    ['text of digits', '17'],
    ['text', 'नेपाल 世界 🎸 \u2028 "quoted" \\ \0'],
    ['bytes', Uint8Array.of(0, 128, 255)],
    ['a moment', new Date('2024-02-29T12:34:56.789Z')],
    ['a list', [1, 'two', [3, null]]],
    ['a dict', { a: 1, b: { c: [true] }, ключ: '' }],
    ['keys that JavaScript has plans with', JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}')],
    [
      'a Map',
      new Map<unknown, unknown>([
        [1, 'one'],
        [null, 2],
      ]),
    ],
    ['a Set', new Set(['a', 1])],
    ['a large text', 'x'.repeat(100_000)],
  ])('keeps %s', async (_, value) => {
    const cache = await create();
    await cache.set('value', value);
    expect(await cache.get('value', 'default')).toStrictEqual(value);
    expect(await cache.hasKey('value')).toBe(true);
    expect(await cache.getMany(['value'])).toEqual({ value });
    expect(await cache.getOrSet('value', 'other')).toStrictEqual(value);
  });

  given(capabilities.anyText || 'the store keeps text as UTF-8', 'keeps lone surrogates', async () => {
    const cache = await create();
    await cache.set('text', 'a\ud800b');
    expect(await cache.get('text')).toBe('a\ud800b');
  });

  it('hands out copies', async () => {
    const cache = await create();
    const value = { list: [1] };
    await cache.set('value', value);
    value.list.push(2);
    const first = await cache.get<typeof value>('value');
    first?.list.push(3);
    expect(await cache.get('value')).toEqual({ list: [1] });
  });

  it('refuses what Python could not read, and says where it is', async () => {
    const cache = await create();
    expect(await failure(() => cache.set('value', { a: [1, undefined] }))).toBe(
      "PicklingError: cannot pickle undefined; store null, or leave the key out (at value['a'][1])",
    );
    expect(await failure(() => cache.set('value', () => 1))).toBe('PicklingError: cannot pickle a function');
    expect(await cache.hasKey('value')).toBe(false);
  });

  it('overwrites, adds only what is missing, replaces only what is there', async () => {
    const cache = await create();
    expect(await cache.replace('key', 'replaced')).toBe(false);
    expect(await cache.hasKey('key')).toBe(false);
    expect(await cache.add('key', 'added')).toBe(true);
    expect(await cache.add('key', 'again')).toBe(false);
    expect(await cache.get('key')).toBe('added');
    await cache.set('key', 'set');
    expect(await cache.get('key')).toBe('set');
    expect(await cache.replace('key', 'replaced')).toBe(true);
    expect(await cache.replace('key', 'replaced')).toBe(true);
    expect(await cache.get('key')).toBe('replaced');
    expect(await cache.touch('key')).toBe(true);
    expect(await cache.delete('key')).toBe(true);
    expect(await cache.delete('key')).toBe(false);
    expect(await cache.replace('key', 'resurrected')).toBe(false);
    expect(await cache.get('key')).toBeUndefined();
  });

  it('sets, gets and deletes several', async () => {
    const cache = await create();
    expect(await cache.setMany({ a: 1, b: null, c: [3] })).toEqual([]);
    expect(await cache.setMany(new Map([['d', 4]]))).toEqual([]);
    const found = await cache.getMany(['a', 'b', 'c', 'd', 'missing', '__proto__']);
    expect(found).toEqual({ a: 1, b: null, c: [3], d: 4 });
    expect(Object.getPrototypeOf(found)).toBeNull();
    await cache.deleteMany(['a', 'c', 'missing']);
    expect(await cache.getMany(['a', 'b', 'c', 'd'])).toEqual({ b: null, d: 4 });
    expect(await cache.getMany([])).toEqual({});
    expect(await cache.setMany({})).toEqual([]);
    await cache.deleteMany([]);
    const large = await create({ OPTIONS: { MAX_ENTRIES: 5000 } });
    const numbers = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`n${i}`, i]));
    expect(await large.setMany(numbers)).toEqual([]);
    expect(await large.getMany(Object.keys(numbers))).toEqual(numbers);
    await large.deleteMany(Object.keys(numbers));
    expect(await large.getMany(Object.keys(numbers))).toEqual({});
  });

  it('clears everything, of other prefixes and versions too', async () => {
    const cache = await create();
    const other = await create({ KEY_PREFIX: 'other', VERSION: 2 });
    await cache.set('a', 1);
    await other.set('a', 1);
    await cache.clear();
    expect(await cache.get('a')).toBeUndefined();
    expect(await other.get('a')).toBeUndefined();
  });

  it('counts', async () => {
    const cache = await create();
    expect(await failure(() => cache.incr('missing'))).toMatch(/^ValueError: Key '.*missing' not found\.?$/);
    expect(await failure(() => cache.decr('missing'))).toMatch(/^ValueError: Key '.*missing' not found\.?$/);
    expect(await cache.hasKey('missing')).toBe(false);
    await cache.set('answer', 41);
    expect(await cache.incr('answer')).toBe(42);
    expect(await cache.incr('answer', 10)).toBe(52);
    expect(await cache.get('answer')).toBe(52);
    expect(await cache.decr('answer')).toBe(51);
    expect(await cache.decr('answer', 43)).toBe(8);
    expect(await cache.incr('answer', -3)).toBe(5);
    expect(await cache.get('answer')).toBe(5);
    await cache.set('text', 'text');
    expect(await failure(() => cache.incr('text'))).toMatch(/^ValueError: The value of key 'text' is not a/);
  });

  given(capabilities.signedCounters || 'counters are unsigned', 'counts below zero', async () => {
    const cache = await create();
    await cache.set('answer', 2);
    expect(await cache.decr('answer', 5)).toBe(-3);
    expect(await cache.get('answer')).toBe(-3);
  });

  it('is open again after it was closed', async () => {
    const cache = await create();
    await cache.set('a', 1);
    await cache.close();
    expect(await cache.get('a')).toBe(1);
  });

  given(
    corrupt !== undefined || 'the harness cannot damage an entry',
    'takes an entry that cannot be read for missing, and can overwrite it',
    async () => {
      const cache = await create();
      await cache.set('damaged', { a: 1 });
      await cache.set('sound', { a: 1 });
      await corrupt?.(cache.makeKey('damaged'));
      expect(await cache.get('damaged', 'default')).toBe('default');
      expect(await cache.getMany(['damaged', 'sound'])).toEqual({ sound: { a: 1 } });
      await cache.set('damaged', 'new');
      expect(await cache.get('damaged')).toBe('new');
    },
  );

  given(capabilities.culls || 'the store makes room by itself', 'makes room beyond MAX_ENTRIES', async () => {
    const cache = await create({ OPTIONS: { MAX_ENTRIES: 30, CULL_FREQUENCY: 3 } });
    for (let i = 0; i < 60; i++) await cache.set(`cull${i}`, i, 1000);
    const left = Object.keys(await cache.getMany(Array.from({ length: 60 }, (_, i) => `cull${i}`)));
    expect(left.length).toBeGreaterThanOrEqual(15);
    expect(left.length).toBeLessThanOrEqual(32);
    const emptied = await create({ OPTIONS: { MAX_ENTRIES: 20, CULL_FREQUENCY: 0 } });
    for (let i = 0; i < 30; i++) await emptied.set(`zero${i}`, i, 1000);
    const kept = Object.keys(await emptied.getMany(Array.from({ length: 30 }, (_, i) => `zero${i}`)));
    expect(kept.length).toBeLessThan(25);
  });
}
