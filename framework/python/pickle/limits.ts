/**
 * What a pickle may unfold to. References let a hundred bytes stand for a structure that is endless or enormous once
 * somebody walks it (prints it, or sends it as JSON), so shared parts count as often as they are referred to.
 */
import { UnpicklingError } from './errors';

/** How much a pickle may hold. */
export interface Limits {
  /** Bytes of the pickle. Default 64 MiB. */
  readonly maxBytes: number;
  /** Levels of nesting. Default 1000; Python's own writer gives up there, too. */
  readonly maxDepth: number;
  /** Values and characters with each reference counted again. Default 64 Mi. */
  readonly maxExpanded: number;
}

/** The defaults. */
export const LIMITS: Limits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 1000,
  maxExpanded: 64 * 1024 * 1024,
};

interface Measure {
  size: number;
  height: number;
}

/**
 * Measures a value, each of its parts once.
 *
 * @throws UnpicklingError if it contains itself, is nested too deep, or unfolds to too much.
 */
export function checkExpansion(value: unknown, limits: Limits): void {
  const measured = new Map<object, Measure | null>();

  function measure(part: unknown, depth: number): Measure {
    if (typeof part === 'string') return { size: part.length, height: 0 };
    if (part === null || typeof part !== 'object') return LEAF;
    const children = childrenOf(part);
    if (children === undefined) return LEAF;
    const known = measured.get(part);
    if (known === null) throw new UnpicklingError('The pickle holds a value that contains itself.');
    if (known !== undefined) return known;
    if (depth >= limits.maxDepth) throw tooDeep(limits);
    measured.set(part, null);
    const total: Measure = { size: 1, height: 1 };
    for (const child of children) {
      const found = measure(child, depth + 1);
      total.size += found.size;
      if (found.height >= total.height) total.height = found.height + 1;
    }
    if (total.size > limits.maxExpanded) throw tooMuch(limits);
    if (total.height > limits.maxDepth) throw tooDeep(limits);
    measured.set(part, total);
    return total;
  }

  measure(value, 0);
}

const LEAF: Measure = { size: 1, height: 0 };

function* mapParts(map: Map<unknown, unknown>): Iterable<unknown> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}

function childrenOf(part: object): Iterable<unknown> | undefined {
  if (Array.isArray(part) || part instanceof Set) return part as Iterable<unknown>;
  if (part instanceof Map) return mapParts(part);
  return Object.getPrototypeOf(part) === Object.prototype ? Object.values(part) : undefined;
}

/** The error of a pickle that is nested too deep. */
export function tooDeep(limits: Limits): UnpicklingError {
  return new UnpicklingError(`The pickle is nested more than ${limits.maxDepth} levels deep.`);
}

/** The error of a pickle that unfolds to too much. */
export function tooMuch(limits: Limits): UnpicklingError {
  return new UnpicklingError(`The pickle unfolds to more than ${limits.maxExpanded} values and characters.`);
}
