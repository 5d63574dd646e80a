/** Django 6.0: `django.views.decorators.csp`. */

// The middleware declares the properties that these set.
import type {} from '../../middleware/csp';
import type { CspPolicy } from '../../utils/csp';
import { type ViewDecorator, wrapView } from '../../utils/decorators';
import { then } from '../../utils/maybe_promise';

/** The policy of a view's responses instead of SECURE_CSP; an empty one: none. */
export function cspOverride(policy: CspPolicy): ViewDecorator {
  return (view) =>
    wrapView(view, (request, call) =>
      then(call(request), (response) => {
        response.cspConfig = policy;
        return response;
      }),
    );
}

/** The policy of a view's responses instead of SECURE_CSP_REPORT_ONLY; an empty one: none. */
export function cspReportOnlyOverride(policy: CspPolicy): ViewDecorator {
  return (view) =>
    wrapView(view, (request, call) =>
      then(call(request), (response) => {
        response.cspReportOnlyConfig = policy;
        return response;
      }),
    );
}
