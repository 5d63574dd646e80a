import { parseCookie } from 'tsango/http';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface CookieVector {
  args: [string];
  result: Record<string, string>;
}

describeVectors('cookies', 'Cookie headers as Django reads them', () => {
  it('agrees with every recorded header', () => {
    const facts = vectors<CookieVector>('cookies');
    const failed = facts.filter(
      ({ args, result }) => JSON.stringify(sorted(parseCookie(...args))) !== JSON.stringify(sorted(result)),
    );
    reportArea('cookies', facts.length - failed.length, facts.length);
    expect(failed).toEqual([]);
  });
});

function sorted(cookies: Record<string, string>): [string, string][] {
  return Object.entries(cookies).sort(([a], [b]) => (a < b ? -1 : 1));
}
