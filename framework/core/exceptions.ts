/**
 * The exceptions that every part of the framework shares.
 *
 * Django: `django.core.exceptions`, and the Python built-ins that Django's own API raises
 * (`KeyError`, `ValueError`, …), which JavaScript has no counterpart of.
 */

import { NamedError } from '../python/errors';

export { AttributeError, KeyError, ValueError } from '../python/errors';

/** The requested object does not exist. Base of every model's `DoesNotExist`. Templates print nothing for it. */
export class ObjectDoesNotExist extends NamedError {
  static readonly silentVariableFailure = true;
}

/** The query returned several objects where one was expected. */
export class MultipleObjectsReturned extends NamedError {}

/** A query names a field or a lookup that there is not. */
export class FieldError extends NamedError {}

/** FETCH_RAISE keeps something from being loaded. */
export class FieldFetchBlocked extends FieldError {}

/** The requested field does not exist. */
export class FieldDoesNotExist extends NamedError {}

/** The application registry is not populated yet. */
export class AppRegistryNotReady extends NamedError {}

/** The site is configured wrongly. The message names the setting and the remedy. */
export class ImproperlyConfigured extends NamedError {}

/** A middleware declares that it is not used in this configuration, and is left out of the chain. */
export class MiddlewareNotUsed extends NamedError {}

/** The user may not do that: answered with 403. */
export class PermissionDenied extends NamedError {}

/** The view does not exist. */
export class ViewDoesNotExist extends NamedError {}

/** The user did something suspicious: answered with 400 and logged to `tsango.security.<class name>`. */
export class SuspiciousOperation extends NamedError {}
/** A multipart form could not be parsed in a way that suggests tampering. */
export class SuspiciousMultipartForm extends SuspiciousOperation {}
/** A file system access outside the allowed folders was attempted. */
export class SuspiciousFileOperation extends SuspiciousOperation {}
/** The Host header is not in ALLOWED_HOSTS, or is not a host at all. */
export class DisallowedHost extends SuspiciousOperation {}
/** A redirect to a scheme that is not allowed. */
export class DisallowedRedirect extends SuspiciousOperation {}
/** More form fields than DATA_UPLOAD_MAX_NUMBER_FIELDS. */
export class TooManyFieldsSent extends SuspiciousOperation {}
/** More uploaded files than DATA_UPLOAD_MAX_NUMBER_FILES. */
export class TooManyFilesSent extends SuspiciousOperation {}
/** A body of more bytes than DATA_UPLOAD_MAX_MEMORY_SIZE. */
export class RequestDataTooBig extends SuspiciousOperation {}

/** The request is malformed: answered with 400. */
export class BadRequest extends NamedError {}

/** The client closed the connection before the request was complete. */
export class RequestAborted extends NamedError {}

/** No view matches: see `tsango/urls` for `Resolver404`. Answered with 404. Django: `django.http.Http404`. */
export class Http404 extends NamedError {}

/** A method was called synchronously that needs its data loaded first. */
export class SynchronousOnlyOperation extends NamedError {
  /** What loads it. A template that meets this error waits for that, and renders anew. */
  readonly waitsFor: PromiseLike<unknown> | undefined;

  constructor(message?: string, options: { waitsFor?: PromiseLike<unknown> } & ErrorOptions = {}) {
    const { waitsFor, ...rest } = options;
    super(message, rest);
    this.waitsFor = waitsFor;
  }
}

export {
  NON_FIELD_ERRORS,
  ValidationError,
  type ValidationErrorOptions,
  type ValidationMessage,
} from './validation_error';

/** Something cannot be done, because nobody has written it. Python's. */
export class NotImplementedError extends NamedError {}
