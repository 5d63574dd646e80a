import fc from 'fast-check';
import { dumps, loads } from 'tsango/python/json';

const flat = fc.dictionary(
  fc.string({ unit: 'binary' }),
  fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
);

describe('JSON as Python writes it', () => {
  it('is the same for an object by itself, where JSON.stringify is used, and within a list, where it is not', () => {
    fc.assert(fc.property(flat, (value) => expect(`[${dumps(value)}]`).toBe(dumps([value]))));
  });

  it('is read again as it was', () => {
    fc.assert(
      fc.property(flat, (value) => {
        const written = dumps(value);
        expect(written).toMatch(/^[ -~]*$/);
        expect(dumps(loads(written))).toBe(written);
      }),
    );
  });

  it('passes over what is undefined, and calls no toJSON', () => {
    expect(dumps({ a: 1, b: undefined })).toBe('{"a":1}');
    expect(dumps({ a: 1, toJSON: 'text' })).toBe('{"a":1,"toJSON":"text"}');
    expect(() => dumps({ toJSON: () => 'nothing' })).toThrow(
      new TypeError('Object of type function is not JSON serializable'),
    );
    expect(() => dumps({ day: new Date(0) })).toThrow(
      new TypeError('Object of type Date is not JSON serializable'),
    );
  });
});
