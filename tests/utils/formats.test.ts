import fc from 'fast-check';
import { configure, overrideSettings } from 'tsango/conf';
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { parseDate, parseDatetime, parseDuration, parseTime } from 'tsango/utils/dateparse';
import { Duration, durationIsoString, durationString } from 'tsango/utils/duration';
import { getFormat, localize, numberFormat, sanitizeSeparators } from 'tsango/utils/formats';
import { format } from 'tsango/utils/numberformat';
import { timesince, timeuntil } from 'tsango/utils/timesince';
import { override, toLocale } from 'tsango/utils/translation';

configure({ TIME_ZONE: 'America/Chicago' });

describe('localize', () => {
  it.each([
    ['en-us', 1234.5, '1234.5'],
    ['de', 1234.5, '1234,5'],
    ['pt-br', new PlainDate(2026, 11, 2), '2 de Novembro de 2026'.toLowerCase()],
    ['de', new PlainDateTime(2026, 11, 2, 7, 5), '2. November 2026 07:05'],
    ['en-us', new PlainTime(7, 5), '7:05 a.m.'],
    ['en-us', true, 'True'],
    ['en-us', 10n ** 18n, '1000000000000000000'],
  ])('in %s prints %p as %s', (language, value, text) => {
    expect(String(override(language, () => localize(value)))).toBe(text);
  });

  it('leaves other values alone', () => {
    const list = [1];
    expect(localize(list)).toBe(list);
    expect(localize(1234.5, false)).toBe('1234.5');
  });

  it('groups digits where USE_THOUSAND_SEPARATOR says so', async () => {
    await overrideSettings({ USE_THOUSAND_SEPARATOR: true }, () => {
      expect(localize(1234567)).toBe('1,234,567');
      expect(override('de', () => localize(-1234567.5))).toBe('-1.234.567,5');
    });
    expect(localize(1234567)).toBe('1234567');
  });

  it('knows formats by language, then by the settings', () => {
    expect(override('es-ni', () => getFormat('DECIMAL_SEPARATOR'))).toBe('.');
    expect(getFormat('DATE_FORMAT', 'xx')).toBe('N j, Y');
    expect(getFormat('Y-m', 'de')).toBe('Y-m');
    expect([toLocale('zh-hans'), toLocale('pt-br'), toLocale('de')]).toEqual(['zh_Hans', 'pt_BR', 'de']);
  });

  it('reads back what a user typed', () => {
    expect(override('de', () => sanitizeSeparators('1234,5'))).toBe('1234.5');
    expect(sanitizeSeparators('12')).toBe('12');
  });
});

describe('numbers', () => {
  it.each([
    [123456.789, { decimalPos: 2 }, '123456.78'],
    [1, { decimalPos: 2 }, '1.00'],
    ['-1234567', { grouping: 3, thousandSep: ',', forceGrouping: true }, '-1,234,567'],
    ['1234567', { grouping: [3, 2, 0], thousandSep: ',', forceGrouping: true }, '12,34,567'],
    [Decimal.from('0.0001'), { decimalPos: 2 }, '0.00'],
    [Decimal.from('1E+300'), {}, '1e+300'],
    [1e-7, {}, '0.0000001'],
  ])('%p with %p', (value, options, text) => {
    expect(format(value, { decimalSep: '.', ...options })).toBe(text);
  });

  it('can be grouped on demand', () => {
    expect(numberFormat(1234567, null, true, true)).toBe('1,234,567');
    expect(override('de', () => numberFormat(1234.5, 2, false))).toBe('1234.50');
  });
});

describe('timesince', () => {
  const start = new PlainDateTime(2007, 8, 14, 13, 46);
  it.each([
    [new PlainDateTime(2007, 8, 14, 13, 46, 59), '0 minutes'],
    [new PlainDateTime(2007, 8, 14, 13, 47), '1 minute'],
    [new PlainDateTime(2007, 8, 16, 15, 46), '2 days, 2 hours'],
    [new PlainDateTime(2008, 8, 14, 13, 46), '1 year'],
    [new PlainDateTime(2008, 9, 20, 13, 46), '1 year, 1 month'],
    [new PlainDateTime(2007, 9, 14, 13, 45), '4 weeks, 2 days'],
    [new PlainDate(2007, 8, 1), '0 minutes'],
  ])('up to %s', (end, text) => {
    expect(timesince(start, end).replaceAll('\xa0', ' ')).toBe(text);
    expect(timeuntil(end, start).replaceAll('\xa0', ' ')).toBe(text);
  });

  it('tells more, and less', () => {
    const end = new PlainDateTime(2009, 11, 27, 17, 50);
    expect(timesince(start, end, { depth: 4 }).replaceAll('\xa0', ' ')).toBe(
      '2 years, 3 months, 1 week, 6 days',
    );
    expect(() => timesince(start, end, { depth: 0 })).toThrow('depth must be greater than 0.');
  });

  it('takes the clock where no end is given', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 2) });
    expect(timesince(new Date(Date.UTC(2026, 0, 1)))).toBe('1\xa0day');
    expect(timesince(new PlainDateTime(2026, 0 + 1, 1, 17))).toBe('1\xa0hour');
    jest.useRealTimers();
  });

  it('refuses to compare a zone with none', () => {
    expect(() => timesince(start, new Date())).toThrow(
      new TypeError("can't subtract offset-naive and offset-aware datetimes"),
    );
  });
});

describe('lengths of time', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
        fc.integer({ min: 0, max: 999_999 }),
        (ms, micros) => {
          const duration = new Duration({ milliseconds: ms, microseconds: micros });
          for (const text of [durationString(duration), durationIsoString(duration)]) {
            const read = parseDuration(text);
            expect([read?.days, read?.seconds, read?.microseconds]).toEqual([
              duration.days,
              duration.seconds,
              duration.microseconds,
            ]);
          }
        },
      ),
    );
  });

  it.each([
    ['4 15:30', 4 * 86_400 + 15 * 60 + 30],
    ['3 days 04:05:06', 3 * 86_400 + 4 * 3600 + 5 * 60 + 6],
    ['-P1DT2H', -86_400 - 7200],
    ['15:30.1', 930.1],
  ])('%s', (text, seconds) => {
    expect(parseDuration(text)?.totalSeconds()).toBeCloseTo(seconds, 6);
  });

  it('print as Python prints them', () => {
    expect(String(new Duration({ days: -1, seconds: 1 }))).toBe('-1 day, 0:00:01');
    expect(new Duration({ hours: 25, microseconds: 5 }).repr()).toBe(
      'datetime.timedelta(days=1, seconds=3600, microseconds=5)',
    );
  });
});

describe('dates from text', () => {
  it('are read, or null, or refused', () => {
    expect(String(parseDate('2012-4-9'))).toBe('2012-04-09');
    expect(parseDate('20120423x')).toBeNull();
    expect(() => parseDate('2012-04-56')).toThrow('day is out of range for month');
    expect(String(parseTime('09:15:00.000123'))).toBe('09:15:00.000123');
    expect(parseTime('091500x')).toBeNull();
    expect(parseDatetime('2012-04-23 10:20:30.4+02:30')?.isoformat()).toBe(
      '2012-04-23T10:20:30.400000+02:30',
    );
    expect(parseDatetime('2012-04-23T10:20:30Z')).toBeInstanceOf(ZonedDateTime);
    expect(parseDatetime('20120423T1020')).toBeNull();
  });
});
