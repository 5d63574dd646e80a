import fc from 'fast-check';
import {
  isTruthy,
  len,
  percentFormat,
  pformat,
  pyCompare,
  pyContains,
  pyEquals,
  repr,
  splitLines,
  splitWords,
  title,
  toFloat,
  toInt,
  toStr,
} from 'tsango/python';
import { PlainDate, PlainDateTime, PlainTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { PyFloat, pyFloat, tuple, UUID } from 'tsango/python/types';
import { Duration } from 'tsango/utils/duration';
import { SafeString } from 'tsango/utils/safestring';

describe('toStr', () => {
  it.each([
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [false, 'False'],
    [7, '7'],
    [1.5, '1.5'],
    [new PyFloat(1), '1.0'],
    [new PyFloat(-0), '-0.0'],
    [new PyFloat(1e16), '1e+16'],
    [0.00001, '1e-05'],
    [Number.NaN, 'nan'],
    [-Infinity, '-inf'],
    [10n ** 20n, '100000000000000000000'],
    ['text', 'text'],
    [new SafeString('<b>'), '<b>'],
    [['a', 1, null, [true]], "['a', 1, None, [True]]"],
    [tuple([1]), '(1,)'],
    [tuple([1, 'b']), "(1, 'b')"],
    [{ a: 1, b: ["it's"] }, `{'a': 1, 'b': ["it's"]}`],
    [new Map<unknown, unknown>([[1, 'x']]), "{1: 'x'}"],
    [new Set([1, 2]), '{1, 2}'],
    [new Set(), 'set()'],
    [new Uint8Array([0, 65, 39]), `b"\\x00A'"`],
    [new Date(Date.UTC(2026, 10, 22, 11, 34)), '2026-11-22 11:34:00+00:00'],
    [new PlainDate(2026, 11, 2), '2026-11-02'],
    [new PlainTime(7, 0, 0, 5), '07:00:00.000005'],
    [new Duration({ days: 1, hours: 2 }), '1 day, 2:00:00'],
    [Decimal.from('1.50'), '1.50'],
    [new Error('what went wrong'), 'what went wrong'],
  ])('%p prints as %s', (value, text) => {
    expect(toStr(value)).toBe(text);
  });

  it('prints an object by its own toString, and one without by its class', () => {
    class Named {
      toString() {
        return 'a name';
      }
    }
    class Plain {}
    expect(toStr(new Named())).toBe('a name');
    expect(toStr(new Plain())).toBe('<Plain object>');
  });

  it('prints a list that contains itself', () => {
    const list: unknown[] = [1];
    list.push(list);
    expect(toStr(list)).toBe('[1, [...]]');
  });

  it('prints dates inside of lists as Python writes them', () => {
    expect(repr([new PlainDateTime(2026, 11, 22, 11, 34)])).toBe('[datetime.datetime(2026, 11, 22, 11, 34)]');
  });
});

describe('repr', () => {
  it.each([
    ['a', "'a'"],
    ["it's", `"it's"`],
    [`"it's"`, `'"it\\'s"'`],
    ['a\n\t\\\x00\x7f\xa0é\u2028🎸', "'a\\n\\t\\\\\\x00\\x7f\\xa0é\\u2028🎸'"],
  ])('%p', (text, expected) => {
    expect(repr(text)).toBe(expected);
  });
});

describe('truth', () => {
  it.each([
    null,
    undefined,
    false,
    0,
    0n,
    '',
    [],
    {},
    new Map(),
    new Set(),
    new PyFloat(0),
    new Duration(),
    Decimal.from('0.00'),
    new SafeString(''),
  ])('%p is false', (value) => {
    expect(isTruthy(value)).toBe(false);
  });
  it.each([1, 'a', [0], { a: 1 }, Number.NaN, new PlainTime(), new Date(0), () => 0, new (class {})()])(
    '%p is true',
    (value) => {
      expect(isTruthy(value)).toBe(true);
    },
  );
});

describe('comparison', () => {
  it.each([
    [1, true, true],
    [1, new PyFloat(1), true],
    [1, '1', false],
    [[1, 2], [1, 2], true],
    [[1, 2], tuple([1, 2]), false],
    [{ a: [1] }, new Map([['a', [1]]]), true],
    ['a', new SafeString('a'), true],
    [Decimal.from('1.0'), 1, true],
    [null, undefined, true],
    [null, 0, false],
  ])('%p == %p is %p', (a, b, equal) => {
    expect(pyEquals(a, b)).toBe(equal);
  });

  it('orders lists item by item, and refuses what Python refuses', () => {
    expect(pyCompare([1, 2], [1, 3])).toBeLessThan(0);
    expect(pyCompare('Z', 'a')).toBeLessThan(0);
    expect(pyCompare('\uffff', '🎸')).toBeLessThan(0);
    expect(() => pyCompare('a', 1)).toThrow(
      new TypeError("'<' not supported between instances of 'str' and 'int'"),
    );
  });

  it('looks into text, lists and dictionaries', () => {
    expect(pyContains('abc', 'bc')).toBe(true);
    expect(pyContains([1, [2]], [2])).toBe(true);
    expect(pyContains({ a: 1 }, 'a')).toBe(true);
    expect(pyContains({ a: 1 }, 'constructor')).toBe(false);
    expect(() => pyContains('abc', 1)).toThrow(
      new TypeError("'in <string>' requires string as left operand, not int"),
    );
  });

  it('counts characters, not UTF-16 units', () => {
    expect(len('🎸é')).toBe(2);
    expect(() => len(5)).toThrow(new TypeError("object of type 'int' has no len()"));
  });
});

describe('numbers from text', () => {
  it.each([
    [' 7 ', 7],
    ['1_000', 1000],
    ['-0', -0],
    ['٣', 3],
    [3.9, 3],
    [true, 1],
    ['12345678901234567890', 12345678901234567890n],
  ])('int(%p)', (value, expected) => {
    expect(Number(toInt(value))).toBe(Number(expected));
  });

  it.each(['', '1.5', '1__0', '0x10', 'abc'])('int(%p) is a ValueError', (text) => {
    expect(() => toInt(text)).toThrow(`invalid literal for int() with base 10: '${text}'`);
  });

  it.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-Infinity', -Infinity],
    ['1e3', 1000],
  ])('float(%p)', (text, expected) => {
    expect(toFloat(text)).toBe(expected);
  });
});

