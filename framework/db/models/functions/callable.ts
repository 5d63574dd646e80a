/** Classes that can be called without `new`, as Python's are. */

// biome-ignore lint/suspicious/noExplicitAny: constructors of any parameters; they are handed on.
type AnyClass = abstract new (...args: any[]) => unknown;

/** A class that is also a function that makes an instance. */
export type Callable<C extends AnyClass> = C & ((...args: ConstructorParameters<C>) => InstanceType<C>);

/** The class, which makes an instance when it is called as a function, too: `Lower('name')`. */
export function callable<C extends AnyClass>(Class: C): Callable<C> {
  return new Proxy(Class, {
    apply: (target, _self, args: unknown[]) => Reflect.construct(target, args) as object,
  }) as Callable<C>;
}
