import fc from 'fast-check';
import { configure, overrideSettings } from 'tsango/conf';
import { PlainDateTime, ZonedDateTime } from 'tsango/python/datetime';
import { getZone } from 'tsango/python/zoneinfo';
import {
  activate,
  deactivate,
  getCurrentTimezone,
  getFixedTimezone,
  isAmbiguousOrImaginary,
  isAware,
  localdate,
  localtime,
  makeAware,
  makeNaive,
  now,
  override,
  templateLocaltime,
} from 'tsango/utils/timezone';

configure({ TIME_ZONE: 'America/Chicago' });

const MOMENT = new Date(Date.UTC(2026, 10, 22, 17, 34, 28, 45));

afterEach(() => jest.useRealTimers());

describe('moving between zones', () => {
  it('shows a moment in the current zone', () => {
    expect(localtime(MOMENT).isoformat()).toBe('2026-11-22T11:34:28.045000-06:00');
    expect(localtime(MOMENT, 'Asia/Kathmandu').isoformat()).toBe('2026-11-22T23:19:28.045000+05:45');
    expect(localdate(MOMENT, 'Pacific/Auckland').isoformat()).toBe('2026-11-23');
    expect(String(makeNaive(MOMENT, 'UTC'))).toBe('2026-11-22 17:34:28.045000');
  });

  it('comes back to the same moment', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2037-01-01'), noInvalidDate: true }),
        fc.constantFrom(
          'America/Chicago',
          'Europe/Paris',
          'Australia/Lord_Howe',
          'Asia/Tokyo',
          'UTC',
          '+05:30',
        ),
        (date, zone) => {
          const local = localtime(date, zone);
          expect(local.toDate()).toEqual(date);
          const plain = makeNaive(date, zone);
          if (!isAmbiguousOrImaginary(plain, zone)) expect(makeAware(plain, zone).toDate()).toEqual(date);
        },
      ),
    );
  });

  it('takes the first of two moments, and moves over a gap, as Python does', () => {
    expect(makeAware(new PlainDateTime(2026, 11, 1, 1, 30)).offset).toBe(-5 * 3600);
    expect(makeAware(new PlainDateTime(2026, 3, 8, 2, 30)).offset).toBe(-6 * 3600);
    expect(isAmbiguousOrImaginary(new PlainDateTime(2026, 3, 8, 2, 30), 'America/Chicago')).toBe(true);
  });

  it('refuses to guess', () => {
    const naive = new PlainDateTime(2026, 1, 1);
    expect(() => localtime(naive)).toThrow('localtime() cannot be applied to a naive datetime');
    expect(() => makeNaive(naive)).toThrow('make_naive() cannot be applied to a naive datetime');
    expect(() => makeAware(localtime(MOMENT))).toThrow(
      'make_aware expects a naive datetime, got 2026-11-22 11:34:28.045000-06:00',
    );
    expect(() => localtime(MOMENT, 'Mars/Base')).toThrow('No time zone found with key Mars/Base');
  });
});

describe('the current zone', () => {
  it('is TIME_ZONE unless another is active', () => {
    expect(getCurrentTimezone()).toBe('America/Chicago');
    override('Europe/Paris', () => {
      expect(getCurrentTimezone()).toBe('Europe/Paris');
      override(null, () => expect(getCurrentTimezone()).toBe('America/Chicago'));
    });
    expect(() => activate('Mars/Base')).toThrow('No time zone found with key Mars/Base');
  });

  it('is one for each request', async () => {
    const seen = await Promise.all(
      ['Asia/Tokyo', 'UTC'].map(async (zone) => {
        activate(zone);
        await Promise.resolve();
        return getCurrentTimezone();
      }),
    );
    deactivate();
    expect(seen).toEqual(['Asia/Tokyo', 'UTC']);
  });

  it('is what templates show', async () => {
    expect(templateLocaltime(MOMENT)).toBeInstanceOf(ZonedDateTime);
    expect(templateLocaltime(MOMENT, false)).toBe(MOMENT);
    const kept = localtime(MOMENT, 'UTC');
    kept.convertToLocalTime = false;
    expect(templateLocaltime(kept)).toBe(kept);
    await overrideSettings({ USE_TZ: false }, () => expect(templateLocaltime(MOMENT)).toBe(MOMENT));
  });

  it('gives the time without a zone where USE_TZ is off', async () => {
    jest.useFakeTimers({ now: MOMENT });
    expect(now()).toEqual(MOMENT);
    await overrideSettings({ USE_TZ: false }, () => {
      const value = now();
      expect(isAware(value)).toBe(false);
      expect(String(value)).toBe('2026-11-22 11:34:28.045000');
    });
  });
});

it.each([
  ['America/Chicago', 'CST', 'CDT'],
  ['Europe/London', 'GMT', 'BST'],
  ['Asia/Tokyo', 'JST', 'JST'],
  ['Asia/Bangkok', '+07', '+07'],
  ['Australia/Sydney', 'AEDT', 'AEST'],
  ['America/Sao_Paulo', '-03', '-03'],
  ['UTC', 'UTC', 'UTC'],
])('%s is abbreviated %s and %s', (zone, winter, summer) => {
  expect(getZone(zone).abbreviationAt(Date.UTC(2026, 0, 15) / 1000)).toBe(winter);
  expect(getZone(zone).abbreviationAt(Date.UTC(2026, 6, 15) / 1000)).toBe(summer);
});

it('names fixed offsets by their minutes', () => {
  expect(getFixedTimezone(-210)).toBe('-0330');
  expect(getZone('-0330').abbreviationAt(0)).toBe('-0330');
  expect(getZone('-03:30').offsetAt(0)).toBe(-12_600);
});
