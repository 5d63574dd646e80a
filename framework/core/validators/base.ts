/** What all validators have in common. */
import type { Text, TextParams } from '../../utils/functional';
import { ValidationError } from '../exceptions';

/**
 * Looks at a value, and throws a `ValidationError` where it will not do. A function of one's own is one, and so is every
 * instance of a class here.
 */
export type Validator = (value: unknown) => void;

/** What every validator can be told. */
export interface ValidatorOptions {
  /** What is said instead. */
  message?: Text | null;
  code?: string | null;
}

abstract class Called {
  constructor() {
    const self = (value: unknown): void => {
      (self as unknown as Called).validate(value);
    };
    // biome-ignore lint/correctness/noConstructorReturn: that is how an instance becomes a function
    return Object.setPrototypeOf(self, new.target.prototype) as this;
  }

  /** @throws ValidationError where the value will not do. */
  abstract validate(value: unknown): void;
}

/** The type of what that constructor returns. */
const Callable = Called as abstract new () => Called & Validator;

/**
 * The base of validators that are classes. An instance is a function: it can stand wherever a function can.
 *
 * @example
 * ```ts
 * class Even extends BaseCallable {
 *   override validate(value: unknown): void {
 *     if (Number(value) % 2 !== 0) throw this.error(value, 'Enter an even number.', 'odd');
 *   }
 *   protected override identity(): readonly unknown[] {
 *     return [];
 *   }
 * }
 * const even = new Even();
 * even(2);
 * ```
 */
export abstract class BaseCallable extends Callable {
  /** What two validators of a class have to have in common to be equal. */
  protected abstract identity(): readonly unknown[];

  /** Whether another validator says the same. Python: `__eq__`. */
  equals(other: unknown): boolean {
    return (
      other instanceof BaseCallable &&
      Object.getPrototypeOf(this) === Object.getPrototypeOf(other) &&
      sameParts(this.identity(), other.identity())
    );
  }

  protected error(value: unknown, message: Text, code: string | null, params?: TextParams): ValidationError {
    return new ValidationError(message, { code, params: { ...params, value } });
  }
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i] || String(part) === String(b[i]));
}
