/** Functions of numbers that SQLite has not itself, or not in every build. */
import type { Given } from './dates';

/** A function that is null of null. */
function strict(call: (...numbers: number[]) => number): (...given: Given[]) => number | null {
  return (...given) => {
    if (given.some((each) => each === null)) return null;
    const result = call(...given.map(Number));
    return Number.isNaN(result) ? null : result;
  };
}

export const cot = strict((x) => 1 / Math.tan(x));
export const random = (): number => Math.random();

export function sign(value: Given): bigint | null {
  return value === null ? null : BigInt(Math.sign(Number(value)));
}

export function bitxor(one: Given, other: Given): bigint | null {
  return one === null || other === null
    ? null
    : BigInt.asIntN(64, BigInt(one as number) ^ BigInt(other as number));
}

/** What a build with SQLITE_ENABLE_MATH_FUNCTIONS has itself: name, number of arguments, function. */
export const MATH: readonly (readonly [string, number, (...given: Given[]) => number | null])[] = [
  ...(['ACOS', 'ASIN', 'ATAN', 'COS', 'EXP', 'SIN', 'SQRT', 'TAN'] as const).map(
    (name) => [name, 1, strict(Math[name.toLowerCase() as 'acos'])] as const,
  ),
  ['ATAN2', 2, strict(Math.atan2)],
  ['CEILING', 1, strict(Math.ceil)],
  ['DEGREES', 1, strict((x) => (x * 180) / Math.PI)],
  ['FLOOR', 1, strict(Math.floor)],
  ['LN', 1, strict(Math.log)],
  ['LOG', 2, strict((base, x) => Math.log(x) / Math.log(base))],
  ['MOD', 2, strict((x, y) => x % y)],
  ['PI', 0, strict(() => Math.PI)],
  ['POWER', 2, strict((x, y) => x ** y)],
  ['RADIANS', 1, strict((x) => (x * Math.PI) / 180)],
];

/** An aggregate over numbers. */
export interface NumbersAggregate {
  start: () => number[];
  step: (values: number[], next: Given) => number[];
  result: (values: number[]) => number | null;
}

function overNumbers(result: (values: readonly number[]) => number | null): NumbersAggregate {
  return {
    start: () => [],
    step: (values, next) => {
      if (next !== null) values.push(Number(next));
      return values;
    },
    result,
  };
}

/** The mean square of the deviations; of a sample, there is one value less to divide by. */
function variance(values: readonly number[], sample: boolean): number | null {
  const count = values.length - (sample ? 1 : 0);
  if (count <= 0) return null;
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / count;
}

function deviation(values: readonly number[], sample: boolean): number | null {
  const square = variance(values, sample);
  return square === null ? null : Math.sqrt(square);
}

export const AGGREGATES: Readonly<Record<string, NumbersAggregate>> = {
  STDDEV_POP: overNumbers((values) => deviation(values, false)),
  STDDEV_SAMP: overNumbers((values) => deviation(values, true)),
  VAR_POP: overNumbers((values) => variance(values, false)),
  VAR_SAMP: overNumbers((values) => variance(values, true)),
};
