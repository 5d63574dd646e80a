import fc from 'fast-check';
import './settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { formatIsoDatetime, instantOf } from 'tsango/db/backends/datetimes';
import { DateField, TimeField } from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';
import { describeVectors, vectors } from '../support/vectors';

describeVectors('interop_rows', 'stored dates of Django', () => {
  const rows = vectors<{ utc?: string; stored?: string }>('interop_rows').filter((row) => row.stored);

  it('writes and reads them', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const { utc = '', stored = '' } of rows) {
      // JavaScript's dates end at milliseconds.
      expect(instantOf(stored)).toEqual(new Date(utc.replace(/(\.\d{3})\d+/, '$1')));
      expect(formatIsoDatetime(new Date(utc))).toBe(stored.replace(/(\.\d{3})\d{3}$/, '$1000'));
    }
  });
});

describe('stored dates', () => {
  it('come back as they were, in every zone', () => {
    const zones = fc.constantFrom('UTC', 'America/Chicago', 'Europe/Berlin', 'Asia/Kathmandu');
    const dates = fc.date({ min: new Date('1000-01-01'), max: new Date('9000-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, zones, (date, zone) => {
        const text = formatIsoDatetime(date, zone);
        // The hour that autumn repeats is read as its first.
        const back = instantOf(text, zone);
        expect(formatIsoDatetime(back, zone)).toBe(text);
      }),
    );
  });

  it('are local where USE_TZ is off', async () => {
    await overrideSettings(
      {
        USE_TZ: false,
        TIME_ZONE: 'America/Chicago',
        DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
      },
      () => {
        const { ops } = connections.get();
        const instant = new Date('2027-01-02T03:04:05Z');
        expect(ops.adaptDatetime(instant)).toBe('2027-01-01 21:04:05');
        expect(ops.toDatetime('2027-01-01 21:04:05')).toEqual(instant);
      },
    );
  });

  it('are those of TIME_ZONE where a field sets a day or a time itself', async () => {
    jest.useFakeTimers({ now: new Date('2027-01-02T03:04:05Z'), doNotFake: ['nextTick', 'setImmediate'] });
    await overrideSettings({ TIME_ZONE: 'America/Chicago' }, () => {
      expect(new DateField({ autoNow: true }).preSave(null, true)).toBe('2027-01-01');
      expect(new DateField({ autoNowAdd: true }).effectiveDefault()).toBe('2027-01-01');
      expect(new TimeField({ autoNow: true }).preSave(null, true)).toBe('21:04:05');
    });
    jest.useRealTimers();
  });

  it('refuses what is no date', () => {
    for (const value of ['', 'yesterday', '2027-02-30', '2027-13-01 00:00:00', 5]) {
      expect(() => instantOf(value)).toThrow(`${JSON.stringify(value)} is not a stored date and time.`);
    }
  });
});
