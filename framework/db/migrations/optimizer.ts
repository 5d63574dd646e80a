/** Fewer operations that come to the same. Django: `django.db.migrations.optimizer`. */
import type { Operation } from './operations/base';

function same(one: readonly Operation[], other: readonly Operation[]): boolean {
  return one.length === other.length && one.every((operation, at) => operation === other[at]);
}

/**
 * Replaces the first operation that can be by what stands for it and a later one. What is between the two moves ahead of
 * the result, where each of it may; else the later one moves ahead of it.
 */
function once(operations: readonly Operation[], appLabel: string): Operation[] {
  const done: Operation[] = [];
  for (const [at, operation] of operations.entries()) {
    const between: Operation[] = [];
    let passable = true;
    let kept = true;
    for (const other of operations.slice(at + 1)) {
      const result = operation.reduce(other, appLabel);
      if (typeof result !== 'boolean') {
        const rest = operations.slice(at + between.length + 2);
        if (passable) return [...done, ...between, ...result, ...rest];
        if (between.every((each) => each.reduce(other, appLabel) === true)) {
          return [...done, ...result, ...between, ...rest];
        }
        kept = false;
        done.push(operation);
        break;
      }
      if (!result) passable = false;
      between.push(other);
    }
    if (kept) done.push(operation);
  }
  return done;
}

/**
 * Operations that do the same in fewer steps.
 *
 * @param appLabel the app of all of them.
 */
export function optimize(operations: readonly Operation[], appLabel: string): readonly Operation[] {
  let current = operations;
  for (;;) {
    const next = once(current, appLabel);
    if (same(next, current)) return next;
    current = next;
  }
}
