import { configure } from 'tsango/conf';
import {
  apnumber,
  intcomma,
  intword,
  naturalday,
  naturaltime,
  ordinal,
  register,
} from 'tsango/contrib/humanize/templatetags/humanize';
import { PlainDate, PlainDateTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { localtime } from 'tsango/utils/timezone';
import { override } from 'tsango/utils/translation';

configure({ TIME_ZONE: 'America/Chicago' });

it.each([
  [1, '1st'],
  ['2', '2nd'],
  [11, '11th'],
  [112, '112th'],
  [103, '103rd'],
  [-5, '-5'],
  ['x', 'x'],
  [null, null],
])('ordinal of %p', (value, expected) => {
  const result = ordinal(value);
  expect(result === null ? null : String(result)).toBe(expected);
});

it.each([
  [1234567, '1,234,567'],
  ['1234567.5', '1,234,567.5'],
  [-1234567.25, '-1,234,567.25'],
  [Decimal.from('1234567.1234567'), '1,234,567.1234567'],
  ['100', '100'],
  ['abc', 'abc'],
  [10n ** 20n, '100,000,000,000,000,000,000'],
])('intcomma of %p', (value, expected) => {
  expect(intcomma(value)).toBe(expected);
  expect(intcomma(value, false)).toBe(expected);
});

it('groups digits by the active language', () => {
  expect(override('de', () => intcomma(1234567.5))).toBe('1.234.567,5');
  expect(override('de', () => intcomma(1234567, false))).toBe('1,234,567');
});

it.each([
  [999_999, 999_999],
  [1_000_000, '1.0 million'],
  ['-1290000000', '-1.3 billion'],
  [10n ** 100n, '1.0 googol'],
  [10n ** 103n, 10n ** 103n],
  ['x', 'x'],
])('intword of %p', (value, expected) => {
  expect(intword(value)).toBe(expected);
});

it('apnumber spells 1 to 9', () => {
  expect([0, 1, '9', 10, 'x', null].map(apnumber)).toEqual([0, 'one', 'nine', 10, 'x', null]);
});

describe('against the clock', () => {
  const now = Date.UTC(2026, 10, 22, 17);
  beforeEach(() => jest.useFakeTimers({ now }));
  afterEach(() => jest.useRealTimers());

  it('naturalday compares days in the zone of the value', () => {
    expect(naturalday(new PlainDate(2026, 11, 22))).toBe('today');
    expect(naturalday(new PlainDate(2026, 11, 21))).toBe('yesterday');
    expect(naturalday(localtime(new Date(now), 'Pacific/Auckland'))).toBe('today');
    expect(naturalday(new PlainDate(2026, 12, 24))).toBe('Dec. 24, 2026');
    expect(naturalday(new PlainDate(2026, 11, 24), 'D')).toBe('Tue');
    expect(naturalday('x')).toBe('x');
  });

  it.each([
    [0, 'now'],
    [-1, 'a second ago'],
    [-30, '30 seconds ago'],
    [-90, 'a minute ago'],
    [-7200, '2 hours ago'],
    [-86_400, '1 day ago'],
    [-500 * 86_400, '1 year, 4 months ago'],
    [1, 'a second from now'],
    [3600, 'an hour from now'],
    [2 * 86_400 + 3600, '2 days, 1 hour from now'],
  ])('naturaltime of %p seconds', (seconds, text) => {
    const moment = new Date(now + seconds * 1000);
    expect(String(naturaltime(moment)).replaceAll('\xa0', ' ')).toBe(text);
  });

  it('naturaltime takes a naive time in TIME_ZONE, and other values as they are', () => {
    expect(naturaltime(new PlainDateTime(2026, 11, 22, 10))).toBe('an hour ago');
    expect(naturaltime('x')).toBe('x');
  });
});

it('registers every filter', () => {
  expect([...register.filters.keys()].sort()).toEqual([
    'apnumber',
    'intcomma',
    'intword',
    'naturalday',
    'naturaltime',
    'ordinal',
  ]);
});
