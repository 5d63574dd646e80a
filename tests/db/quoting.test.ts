import './settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { SQLITE_ENGINE } from '../support/sqlite';

let restore: () => Promise<void>;
beforeAll(() => {
  restore = overrideSettings({
    USE_TZ: true,
    DATABASES: {
      sqlite: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
      postgresql: { ENGINE: 'postgresql', NAME: 'x' },
      mysql: { ENGINE: 'mysql', NAME: 'x' },
    },
  });
});
afterAll(() => restore());

// What each database's own client would write. Nothing is connected for it.
const NAMES: [string, sqlite: string, mysql: string][] = [
  ['plain', '"plain"', '`plain`'],
  ['a"b', '"a""b"', '`a"b`'],
  ['a`b', '"a`b"', '`a``b`'],
  ['"done"', '"done"', '`"done"`'],
  ['`done`', '"`done`"', '`done`'],
  ['"', '""""', '`"`'],
];
const VALUES: [unknown, sqlite: string, postgresql: string, mysql: string][] = [
  [null, 'NULL', 'NULL', 'NULL'],
  [undefined, 'NULL', 'NULL', 'NULL'],
  [true, '1', 'true', '1'],
  [false, '0', 'false', '0'],
  [-1.5, '-1.5', '-1.5', '-1.5e0'],
  [2n ** 63n, '9223372036854775808', '9223372036854775808', '9223372036854775808'],
  ["it's", "'it''s'", "'it''s'", "'it\\'s'"],
  ['a\\b', "'a\\b'", " E'a\\\\b'", "'a\\\\b'"],
  ['\n"', "'\n\"'", "'\n\"'", "'\\n\\\"'"],
  [Uint8Array.of(0, 255), "X'00ff'", "'\\x00ff'::bytea", "X'00ff'"],
  [
    new Date('2024-02-03T04:05:06.789Z'),
    "'2024-02-03 04:05:06.789000'",
    "'2024-02-03 04:05:06.789000+00:00'::timestamptz",
    "'2024-02-03 04:05:06.789000'",
  ],
];

it.each(NAMES)('quotes the name %s', (name, standard, mysql) => {
  expect(
    ['sqlite', 'postgresql', 'mysql'].map((alias) => connections.get(alias).ops.quoteName(name)),
  ).toEqual([standard, standard, mysql]);
});

it.each(VALUES)('quotes the value %p', (value, ...expected) => {
  expect(
    ['sqlite', 'postgresql', 'mysql'].map((alias) => connections.get(alias).ops.quoteValue(value)),
  ).toEqual(expected);
});

it.each(['sqlite', 'postgresql', 'mysql'])('refuses what no column of %s can hold', (alias) => {
  expect(() => connections.get(alias).ops.quoteValue({})).toThrow(
    'Cannot quote parameter value [object Object] of type object',
  );
});
