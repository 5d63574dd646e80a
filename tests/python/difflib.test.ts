import fc from 'fast-check';
import { getCloseMatches, ratio } from 'tsango/python/difflib';

describe('ratio', () => {
  // What Python's difflib.SequenceMatcher(None, a, b).ratio() says.
  it.each([
    ['check', 'chck', 0.8888888888888888],
    ['bcde', 'abcd', 0.75],
    ['x', '', 0],
    ['runserver', 'runservr', 0.9411764705882353],
    ['diet', 'tide', 0.5],
    ['tide', 'diet', 0.25],
    ['', '', 1],
  ])('of %j and %j is Python’s', (a, b, expected) => {
    expect(ratio(a, b)).toBe(expected);
  });

  it('is 1 for the same text, and between 0 and 1 for any', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (a, b) => {
        expect(ratio(a, a)).toBe(1);
        expect(ratio(a, b)).toBeGreaterThanOrEqual(0);
        expect(ratio(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('getCloseMatches', () => {
  it('finds names that resemble a word, most alike first', () => {
    expect(getCloseMatches('appel', ['ape', 'apple', 'peach', 'puppy'])).toEqual(['apple', 'ape']);
    expect(getCloseMatches('appel', ['ape', 'apple'], 1)).toEqual(['apple']);
    expect(getCloseMatches('x'.repeat(100_000), ['x'.repeat(100)])).toEqual([]);
  });
});
