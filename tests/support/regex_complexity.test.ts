/** The worst case of regular expressions. */
import { translateRegex } from 'tsango/python/re';
import { stopwatch } from './processor';
import { type Growth, regexGrowth } from './regex_complexity';

function growth(pattern: string): Growth {
  const { source, ignoreCase } = translateRegex(pattern);
  return regexGrowth(source, { ignoreCase, isFull: pattern.endsWith('$') });
}

const degree = (pattern: string): number | string => {
  const found = growth(pattern);
  return found.kind === 'exponential' ? found.kind : found.degree;
};

it.each([
  '^(a+)+$',
  '^(a*)*$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '^(.*)*x',
  String.raw`^(\w+\s?)*$`,
  String.raw`^(\w|\d)+/$`,
  String.raw`^([a-z]+)*/(?P<id>\d+)/$`,
  '^(?:x(?:a?|b?))*$',
  '^(?P<path>([^/]+/?)+)/$',
  '(?i)^(a|A)*/$',
  '^((ab)*)*c$',
  '^(a+){2,}b$',
  String.raw`^(?=(a+)+b)\w+`,
  '^(é+)+/$',
])('%s takes exponential time', (pattern) => expect(growth(pattern)).toEqual({ kind: 'exponential' }));

it.each([
  ['^archive/(?P<code>[a-z]{2}[0-9]+)/$', 1],
  [String.raw`^(?P<year>[0-9]{4})/(?P<slug>[\w-]+)/$`, 1],
  ['^([^/]+)/([^/]+)/([^/]+)/$', 1],
  [String.raw`^(?:\w+\.)*\w+$`, 1],
  ['^(?:[-a-z]+/)+$', 1],
  ['^(ab|ac)*$', 1],
  ['^(a|b)*$', 1],
  ['^about/$', 0],
  ['', 0],
  ['^(?P<path>.*)$', 1],
  ['^(.*)/(.*)$', 2],
  ['^(.*)/(.*)/(.*)$', 3],
  ['^a*a*a*a*b$', 4],
  [String.raw`^(\d+)-(\d+)-(\d+)/$`, 1],
  [String.raw`^(\w+)(\d+)/$`, 2],
  ['^(a+){3}b$', 3],
  // Nothing behind the loops makes them go back.
  ['^(a+)+', 0],
  ['^(.*)/(.*)/(.*)', 2],
  ['a+b', 2],
  [String.raw`^\bfoo\b(?!bar)\w+/$`, 1],
  [String.raw`^(?P<a>\w)(?P=a)\w*/$`, 1],
  ['^[^]]+[]a]/$', 1],
  ['^[a-z]{1,63}/$', 1],
])('%s: the power %s of the length', (pattern, power) => expect(degree(pattern)).toBe(power));

it('examines a large pattern quickly', () => {
  const names = Array.from({ length: 60 }, (_, i) => `section-${i}`).join('|');
  const spent = stopwatch();
  expect(growth(`^(?:${names})/([^/]+)/(?:${names})/$`).kind).toBe('polynomial');
  expect(growth(`^(?:(?:${names})/)*x$`).kind).toBe('polynomial');
  expect(spent()).toBeLessThan(2);
});

it('agrees with the clock', () => {
  const time = (regex: RegExp, text: string): number => {
    const start = performance.now();
    regex.test(text);
    return performance.now() - start;
  };
  expect(time(/^(a|aa)+$/, `${'a'.repeat(30)}!`)).toBeGreaterThan(
    10 * time(/^(?:\w+\.)*\w+$/, `${'a'.repeat(10_000)}!`),
  );
});