describe('percentFormat', () => {
  it.each([
    ['%05.1f', 2.5499, '002.5'],
    ['%.0f', 2.5, '2'],
    ['%.2f', 2.675, '2.67'],
    ['%e', 12345.678, '1.234568e+04'],
    ['%g', 1e-7, '1e-07'],
    ['%x', 255, 'ff'],
    ['%#o', 8, '0o10'],
    ['%+d', 5, '+5'],
    ['%-5s|', 'ab', 'ab   |'],
    ['%.2s', 'abc', 'ab'],
    ['%r', 'a', "'a'"],
    ['%d%%', 5, '5%'],
    ['%(a)s', { a: 1 }, '1'],
    ['%.20f', 0.1, '0.10000000000000000555'],
  ])('%p %% %p', (format, value, expected) => {
    expect(percentFormat(format, value)).toBe(expected);
  });

  it('says what does not fit', () => {
    expect(() => percentFormat('%d', 'a')).toThrow(
      new TypeError('%d format: a real number is required, not str'),
    );
    expect(() => percentFormat('x', 1)).toThrow(
      new TypeError('not all arguments converted during string formatting'),
    );
  });
});

describe('text', () => {
  it('has Python’s white space and line breaks', () => {
    expect(splitWords(' a\x1cb\u3000c\ufeff ')).toEqual(['a', 'b', 'c\ufeff']);
    expect(splitLines('a\r\nb\x85c\n')).toEqual(['a', 'b', 'c']);
    expect(title("they're ﬁne ß ΑΣ")).toBe("They'Re Fine Ss Ας");
  });
});

describe('pformat', () => {
  it('breaks what is longer than a line', () => {
    const value = { names: ['a'.repeat(40), 'b'.repeat(40)], age: 1 };
    expect(pformat(value)).toBe(
      `{'age': 1,\n 'names': ['${'a'.repeat(40)}',\n           '${'b'.repeat(40)}']}`,
    );
  });
});

describe('Decimal', () => {
  it.each([
    ['0.000', '0.000'],
    ['1E+5', '1E+5'],
    ['0.0000001', '1E-7'],
    ['-0', '-0'],
    ['NaN', 'NaN'],
    ['-inf', '-Infinity'],
  ])('keeps %s', (text, printed) => {
    expect(Decimal.from(text).toString()).toBe(printed);
  });

  it('prints what it reads', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: -50, max: 50 }),
        (digits, exponent) => {
          const number = Decimal.of(digits < 0n, digits < 0n ? -digits : digits, exponent);
          const again = Decimal.from(number.toString());
          expect([again.negative, again.coefficient, again.exponent]).toEqual([
            number.negative,
            number.coefficient,
            number.exponent,
          ]);
          expect(again.compare(number)).toBe(0);
        },
      ),
    );
  });

  it('is exactly the double that it is made of', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Decimal.exactly(number).toNumber()).toBe(number);
      }),
    );
    const tenth = Decimal.from('0.1000000000000000055511151231257827021181583404541015625');
    expect(Decimal.exactly(0.1).compare(tenth)).toBe(0);
  });

  it('compares without writing its digits out', () => {
    expect(Decimal.from('1e999999999').compare(Decimal.from(1))).toBeGreaterThan(0);
    expect(Decimal.from('-1e999999999').compare(Decimal.from('1e-999999999'))).toBeLessThan(0);
  });
});

describe('values without a twin in JavaScript', () => {
  it('boxes only floats that would pass for integers', () => {
    expect(pyFloat(1.5)).toBe(1.5);
    expect(JSON.stringify([pyFloat(2), tuple([1])])).toBe('[2,[1]]');
  });

  it('reads UUIDs as Python does', () => {
    const text = '12345678-1234-5678-1234-567812345678';
    expect(String(new UUID(`{${text.toUpperCase()}}`))).toBe(text);
    expect(() => new UUID('no')).toThrow('badly formed hexadecimal UUID string');
  });

  it('refuses dates that there are not', () => {
    expect(() => new PlainDate(2026, 2, 29)).toThrow('day is out of range for month');
    expect(() => new PlainDate(0, 1, 1)).toThrow('year 0 is out of range');
    expect(() => new PlainTime(24)).toThrow('hour must be in 0..23');
  });
});
