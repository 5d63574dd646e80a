import fc from 'fast-check';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { QueryDict } from 'tsango/http';
import { ImmutableList, MultiValueDict } from 'tsango/utils/datastructures';
import { urlencode } from 'tsango/utils/http';

/** A name that is no ordinary key of JavaScript's own objects. */
const PROTO: string = '__proto__';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

describe('MultiValueDict', () => {
  const make = (): MultiValueDict<string> & Record<string, string> =>
    new MultiValueDict<string>({ a: ['1', '2'], b: ['3'], empty: [] }) as never;

  it('behaves like a dictionary of the last values', () => {
    const dict = make();
    expect([
      dict['a'],
      dict.get('b'),
      dict.get('nope'),
      dict.get('nope', 'x'),
      dict.get('empty', 'y'),
    ]).toEqual(['2', '3', undefined, 'x', 'y']);
    expect(dict['empty']).toEqual([]);
    expect(() => dict['nope']).toThrow(
      expect.objectContaining({ name: 'MultiValueDictKeyError', message: "'nope'" }),
    );
    dict['c'] = '4';
    expect([...dict.items()]).toEqual([
      ['a', '2'],
      ['b', '3'],
      ['empty', []],
      ['c', '4'],
    ]);
    expect([[...dict], [...dict.values()], dict.count()]).toEqual([
      ['a', 'b', 'empty', 'c'],
      ['2', '3', [], '4'],
      4,
    ]);
    expect(dict.dict()).toEqual({ a: '2', b: '3', empty: [], c: '4' });
  });

  it('and of lists, which cannot be changed from outside', () => {
    const dict = make();
    dict.getlist('a').push('x');
    dict.appendlist('a', '9');
    expect([dict.getlist('a'), dict.getlist('nope'), dict.getlist('nope', null)]).toEqual([
      ['1', '2', '9'],
      [],
      null,
    ]);
    expect([dict.setdefault('d', '5'), dict.setdefault('a', '5'), dict.setlistdefault('e', ['6'])]).toEqual([
      '5',
      '9',
      ['6'],
    ]);
    expect([dict.pop('a'), dict.pop('a', 'gone'), dict.popitem()]).toEqual([
      ['1', '2', '9'],
      'gone',
      ['e', ['6']],
    ]);
    dict.update({ b: '7' });
    dict.update(new MultiValueDict({ b: ['8', '9'] }));
    expect(dict.getlist('b')).toEqual(['3', '7', '8', '9']);
    dict.delete('b');
    expect(() => dict.delete('b')).toThrow("'b'");
    const copy = dict.copy();
    copy.appendlist('d', 'x');
    expect(dict.getlist('d')).toEqual(['5']);
    dict.clear();
    expect([dict.count(), copy.count()]).toEqual([0, 2]);
  });

  it('has ordinary keys only', () => {
    const dict = new MultiValueDict<string>() as MultiValueDict<string> & Record<string, string>;
    dict[PROTO] = 'x';
    dict.set('hasOwnProperty', 'y');
    expect([dict[PROTO], dict.get('__proto__'), dict.get('hasOwnProperty')]).toEqual(['x', 'x', 'y']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('can be awaited, printed and compared', async () => {
    expect(await (async () => make())()).toBeInstanceOf(MultiValueDict);
    expect(String(make())).toBe('<MultiValueDict: {"a": ["1","2"], "b": ["3"], "empty": []}>');
    expect(JSON.stringify(make())).toBe('{"a":["1","2"],"b":["3"],"empty":[]}');
  });
});

describe('QueryDict', () => {
  it('is immutable, unless it is a copy', () => {
    const query = new QueryDict('a=1&a=2') as QueryDict & Record<string, string>;
    for (const change of [
      () => query.set('a', '3'),
      () => {
        query['a'] = '3';
      },
      () => query.setlist('a', []),
      () => query.appendlist('a', '3'),
      () => query.update({ a: '3' }),
      () => query.delete('a'),
      () => query.pop('a'),
      () => query.popitem(),
      () => query.clear(),
      () => query.setdefault('b', '3'),
      () => query.setlistdefault('b'),
    ]) {
      expect(change).toThrow(
        expect.objectContaining({ name: 'AttributeError', message: 'This QueryDict instance is immutable' }),
      );
    }
    const copy = query.copy();
    copy.appendlist('a', 'é &=');
    expect([copy.urlencode(), query.urlencode()]).toEqual(['a=1&a=2&a=%C3%A9+%26%3D', 'a=1&a=2']);
    expect(new QueryDict('next=/a&b/').copy().urlencode('/')).toBe('next=/a&b/=');
    expect(QueryDict.fromkeys(['a', 'a', 'b'], 'x').urlencode()).toBe('a=x&a=x&b=x');
  });

  it('reads bytes in its encoding', () => {
    expect(new QueryDict(Buffer.from('a=é')).get('a')).toBe('é');
    expect(new QueryDict(Buffer.from([0x61, 0x3d, 0xe9])).get('a')).toBe('é');
    expect(new QueryDict('a=%E9', { encoding: 'iso-8859-1' }).get('a')).toBe('é');
    expect(new QueryDict('a=%E9', { encoding: 'iso-8859-1' }).urlencode()).toBe('a=%E9');
  });

  it('has as many fields as it may, and no more', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: 2 }, () => {
      expect(new QueryDict('a=1&b=2').count()).toBe(2);
      expect(() => new QueryDict('a=1&b=2&')).toThrow(
        expect.objectContaining({
          name: 'TooManyFieldsSent',
          message: 'The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.',
        }),
      );
    });
    await overrideSettings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: null }, () => {
      expect(new QueryDict('a&'.repeat(5000)).getlist('a')).toHaveLength(5000);
    });
  });

  it('reads what it writes', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
        const written = new QueryDict('', { mutable: true });
        for (const [key, value] of pairs) written.appendlist(key, value);
        const read = new QueryDict(written.urlencode());
        expect([...read.lists()]).toEqual([...written.lists()]);
      }),
    );
  });
});

describe('urlencode()', () => {
  it.each<[Parameters<typeof urlencode>, string]>([
    [[{ a: 1, b: 'x y', c: true }], 'a=1&b=x+y&c=True'],
    [[{ a: [1, 'b'] }], 'a=%5B1%2C+%27b%27%5D'],
    [[{ a: [1, 'b'] }, true], 'a=1&a=b'],
    [
      [
        [
          ['a', 1],
          ['a', 2],
        ],
      ],
      'a=1&a=2',
    ],
    [[new MultiValueDict({ a: ['1', '2'] }), true], 'a=1&a=2'],
    [[{ a: Buffer.from([0xff]) }], 'a=%FF'],
    [[{ a: new Set(['x']) }, true], 'a=x'],
    [[{ a: '', 'é~': "!'()*" }], 'a=&%C3%A9~=%21%27%28%29%2A'],
  ])('%j', (args, expected) => {
    expect(urlencode(...args)).toBe(expected);
  });

  it('refuses nothing', () => {
    const message =
      "Cannot encode None for key 'a' in a query string. Did you mean to pass an empty string or omit the value?";
    for (const value of [null, undefined, [null]])
      expect(() => urlencode({ a: value }, true)).toThrow(message);
  });
});

it('ImmutableList says why it cannot be changed', () => {
  const list = ImmutableList.create([1, 2], 'Not now.');
  expect(() => list.push(3)).toThrow('Not now.');
  expect(() => list.sort()).toThrow(expect.objectContaining({ name: 'AttributeError' }));
  expect([...list, list.map((n) => n + 1)]).toEqual([1, 2, [2, 3]]);
});
