/** Classes that can be called without `new`, as Python's are. */
import type { Expression } from '../expressions/base';

// biome-ignore lint/suspicious/noExplicitAny: constructors of any parameters; they are handed on.
type AnyClass = abstract new (...args: any[]) => unknown;

/**
 * A class that a function made: what its base has, and how it is called. A class without a name of its own cannot be
 * declared in the package's types.
 */
export type Made<Base, Args extends readonly unknown[], Instance> = Omit<Base, 'prototype' | 'lookupName'> & {
  new (...args: Args): Instance;
};

/** The same of transforms that can be registered by the name that they have. */
export type MadeTransform<Base, Args extends readonly unknown[], Instance> = Made<Base, Args, Instance> & {
  readonly lookupName: string;
};

/** A class that is also a function that makes an instance. */
export type Callable<C extends AnyClass> = C & ((...args: ConstructorParameters<C>) => InstanceType<C>);

/** A function of the database whose value is of the type that is at a path. */
export interface SamePath<out P extends string> extends Expression {
  /** Only for types. */
  readonly samePath: P;
}

/** A class whose calls give what their first argument has; of a path, what is there. */
export type SameCallable<C extends AnyClass> = C & {
  <const P extends string>(expression: P, ...rest: Rest<C>): SamePath<P>;
  <V>(expression: Expression<V>, ...rest: Rest<C>): Expression<V | null>;
};
type Rest<C extends AnyClass> =
  ConstructorParameters<C> extends [unknown, ...infer Others] ? Others : ConstructorParameters<C>;

/** The class, which makes an instance when it is called as a function, too: `Lower('name')`. */
export function callable<C extends AnyClass>(Class: C): Callable<C> {
  return new Proxy(Class, {
    apply: (target, _self, args: unknown[]) => Reflect.construct(target, args) as object,
  }) as Callable<C>;
}

/** The same for a function that gives what its argument is. */
export function sameCallable<C extends AnyClass>(Class: C): SameCallable<C> {
  return callable(Class) as unknown as SameCallable<C>;
}

/** Gives a class that a function made the name under which it is known. */
export function named<C extends AnyClass>(name: string, Class: C): C {
  return Object.defineProperty(Class, 'name', { value: name });
}
