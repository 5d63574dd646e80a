import fc from 'fast-check';
import { parseCookie } from 'tsango/http';
import { quoteCookie, unquoteCookie } from 'tsango/http/cookie';
import { urljoin, urlsplit, urlunsplit } from 'tsango/python/urllib_parse';
import {
  decodeBytes,
  encodeText,
  iriToUri,
  quote,
  repercentBrokenUnicode,
  unquote,
  uriToIri,
} from 'tsango/utils/encoding';
import {
  base36ToInt,
  contentDispositionHeader,
  httpDate,
  intToBase36,
  isSameDomain,
  parseEtags,
  parseHeaderParameters,
  parseHttpDate,
  parseHttpDateSafe,
  quoteEtag,
  urlHasAllowedHostAndScheme,
  urlsafeBase64Decode,
  urlsafeBase64Encode,
} from 'tsango/utils/http';
import { stopwatch } from '../support/processor';

describe('round trips', () => {
  const text = fc.string({ unit: 'grapheme' });

  it('quote and unquote', () => {
    fc.assert(fc.property(text, (value) => expect(unquote(quote(value))).toBe(value)));
  });
  it('cookies', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map((s) => Buffer.from(s).toString('latin1')),
        (value) => {
          expect(unquoteCookie(quoteCookie(value))).toBe(value);
          expect(parseCookie(`a=${quoteCookie(value)}; b=1`)).toEqual(
            Object.assign(Object.create(null), { a: value, b: '1' }),
          );
        },
      ),
    );
  });
  it('base 36 and base 64', () => {
    fc.assert(fc.property(fc.nat(), (value) => expect(base36ToInt(intToBase36(value))).toBe(value)));
    fc.assert(
      fc.property(fc.uint8Array(), (value) =>
        expect([...urlsafeBase64Decode(urlsafeBase64Encode(value))]).toEqual([...value]),
      ),
    );
  });
  it('dates', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5_000_000_000, max: 50_000_000_000 }), (value) =>
        expect(parseHttpDate(httpDate(value))).toBe(value),
      ),
    );
  });
  it('URLs', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) =>
        expect(urlsplit(urlunsplit(urlsplit(url)))).toEqual(urlsplit(url)),
      ),
    );
  });
});

it('base 36 keeps its bounds', () => {
  expect(() => base36ToInt('z'.repeat(14))).toThrow('Base36 input too large');
  expect(base36ToInt('z'.repeat(13))).toBe(170581728179578208255n);
  expect(() => base36ToInt('#')).toThrow(expect.objectContaining({ name: 'ValueError' }));
  expect(() => intToBase36(-1)).toThrow('Negative base36 conversion input.');
});

