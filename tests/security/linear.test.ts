/**
 * Text that nearly is a number, a date, an address: what makes a match fail stands behind what is repeated, for a
 * pattern that matches at once shows nothing.
 */
import fc from 'fast-check';
import { configure, resetSettings } from 'tsango/conf';
import { Decimal } from 'tsango/python/decimal';
import { percentFormat } from 'tsango/python/format';
import { toFloat, toInt } from 'tsango/python/numbers';
import { dumps, loads } from 'tsango/python/pickle';
import { Context, Engine, Variable } from 'tsango/template';
import * as filters from 'tsango/template/defaultfilters';
import { parseDate, parseDatetime, parseDuration, parseTime } from 'tsango/utils/dateparse';
import { expectLinear } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

function quietly(body: () => unknown): void {
  try {
    body();
  } catch {
    // Refusing is an answer, too.
  }
}

const REPEATED = ['1', '1_', '1.', ' ', '\u0663', '1e', 'a@', '1:', '('];

function texts(size: number): string[] {
  return REPEATED.flatMap((unit) => {
    const run = unit.repeat(Math.ceil(size / unit.length));
    return [`${run}x`, `1.${run}\u00e9`];
  });
}

const NO_FILTERS = new Set(['register', 'stringfilter']);

const FILTERS = Object.entries(filters).filter(([name]) => !NO_FILTERS.has(name)) as [
  string,
  (...args: unknown[]) => unknown,
][];

it.each(FILTERS)('%s', (_name, filter) => {
  expectLinear((size) => {
    for (const text of texts(size)) {
      quietly(() => filter(text));
      quietly(() => filter(text, 5));
      quietly(() => filter(5, text));
      quietly(() => filter('abc', text));
      quietly(() => filter([{ a: 1 }], text));
    }
  }, 10_000);
});

it.each([toInt, toFloat, Decimal.from, parseDate, parseDatetime, parseDuration, parseTime])('%p', (read) => {
  expectLinear((size) => {
    for (const text of texts(size)) quietly(() => read(text));
  });
});

it.each([
  '{% widthratio q 10 100 %}',
  '{% if q|add:0 == 5 %}x{% endif %}',
  '{% now q %}',
  '{% regroup l by a as b %}{{ b|dictsort:q }}',
  '{% load humanize %}{{ q|intcomma }}{{ q|ordinal }}{{ q|intword }}{{ q|apnumber }}{{ q|naturalday }}',
])('%s', (source) => {
  const template = new Engine({
    libraries: { humanize: 'tsango.contrib.humanize.templatetags.humanize' },
  }).fromString(source);
  expectLinear((size) => {
    for (const q of texts(size)) quietly(() => template.render(new Context({ q, l: [{ a: 1 }] })));
  }, 20_000);
});

it('the name of a variable that begins as a number', () => {
  expectLinear((size) => {
    for (const text of texts(size)) quietly(() => new Variable(text));
  });
});

it('floats in the text of a pickle', () => {
  expectLinear((size) => {
    for (const text of texts(size)) quietly(() => loads(Buffer.from(`F${text}\n.`, 'latin1')));
  });
  expect(loads(dumps(1.5))).toBe(1.5);
});

describe('the pattern of float()', () => {
  const before = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;

  it('takes what it took', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-+]?[0-9_.eE]{1,9}[-+0-9x]{0,2}$/), (text) => {
        let read: number | undefined;
        quietly(() => {
          read = toFloat(text);
        });
        expect(read).toBe(before.test(text) ? Number(text.replaceAll('_', '')) : undefined);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('decimal places', () => {
  it('in great number cost what they are long', () => {
    expectLinear((size) => filters.floatformat('1.5', size), 2_000_000);
    expectLinear((size) => filters.floatformat(1.5, -size), 2_000_000);
    expect(String(filters.floatformat('-0.004', 2))).toBe('0.00');
    expect(String(filters.floatformat('1.5', 20))).toBe('1.50000000000000000000');
    expect(String(filters.floatformat('7', 17))).toBe('7.00000000000000000');
    expect(percentFormat('%.20e', 0.5)).toBe('5.00000000000000000000e-01');
  });

  it('beyond what Python has are its error', () => {
    expect(String(filters.floatformat('1.5', 2_000_054))).toHaveLength(2_000_056);
    for (const places of [2_000_055, -2_000_055, 100_000_000, '1000000000000000000000']) {
      expect(() => filters.floatformat('1.5', places)).toThrow("[<class 'decimal.InvalidOperation'>]");
    }
    expect(String(filters.floatformat('7', -100_000_000))).toBe('7');
    expect(filters.floatformat('abc', 100_000_000)).toBe('');
  });
});
