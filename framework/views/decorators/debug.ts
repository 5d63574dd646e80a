/** Django: `django.views.decorators.debug`; https://docs.djangoproject.com/en/5.2/howto/error-reporting/#filtering-sensitive-information */
import type { HttpRequest } from '../../http/request';
import { type ViewDecorator, wrapView } from '../../utils/decorators';

declare module '../../http/request' {
  interface HttpRequest {
    /** The POSTed fields that no report shows while DEBUG is off: see `sensitivePostParameters`. */
    sensitivePostParameters?: ReadonlySet<string> | '__ALL__';
  }
}

/**
 * A view whose POSTed fields no report of an error shows while DEBUG is off: those of these names, or all. Pages that ask for
 * passwords have it. Reports never show the fields whose names speak of secrets.
 *
 * There is no `sensitive_variables`: a report has no values of variables.
 *
 * @example
 * ```ts
 * path('pay/', sensitivePostParameters('card', 'expires')(pay));
 * ```
 */
export function sensitivePostParameters(...names: readonly string[]): ViewDecorator {
  if (names.some((name) => typeof name !== 'string')) {
    throw new TypeError(
      'sensitivePostParameters() takes names of fields; write sensitivePostParameters()(view).',
    );
  }
  const marked = names.length === 0 ? '__ALL__' : new Set(names);
  return (view) =>
    wrapView(view, (request, call) => {
      markSensitive(request, marked);
      return call(request);
    });
}

/** What views around each other mark is all kept from reports. */
function markSensitive(request: HttpRequest, marked: ReadonlySet<string> | '__ALL__'): void {
  const before = request.sensitivePostParameters ?? new Set();
  request.sensitivePostParameters =
    before === '__ALL__' || marked === '__ALL__' ? '__ALL__' : new Set([...before, ...marked]);
}
