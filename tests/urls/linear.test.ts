import fc from 'fast-check';
import { HttpResponse } from 'tsango/http/response';
import { isValidPath, path } from 'tsango/urls';
import { RoutePattern } from 'tsango/urls/patterns';
import { stopwatch } from '../support/processor';

const view = () => new HttpResponse('');

describe('matching a route', () => {
  it.each([
    ['<str:a>-<str:b>-<str:c>-<str:d>/', `${'-'.repeat(100_000)}`],
    ['<path:a>/<path:b>/<path:c>/x/', `${'/'.repeat(100_000)}`],
    ['<slug:a>-<slug:b>-<slug:c>!', `${'a-'.repeat(50_000)}`],
    ['<int:a>0<int:b>0<int:c>x', '0'.repeat(100_000)],
    ['<str:a><str:b><str:c>/', 'a'.repeat(100_000)],
  ])('%s takes linear time on the worst of paths', (route, target) => {
    const spent = stopwatch();
    expect(isValidPath(`/${target}`, [path(route, view)])).toBe(false);
    expect(spent()).toBeLessThan(1);
  });

  it('captures what the regular expression would', () => {
    const part = fc.constantFrom('<int:%>', '<str:%>', '<slug:%>', '<path:%>', '-', '/', 'a', '0/');
    const target = fc.stringMatching(/^[-a01/\n]{0,12}$/);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), target, fc.boolean(), (parts, text, isEndpoint) => {
        const route = parts.map((p, i) => p.replace('%', `p${i}`)).join('');
        const pattern = new RoutePattern(route, undefined, isEndpoint);
        const { source, groups } = pattern.translated(0);
        const expected = new RegExp(source, 'v').exec(text);
        const found = pattern.match(text);
        const raw = found?.kwargs ? Object.fromEntries(Object.entries(found.kwargs)) : {};
        if (expected === null) expect(found).toBeUndefined();
        else {
          expect(found?.rest).toBe(text.slice(expected[0].length));
          const values = groups.map((name, i) => [
            name,
            route.includes(`<int:${name}>`) ? Number(expected[i + 1]) : expected[i + 1],
          ]);
          expect(raw).toEqual(Object.fromEntries(values));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
