/** The errors that each model has of its own. Django: `ModelBase`'s `DoesNotExist` and `MultipleObjectsReturned`. */
import { MultipleObjectsReturned, ObjectDoesNotExist } from '../../core/exceptions';
import type { ModelClass } from './base';
import { concreteBase } from './family';

interface ModelErrors {
  DoesNotExist: typeof ObjectDoesNotExist;
  MultipleObjectsReturned: typeof MultipleObjectsReturned;
}

const errors = new WeakMap<object, ModelErrors>();

/** The errors of a class, and of Model itself; what a parent's `get` may throw, a child's throws, too. */
export function errorsOf(cls: ModelClass): ModelErrors {
  let made = errors.get(cls);
  if (made === undefined) {
    const base = concreteBase(cls);
    const named = <T extends abstract new (...args: never[]) => object>(base: T, name: string): T =>
      Object.defineProperty(class extends (base as unknown as new () => object) {}, 'name', {
        value: name,
      }) as unknown as T;
    made = {
      DoesNotExist: named(base?.DoesNotExist ?? ObjectDoesNotExist, 'DoesNotExist'),
      MultipleObjectsReturned: named(
        base?.MultipleObjectsReturned ?? MultipleObjectsReturned,
        'MultipleObjectsReturned',
      ),
    };
    errors.set(cls, made);
  }
  return made;
}
