/** A change of the left side before it is compared. Django: `django.db.models.lookups.Transform`. */
import type { Expression } from '../expressions/base';
import { Func } from '../expressions/func';
import type { LookupConstructor } from './base';
import { register } from './registry';

/** How a transform is made. */
export interface TransformConstructor {
  new (lhs: Expression): Expression;
  readonly lookupName?: string;
  readonly bilateral?: boolean;
}

/**
 * A function of one value that a field's name can be followed by: `{ name__lower__startswith: 'a' }`.
 *
 * @example
 * ```ts
 * class Doubled extends models.Transform<number> {
 *   static override readonly lookupName = 'doubled';
 *   protected override readonly template = '(%(expressions)s * 2)';
 * }
 * models.IntegerField.registerLookup(Doubled);
 * Story.objects.filter({ pages__doubled__gt: 30 });
 * ```
 */
export abstract class Transform<out V = unknown> extends Func<V> {
  /** What stands behind the two underscores. */
  static readonly lookupName: string | undefined = undefined;
  /** Whether the right side of a comparison is changed in the same way. */
  static readonly bilateral: boolean = false;
  static override readonly arity: number | undefined = 1;
  readonly isTransform = true;

  /** What is changed. */
  get lhs(): Expression {
    return this.getSourceExpressions()[0] as Expression;
  }

  /** The changes, from inside, that the right side goes through, too. */
  getBilateralTransforms(): readonly TransformConstructor[] {
    const Class = this.constructor as unknown as TransformConstructor;
    const inner = bilateralTransforms(this.lhs);
    return Class.bilateral === true ? [...inner, Class] : inner;
  }

  /**
   * Registers a lookup or a transform for what this one gives.
   *
   * @returns what takes it back.
   */
  static registerLookup(Class: LookupConstructor | TransformConstructor, name?: string): () => void {
    return register(this.prototype, Class, name);
  }
}

const NONE: readonly TransformConstructor[] = [];

/** The transforms of an expression that the right side goes through as well. */
export function bilateralTransforms(lhs: Expression): readonly TransformConstructor[] {
  return 'isTransform' in lhs ? (lhs as Transform).getBilateralTransforms() : NONE;
}
