/** Django: `django.template.backends.utils`. */
import type { HttpRequest } from '../../http/request';
import { formatHtml } from '../../utils/html';
import type { SafeString } from '../../utils/safestring';

/** The hidden field that Django templates make with `{% csrf_token %}`. */
export function csrfInput(request: HttpRequest): SafeString {
  return formatHtml('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', csrfToken(request));
}

/** The token of a request. */
export function csrfToken(request: HttpRequest): string {
  const { getToken } = require('../../middleware/csrf') as {
    getToken(request: HttpRequest): string;
  };
  return getToken(request);
}
