/** What goes wrong with serialized data. Django: `django.core.serializers.base`. */

import { repr, toStr } from '../../python';
import { NamedError } from '../../python/errors';
import { ValidationError } from '../exceptions';

/** There is no serializer of that format. Its message is the format's name, as in Django. */
export class SerializerDoesNotExist extends NamedError {}

/** Something cannot be written. */
export class SerializationError extends NamedError {}

/** Something cannot be read. */
export class DeserializationError extends NamedError {
  /** One that says which object and value it is about. */
  static withData(cause: unknown, model: unknown, pk: unknown, value: unknown): DeserializationError {
    return new DeserializationError(
      `${messageOf(cause)}: (${toStr(model)}:pk=${toStr(pk ?? null)}) field_value was '${toStr(value)}'`,
      { cause },
    );
  }
}

/** Something in a list of related rows cannot be read: `value` is which. */
export class M2MDeserializationError extends NamedError {
  constructor(
    readonly original: unknown,
    readonly value: unknown,
  ) {
    super(messageOf(original), { cause: original });
  }
}

/** What Python's `str()` says of an exception. */
export function messageOf(error: unknown): string {
  if (error instanceof ValidationError) return repr(error.messages);
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}
