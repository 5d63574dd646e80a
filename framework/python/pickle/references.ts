/** What stands on the reader's stack and is no value by itself. */
import { UnpicklingError } from './errors';

/** How values are read. */
export interface Reading {
  /** Keep what plain JavaScript values lose: microseconds, and that a float is integral. */
  readonly exact: boolean;
}

/** Stands on the reader's stack for what is no value by itself, and must not be left in the result. */
export abstract class Reference {}

/** A class or function that a pickle names. */
export class GlobalReference extends Reference {
  constructor(
    readonly name: string,
    readonly call: Constructor | undefined,
  ) {
    super();
  }
}

/** A tzinfo. */
export class Zone extends Reference {
  constructor(
    readonly name: string,
    /** Seconds east of UTC, if it is always the same or known for the datetime at hand. */
    readonly offset: number | undefined,
  ) {
    super();
  }
}

/** An object that gets its state later, with BUILD. */
export class Unbuilt extends Reference {}

/** Makes a value of a call's arguments. */
export type Constructor = (args: readonly unknown[], reading: Reading) => unknown;

/** The error of a value whose parts cannot be. */
export function damaged(name: string, cause?: unknown): UnpicklingError {
  return new UnpicklingError(
    `The pickle holds a damaged ${name}.`,
    cause === undefined ? undefined : { cause },
  );
}

/** Runs `make`; what it throws is taken for damage. */
export function damagedAs<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnpicklingError) throw error;
    throw damaged(name, error);
  }
}
