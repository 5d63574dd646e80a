/** Django: `django.contrib.postgres.utils`. */
import { ValidationError } from '../../core/exceptions';

/**
 * Each message of an error with another one in front.
 *
 * @param prefix with the parameters in it: `Item %(nth)s …`
 * @param code the code of what comes out, whatever that of the error was
 */
export function prefixValidationError(
  error: ValidationError,
  prefix: unknown,
  code: string,
  params: Readonly<Record<string, unknown>>,
): ValidationError {
  return new ValidationError(
    error.errorList.map((each) => {
      const shown = [new ValidationError(String(prefix), { params }), each].map((part) =>
        part.messages.join(' '),
      );
      return new ValidationError(shown.join(' ').replaceAll('%', '%%'), {
        code,
        params: { ...each.params, ...params },
      });
    }),
  );
}
