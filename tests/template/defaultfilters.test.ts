import { configure } from 'tsango/conf';
import { PlainDate, PlainDateTime, PlainTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { PyFloat, tuple } from 'tsango/python/types';
import { register } from 'tsango/template/defaultfilters';
import { Duration } from 'tsango/utils/duration';
import { SafeString } from 'tsango/utils/safestring';

configure({ TIME_ZONE: 'America/Chicago' });

function filter(name: string, value: unknown, argument?: unknown, autoescape?: boolean): unknown {
  const found = register.filters.get(name);
  if (found === undefined) throw new Error(`There is no filter ${name}.`);
  return found.fn(value, argument, autoescape);
}

describe('the flags of the filters', () => {
  const SAFE =
    'addslashes capfirst center escape escapeseq filesizeformat floatformat force_escape iriencode join json_script ' +
    'last linebreaks linebreaksbr linenumbers ljust lower phone2numeric pprint random rjust safe safeseq slice slugify ' +
    'stringformat striptags title truncatechars truncatechars_html truncatewords truncatewords_html unordered_list ' +
    'urlize urlizetrunc wordwrap';
  const UNSAFE =
    'add cut date default default_if_none dictsort dictsortreversed divisibleby escapejs first get_digit length ' +
    'make_list pluralize time timesince timeuntil upper urlencode wordcount yesno';

  it('are Django’s', () => {
    const filters = [...register.filters.values()];
    const named = (flag: 'isSafe' | 'needsAutoescape' | 'expectsLocaltime', value = true) =>
      filters.filter((each) => each[flag] === value).map(({ name }) => name);
    expect(named('isSafe').sort()).toEqual(SAFE.split(' '));
    expect(named('isSafe', false).sort()).toEqual(UNSAFE.split(' '));
    expect(named('expectsLocaltime')).toEqual(['date', 'time']);
    expect(named('needsAutoescape').sort()).toEqual(
      'join linebreaks linebreaksbr linenumbers unordered_list urlize urlizetrunc'.split(' '),
    );
  });

  it('say which arguments are taken', () => {
    const taking = (kind: string) =>
      [...register.filters.values()].filter((each) => each.argument === kind).map(({ name }) => name);
    expect(taking('optional').sort()).toEqual(
      'date floatformat json_script pluralize time timesince timeuntil urlencode yesno'.split(' '),
    );
    expect(taking('required').sort()).toEqual(
      (
        'add center cut default default_if_none dictsort dictsortreversed divisibleby get_digit join ljust rjust slice ' +
        'stringformat truncatechars truncatechars_html truncatewords truncatewords_html urlizetrunc wordwrap'
      ).split(' '),
    );
  });
});

it.each<[string, unknown, unknown, unknown]>([
  ['add', '1', 2, 3],
  ['add', [1], [2], [1, 2]],
  ['add', 'a', 'b', 'ab'],
  ['add', 2 ** 53 - 1, 1, 9007199254740992n],
  ['add', 1, 'b', ''],
  ['add', new PlainDate(2026, 1, 31), new Duration({ days: 1 }), new PlainDate(2026, 2, 1)],
  ['center', 'Django', 11, '   Django  '],
  ['cut', 'a b c', ' ', 'abc'],
  ['date', new PlainDateTime(2026, 11, 22, 17, 5), 'D j H:i', 'Sun 22 17:05'],
  ['date', 'x', 'Y', ''],
  ['date', null, undefined, ''],
  ['time', new PlainTime(7, 30), undefined, '7:30 a.m.'],
  ['time', new PlainDate(2026, 1, 1), 'H', ''],
  ['default', '', 'nothing', 'nothing'],
  ['default', [], 'nothing', 'nothing'],
  ['default_if_none', '', 'nothing', ''],
  ['divisibleby', '21', 7, true],
  ['filesizeformat', 123456789, undefined, '117.7\xa0MB'],
  ['filesizeformat', 2304, undefined, '2.2\xa0KB'],
  ['filesizeformat', 'x', undefined, '0\xa0bytes'],
  ['get_digit', 123456, 3, 4],
  ['get_digit', 'x', 3, 'x'],
  ['first', '🎸x', undefined, '🎸'],
  ['last', [], undefined, ''],
  ['length', '🎸', undefined, 1],
  ['length', 5, undefined, 0],
  ['make_list', 'a🎸', undefined, ['a', '🎸']],
  ['pluralize', [1], undefined, ''],
  ['pluralize', '2', 'y,ies', 'ies'],
  ['slice', 'abcdef', '-1:1:-2', 'fd'],
  ['slice', tuple([1, 2, 3]), ':2', tuple([1, 2])],
  ['slice', 'abc', '::0', 'abc'],
  ['stringformat', 2.71, '.1f', '2.7'],
  ['stringformat', 'x', 'd', ''],
  ['urlencode', '/a b?', '', '%2Fa%20b%3F'],
  ['yesno', null, 'a,b', 'b'],
])('%s of %p with %p', (name, value, argument, expected) => {
  expect(filter(name, value, argument)).toEqual(expected);
});

it.each<[unknown, unknown, string]>([
  [34.23234, undefined, '34.2'],
  [34, 3, '34.000'],
  [34.0, -3, '34'],
  [new PyFloat(34), -3, '34'],
  [0.05, 1, '0.1'],
  [2.675, 2, '2.68'],
  [1.005, 2, '1.01'],
  [-0.004, 2, '0.00'],
  [Decimal.from('123456789012345678901234567890.125'), 2, '123456789012345678901234567890.13'],
  ['6666.6666', '2g', '6,666.67'],
  [10000, 'g', '10,000'],
  [1e21, 2, '1000000000000000000000.00'],
])('floatformat of %p with %p', (value, argument, expected) => {
  expect(String(filter('floatformat', value, argument))).toBe(expected);
});

it('floatformat gives back what it cannot format', () => {
  expect(filter('floatformat', 'x', 2)).toBe('');
  expect(filter('floatformat', 'nan', 2)).toBe('nan');
  expect(filter('floatformat', 1.5, 'x')).toBe('1.5');
  expect(filter('floatformat', '1e400', 2)).toBe('1e400');
});

describe('sorting', () => {
  const people = [
    { name: 'b', address: { city: 2 } },
    { name: 'a', address: { city: 3 } },
    new Map([['name', 'c']]),
  ];

  it('goes by keys, paths and indexes', () => {
    expect(filter('dictsort', people, 'name')).toEqual([people[1], people[0], people[2]]);
    expect(filter('dictsortreversed', people.slice(0, 2), 'address.city')).toEqual([people[1], people[0]]);
    expect(filter('dictsort', ['bx', 'ay'], 0)).toEqual(['ay', 'bx']);
  });

  it('keeps the order of equals, also in reverse', () => {
    const rows = [
      { k: 1, n: 1 },
      { k: 1, n: 2 },
    ];
    expect(filter('dictsortreversed', rows, 'k')).toEqual(rows);
  });

  it('gives nothing for private names, unknown ones and values without order', () => {
    expect(filter('dictsort', people, '_name')).toBe('');
    expect(filter('dictsort', people, 'a._b')).toBe('');
    expect(filter('dictsort', people, 'constructor')).toBe('');
    expect(filter('dictsort', [{ a: 1 }, { a: 'x' }], 'a')).toBe('');
    expect(filter('dictsort', 1, 'a')).toBe('');
  });
});

describe('safe text', () => {
  it('stays safe through filters that add nothing to escape', () => {
    expect(filter('lower', new SafeString('<B>'))).toEqual(new SafeString('<b>'));
    expect(filter('upper', new SafeString('&amp;'))).toBe('&AMP;');
    expect(filter('cut', new SafeString('&amp;'), ';')).toBe('&amp');
    expect(filter('cut', new SafeString('<b>x'), 'x')).toEqual(new SafeString('<b>'));
  });

  it('is not escaped again', () => {
    expect(String(filter('linebreaksbr', new SafeString('<b>\n'), undefined, true))).toBe('<b><br>');
    expect(String(filter('linebreaksbr', '<b>\n', undefined, true))).toBe('&lt;b&gt;<br>');
    expect(String(filter('join', ['<', new SafeString('<')], new SafeString('<br>'), true))).toBe(
      '&lt;<br><',
    );
    expect(String(filter('join', ['<', '>'], '&', false))).toBe('<&>');
    expect(String(filter('unordered_list', ['<a>', ['b']], undefined, true))).toBe(
      '\t<li>&lt;a&gt;\n\t<ul>\n\t\t<li>b</li>\n\t</ul>\n\t</li>',
    );
  });
});

it('random picks one of the items', () => {
  const items = ['a', 'b', 'c'];
  expect(items).toContain(filter('random', items));
  expect(filter('random', [])).toBe('');
});

it('errors that Django lets through come through', () => {
  expect(() => filter('divisibleby', 1, 0)).toThrow('integer modulo by zero');
  expect(() => filter('truncatewords', 'a', null)).toThrow(
    "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
  );
  expect(() => filter('phone2numeric', 1)).toThrow("'int' object has no attribute 'lower'");
});

describe.each(['<', '&', 'x ', '\n', '"', '9', ' ', '<a b="', '(', '.', '\u0301', 'Σ', '<b>x'])(
  '%p, again and again',
  (part) => {
    const text = part.repeat(100_000 / part.length);
    it.each<[string, unknown]>([
      ['truncatewords_html', 1_000_000],
      ['truncatechars_html', 1_000_000],
      ['truncatechars', 50_000],
      ['wordwrap', 10],
      ['floatformat', 2],
      ['linebreaks', undefined],
      ['linenumbers', undefined],
      ['title', undefined],
      ['slugify', undefined],
      ['escapejs', undefined],
      ['urlizetrunc', 15],
      ['pprint', undefined],
    ])('%s takes no longer than its length', (name, argument) => {
      const start = process.hrtime.bigint();
      filter(name, text, argument);
      expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(4);
    });
  },
);
