/** Days of weeks, as Python's `datetime.strptime` finds them. */
import { strptime, strptimeFirst } from 'tsango/python/strptime';

it.each([
  ['2008__1__39', '%Y__%w__%W', '2008-09-29'],
  ['2008__0__39', '%Y__%w__%U', '2008-09-28'],
  ['2008__0__0', '%Y__%w__%U', '2007-12-30'],
  ['2006__1__52', '%Y__%w__%W', '2006-12-25'],
  ['2008__1__40', '%G__%w__%V', '2008-09-29'],
  ['2009__1__53', '%G__%u__%V', '2009-12-28'],
  ['Mon 2021 01', '%a %G %V', '2021-01-04'],
  ['Sunday 2021 01', '%A %Y %W', '2021-01-10'],
])('%s as %s is %s', (text, format, day) => {
  expect(String(strptime(text, format).date())).toBe(day);
});

it('the first format that fits is taken', () => {
  expect(String(strptimeFirst('27.11.2026', ['%Y-%m-%d', '%d.%m.%Y'])?.date())).toBe('2026-11-27');
  expect(strptimeFirst('2026-02-30', ['%Y-%m-%d', '%q'])).toBeNull();
});
