/** What fields made of items have in common: an error says of which item it is. */
import { ValidationError } from '../../../core/exceptions';
import { attempt, forEach, type MaybePromise, then } from '../../../utils/maybe_promise';
import { prefixValidationError } from '../utils';

/**
 * Calls a function for each item.
 *
 * @returns what it gave, and for each item its error or null. What is no ValidationError is thrown on.
 */
export function eachItem<T>(
  items: readonly unknown[],
  message: unknown,
  call: (item: unknown) => MaybePromise<T>,
): MaybePromise<{ values: (T | undefined)[]; errors: (ValidationError | null)[] }> {
  const values: (T | undefined)[] = [];
  const errors: (ValidationError | null)[] = [];
  const done = forEach([...items.entries()], ([at, item]) =>
    attempt<void>(
      () =>
        then(call(item), (value) => {
          values.push(value);
          errors.push(null);
        }),
      (error) => {
        if (!(error instanceof ValidationError)) throw error;
        values.push(undefined);
        errors.push(prefixValidationError(error, message, 'item_invalid', { nth: at + 1 }));
      },
    ),
  );
  return then(done, () => ({ values, errors }));
}
