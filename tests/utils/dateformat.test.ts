import { configure, overrideSettings } from 'tsango/conf';
import { PlainDate, PlainDateTime, PlainTime } from 'tsango/python/datetime';
import { format, timeFormat } from 'tsango/utils/dateformat';
import { localtime, makeAware } from 'tsango/utils/timezone';
import { override, registerCatalog } from 'tsango/utils/translation';

configure({ TIME_ZONE: 'Europe/Copenhagen' });

const BIRTHDAY = new PlainDateTime(1979, 7, 8, 22, 0, 0, 123);

describe('format', () => {
  it.each([
    ['a A f P', 'p.m. PM 10 10 p.m.'],
    ['g G h H i s u', '10 22 10 22 00 00 000123'],
    ['d D j l N n m M b F E', '08 Sun 8 Sunday July 7 07 Jul jul July July'],
    ['S t w W o y Y z L', 'th 31 0 27 1979 79 1979 189 False'],
    ['e|O|T|Z|I', '|+0100|CET|3600|0'],
    ['c', '1979-07-08T22:00:00.000123'],
    ['r', 'Sun, 08 Jul 1979 22:00:00 +0100'],
    ['U', '300315600'],
    ['jS \\o\\f F \\\\', '8th of July \\'],
  ])('%s', (pattern, text) => {
    expect(format(BIRTHDAY, pattern)).toBe(text);
  });

  it('takes a Date for a moment in UTC', () => {
    const moment = new Date(Date.UTC(2026, 6, 1, 12, 5));
    expect(format(moment, 'Y-m-d H:i e O')).toBe('2026-07-01 12:05 UTC +0000');
    expect(format(localtime(moment), 'H:i T O I')).toBe('14:05 CEST +0200 1');
    expect(format(localtime(moment, 'Asia/Kolkata'), 'H:i e O Z')).toBe('17:35 IST +0530 19800');
    expect(format(localtime(moment, '-03:30'), 'H:i e O')).toBe('08:35 UTC-03:30 -0330');
  });

  it('says nothing of the zone while the clocks change', () => {
    expect(format(new PlainDateTime(2015, 10, 25, 2, 30), 'O|T|Z|I')).toBe('|||');
    expect(format(new PlainDateTime(2015, 3, 29, 2, 30), 'O')).toBe('');
  });

  it('says midnight and noon', () => {
    expect(timeFormat(new PlainTime(0, 0, 30), 'P')).toBe('midnight');
    expect(timeFormat(new PlainTime(12), 'P')).toBe('noon');
    expect(timeFormat(new PlainTime(12, 30), 'P')).toBe('12:30 p.m.');
  });

  it('writes a date without a time, and refuses its time', () => {
    const date = new PlainDate(2009, 5, 16);
    expect(format(date, 'U r')).toBe('1242424800 Sat, 16 May 2009 00:00:00 +0200');
    expect(() => format(date, 'j H')).toThrow(
      new TypeError(
        "The format for date objects may not contain time-related format specifiers (found 'H').",
      ),
    );
  });

  it('refuses what is no date', () => {
    expect(() => format('x', 'Y')).toThrow("'str' object has no attribute 'year'");
    expect(() => timeFormat(new PlainTime(), 'd')).toThrow("'TimeFormat' object has no attribute 'd'");
    expect(() => format(new PlainTime(), 'd')).toThrow("'datetime.time' object has no attribute 'day'");
  });

  it('names months and days in the active language', () => {
    expect(override('fr', () => format(new PlainDate(2008, 1, 1), 'l j F Y'))).toBe('mardi 1 janvier 2008');
    expect(override('de', () => format(new PlainDate(2008, 3, 1), 'l, j. F'))).toBe('Samstag, 1. März');
  });

  it('prefers the words of a catalog', () => {
    const forget = registerCatalog('fr', {
      messages: new Map([
        ['January', 'Janvier'],
        ['abbrev. month\u0004Jan.', 'jan.'],
        ['a.m.', 'matin'],
      ]),
    });
    expect(override('fr', () => format(new PlainDateTime(2008, 1, 1, 9), 'F N P'))).toBe(
      'Janvier jan. 9 matin',
    );
    forget();
  });

  it('follows TIME_ZONE', async () => {
    await overrideSettings({ TIME_ZONE: 'America/Chicago' }, () => {
      expect(format(new PlainDateTime(2026, 1, 1), 'T O')).toBe('CST -0600');
    });
  });

  it('keeps ISO weeks right at the turn of the year', () => {
    expect(format(new PlainDate(2010, 1, 3), 'o W')).toBe('2009 53');
    expect(format(new PlainDate(2024, 12, 30), 'o W')).toBe('2025 1');
  });

  it('keeps years before 1000 in four digits', () => {
    expect(format(new PlainDateTime(42, 9, 8), 'Y y')).toBe('0042 42');
    expect(format(makeAware(new PlainDateTime(1, 1, 1)), 'Y')).toBe('0001');
  });
});
