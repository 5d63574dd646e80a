/** The instants of stored texts: what is stored almost always is read by a short way, all else by the long one. */
import { instantOf } from 'tsango/db/backends/datetimes';

it.each([
  ['2026-01-05 10:20:30', '2026-01-05T10:20:30.000Z'],
  ['2026-02-28 23:59:59.123456', '2026-02-28T23:59:59.123Z'],
  ['2024-02-29 00:00:00', '2024-02-29T00:00:00.000Z'],
  ['0099-01-01 00:00:00', '0099-01-01T00:00:00.000Z'],
  ['2026-01-05T10:20:30', '2026-01-05T10:20:30.000Z'],
  ['2026-01-05 10:20', '2026-01-05T10:20:00.000Z'],
  ['2026-01-05 10:20:30.5', '2026-01-05T10:20:30.500Z'],
  ['2026-01-05 10:20:30+02:00', '2026-01-05T08:20:30.000Z'],
])('%s', (text, expected) => {
  expect(instantOf(text).toISOString()).toBe(expected);
});

it.each([
  '2026-02-30 00:00:00',
  '2026-13-01 00:00:00',
  '2026-00-01 00:00:00',
  '2026-01-00 00:00:00',
  '2026-01-05 10:20:3x',
  '2026-01-05 10:20:30.12345x',
  '2026x01-05 10:20:30',
])('%s is none', (text) => {
  expect(() => instantOf(text)).toThrow(`${JSON.stringify(text)} is not a stored date and time.`);
});