it('two-digit years lie within fifty years', () => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  try {
    expect(new Date(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT') * 1000).getUTCFullYear()).toBe(1994);
    expect(new Date(parseHttpDate('Friday, 06-Nov-76 08:49:37 GMT') * 1000).getUTCFullYear()).toBe(2076);
  } finally {
    jest.useRealTimers();
  }
  expect(parseHttpDate('Sun Nov  6 08:49:37 1994')).toBe(784111777);
  expect(() => parseHttpDate('Sun, 31 Feb 2021 08:49:37 GMT')).toThrow(
    "'Sun, 31 Feb 2021 08:49:37 GMT' is not a valid date",
  );
  expect(parseHttpDateSafe('tomorrow')).toBeNull();
});

it('reads and writes ETags', () => {
  expect(parseEtags('"a", W/"b", c, "d e",""')).toEqual(['"a"', 'W/"b"', '"d e"', '""']);
  expect(parseEtags(' * ')).toEqual(['*']);
  expect([quoteEtag('a'), quoteEtag('"a"'), quoteEtag('W/"a"')]).toEqual(['"a"', '"a"', 'W/"a"']);
});

it('matches domains', () => {
  expect(isSameDomain('a.example.com', '.Example.com')).toBe(true);
  expect(isSameDomain('example.com', '.example.com')).toBe(true);
  expect(isSameDomain('badexample.com', '.example.com')).toBe(false);
  expect(isSameDomain('example.com', '')).toBe(false);
});

it.each<[string, string, Record<string, string>]>([
  ['text/HTML; Charset=UTF-8', 'text/html', { charset: 'UTF-8' }],
  ['a/b; x="c;\\"d"; y', 'a/b', { x: 'c;"d' }],
  ['form-data; name="f"; filename="a\\\\b.txt"', 'form-data', { name: 'f', filename: 'a\\b.txt' }],
  ["attachment; filename*=UTF-8''%e2%82%ac%20rates", 'attachment', { filename: '€ rates' }],
  ["attachment; filename*=nonsense'en'%e2x", 'attachment', { filename: '%e2x' }],
  ["attachment; filename*=it's", 'attachment', { filename: "it's" }],
  ['a; __proto__=x', 'a', JSON.parse('{"__proto__": "x"}') as Record<string, string>],
  ['', '', {}],
])('parseHeaderParameters(%j)', (line, main, parameters) => {
  const [found, values] = parseHeaderParameters(line);
  expect([found, Object.entries(values)]).toEqual([main, Object.entries(parameters)]);
});

it('refuses long header values', () => {
  expect(parseHeaderParameters(`a; b=${'x'.repeat(9995)}`)[1]['b']).toHaveLength(9995);
  expect(() => parseHeaderParameters('x'.repeat(10_001))).toThrow(
    'Unable to parse header parameters (value too long).',
  );
});

it.each([
  [true, undefined, 'attachment'],
  [false, '', undefined],
  [true, 'a"b\\.txt', 'attachment; filename="a\\"b\\\\.txt"'],
  [false, 'é.txt', "inline; filename*=utf-8''%C3%A9.txt"],
  [false, 'a\x7f', "inline; filename*=utf-8''a%7F"],
])('contentDispositionHeader(%p, %j)', (asAttachment, name, expected) => {
  expect(contentDispositionHeader(asAttachment, name)).toBe(expected);
});

describe('urlHasAllowedHostAndScheme()', () => {
  it.each([
    'http://evil.example',
    'http:///evil.example',
    'http://testserver@evil.example',
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\\/evil.example',
    'http:\\\\evil.example',
    'http:/\\//evil.example',
    '\x08//evil.example',
    '\n//evil.example',
    'java\nscript:alert(1)',
    'javascript:alert(1)',
    'ftp://testserver/x',
    'http://[::1/x',
    'http://2001:cdba:0000:0000:0000:0000:3257:9652]/',
    'https://testserver:8080',
    `http://testserver/${'x'.repeat(2048)}`,
    '',
    '   ',
  ])('refuses %j', (url) => {
    expect(urlHasAllowedHostAndScheme(url, ['testserver'])).toBe(false);
  });
  it.each([
    '/view/?param=http://evil.example',
    'https://testserver/',
    '//testserver/',
    'HTTPS://testserver/',
    '/url%20with%20spaces/',
    'path/http:2222222222',
  ])('takes %j', (url) => {
    expect(urlHasAllowedHostAndScheme(url, ['testserver'])).toBe(true);
  });
  it('may require https', () => {
    expect(urlHasAllowedHostAndScheme('http://testserver/', 'testserver', true)).toBe(false);
    expect(urlHasAllowedHostAndScheme('//testserver/', 'testserver', true)).toBe(false);
    expect(urlHasAllowedHostAndScheme('https://testserver/', 'testserver', true)).toBe(true);
    expect(urlHasAllowedHostAndScheme('/x', null, true)).toBe(true);
  });
});

it.each([
  ['http://h/a/b', 'c', 'http://h/a/c'],
  ['http://h/a/b', '../../../c', 'http://h/c'],
  ['http://h/a/b?x', '?y', 'http://h/a/b?y'],
  ['http://h/a/b', '//o/c', 'http://o/c'],
  ['http://h/a/', './', 'http://h/a/'],
  ['http://h', 'mailto:x', 'mailto:x'],
])('urljoin(%s, %s)', (base, url, joined) => {
  expect(urljoin(base, url)).toBe(joined);
});

it('charsets are Python’s', () => {
  expect(decodeBytes(Buffer.from([0x80]), 'latin1')).toBe('\x80');
  expect(decodeBytes(Buffer.from([0xc1]), 'KOI8_R')).toBe('а');
  expect(() => decodeBytes(Buffer.from('x'), 'nope')).toThrow('unknown encoding: nope');
  expect(() => encodeText('清', 'latin-1')).toThrow(
    "'latin-1' codec can't encode character '清' in position 0: ordinal not in range(256)",
  );
});

describe('what users send is read in linear time', () => {
  /** Quadratic, it would be tens of seconds. */
  const LENGTH = 200_000;
  it.each<[string, (text: string) => unknown]>([
    ['parseCookie', parseCookie],
    ['unquoteCookie', (text) => unquoteCookie(`"${text}"`)],
    ['parseHeaderParameters', (text) => parseHeaderParameters(text, null)],
    ['parseEtags', parseEtags],
    ['unquote', unquote],
    ['uriToIri', uriToIri],
    ['iriToUri', iriToUri],
    ['repercentBrokenUnicode', (text) => repercentBrokenUnicode(Buffer.from(text, 'latin1'))],
    ['urlsplit', (text) => urlsplit(text)],
    ['urlHasAllowedHostAndScheme', (text) => urlHasAllowedHostAndScheme(text, ['a'])],
    ['parseHttpDateSafe', parseHttpDateSafe],
    ['urlsafeBase64Decode', (text) => urlsafeBase64Decode(encodeURIComponent(text))],
  ])('%s', (_name, read) => {
    for (const piece of [
      ';',
      '=',
      '"',
      '\\',
      '\\0',
      ' ',
      '%',
      '%C3',
      '\xc3',
      ',',
      '"a",',
      'W/',
      '//',
      '[',
      '@',
      '\t',
      'a=b;',
      '\n',
    ]) {
      const spent = stopwatch();
      try {
        read(piece.repeat(Math.ceil(LENGTH / piece.length)));
      } catch {
        // Refusing is fine, too.
      }
      expect(spent()).toBeLessThan(2);
    }
  });
});
