/**
 * Rows of orm_models.ts as both sides write them: numbers and decimals as text, bytes in hexadecimal, moments in UTC.
 * A decimal has at most the fifteen figures that SQLite keeps.
 */

/** Rows by model and by Django's name of the value. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const everything = [
  {},
  {
    big: '9223372036854775807',
    whole: '2147483647',
    small: '32767',
    positive: '2147483647',
    positive_small: '32767',
    positive_big: '9223372036854775807',
    yes: true,
    char: 'Zoë’s “quotes” \\ \' " % _ 漢字 🐍',
    text: 'line one\nline two\ttab\r\n'.repeat(20),
    email: 'ada@example.com',
    slug: 'a-slug_1',
    url: 'https://example.com/?a=1&b=%20',
    day: '9999-12-31',
    moment: '2038-01-19T03:14:07.123',
    hour: '23:59:59.999999',
    price: '999999999.999999',
    ratio: 1.7976931348623157e308,
    length: '86399999999999999',
    key: '12345678-1234-5678-1234-567812345678',
    data: { a: [1, 2.5, null, true, 'é"\\', { b: {} }], '': [], $: { 'x.y': 0 } },
    bytes: '00ff10807f',
    address: '2001:db8::ff00:42:8329',
  },
  {
    big: '-9223372036854775808',
    whole: '-2147483648',
    small: '-32768',
    positive: '0',
    positive_small: '0',
    positive_big: '0',
    yes: false,
    char: '',
    text: '',
    email: '',
    slug: '',
    url: '',
    day: '1000-01-01',
    moment: '1000-01-01T00:00:00.000',
    hour: '00:00:00',
    price: '-999999999.999999',
    ratio: -5e-324,
    length: '-1',
    key: '00000000-0000-0000-0000-000000000000',
    data: [],
    bytes: '',
    address: '0.0.0.0',
  },
  {
    big: '9007199254740993',
    price: '0.000001',
    ratio: 0.1,
    length: '3600000001',
    moment: '2026-03-29T01:30:00.500',
    day: '1970-01-01',
    hour: '12:30:00.000001',
    data: 'text',
    bytes: 'e29883',
    address: '::1',
    key: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  },
  { data: 0, moment: '2026-10-25T00:30:00.000', ratio: -0.5, length: '0', price: '10.500000' },
  { data: false, moment: '2026-10-25T01:30:00.001', text: '\u0001\u200b\u{10ffff}', big: '9007199254740991' },
];

const numbered = <T extends object>(rows: readonly T[]): (T & { id: string })[] =>
  rows.map((row, at) => ({ ...row, id: String(at + 1) }));

const moment = (year: number, month: number): string =>
  `${year}-${String(month).padStart(2, '0')}-15T23:30:00.000`;

export const ROWS: Rows = {
  Everything: numbered(everything),
  Author: numbered([
    { name: 'Ada', born: '1815-12-10' },
    { name: 'Bob', teacher_id: '1' },
    { name: 'Zoë', born: '1970-01-01', teacher_id: '1' },
    { name: 'cid', teacher_id: '2' },
  ]),
  Tag: numbered([{ name: 'new' }, { name: 'old' }, { name: 'é' }]),
  Book: numbered(
    [
      { title: 'Ulysses', author_id: '1', pages: '100', price: '19.99', rating: 4.5, tags: ['1', '2'] },
      { title: 'ulysses', author_id: '1', pages: '200', price: '5.00', rating: 3.25, tags: ['2'] },
      { title: '100% of the rest', author_id: '2', pages: '300', price: '0.01', rating: 4, tags: ['1'] },
      { title: '100 of others', author_id: '2', pages: '200', price: '999999.99', rating: null },
      { title: 'axx', author_id: '3', pages: null, price: '20.00', rating: 2, tags: ['1', '3'] },
      { title: 'a_x', author_id: null, pages: '150', price: '19.98', rating: 5 },
      {
        title: 'back\\slash',
        author_id: null,
        pages: '250',
        price: '1.50',
        rating: 1.5,
        tags: ['1', '2', '3'],
      },
      { title: 'Über the Moon', author_id: '4', pages: '1', price: '7.25', rating: 4.75 },
    ].map((book, at) => ({
      ...book,
      in_print: at % 3 !== 0,
      published: moment(2017 + Math.floor(at / 2), at % 2 === 0 ? 12 : 6),
    })),
  ),
};
