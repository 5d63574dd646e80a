/** What the wrapping of drivers' errors has in common. */
import { DatabaseErrorBase, OperationalError } from '../../errors';
import { isError } from '../utils';

/** Whether it is a driver's error that is not wrapped yet. */
export function isForeign(error: unknown): error is Error {
  return isError(error) && !(error instanceof DatabaseErrorBase);
}

/** The code of a driver's error, where it is a text. */
export function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** The error of a connection that could not be made, or was lost. */
export function connectionError(error: Error): OperationalError {
  return new OperationalError(connectionMessage(error), { cause: error, code: codeOf(error) });
}

/** Node reports a refused connection to several addresses as an AggregateError without a message. */
function connectionMessage(error: Error): string {
  const { errors } = error as { errors?: unknown };
  return (
    error.message ||
    (Array.isArray(errors) ? errors.map((each: Error) => each.message).join('; ') : '') ||
    String((error as { code?: unknown }).code ?? 'The connection failed.')
  );
}
