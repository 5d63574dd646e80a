/** The page of a request that failed the CSRF check. Django: `django.views.csrf`. */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import { HttpResponseForbidden } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import { getNonce } from '../middleware/csp';
import { REASON_NO_CSRF_COOKIE, REASON_NO_REFERER } from '../middleware/csrf';
import { escape as escapeHtml } from '../utils/html';
import type { MaybePromise } from '../utils/maybe_promise';

/**
 * A site's own page: it is rendered with `title`, `main`, `reason`, `no_referer`, `no_cookie` and `DEBUG`, as up to
 * Django 4.2, and with the request's context processors, as from 5 on.
 */
export const CSRF_FAILURE_TEMPLATE_NAME = '403_csrf.html';

const STYLE = `
html { font: 100%/1.5 system-ui, sans-serif; color: #222; background: #eee; }
body { margin: 0; } * { box-sizing: border-box; }
header, main, footer { padding: .75rem 1.25rem; }
header { background: #f6f6f6; border-bottom: 1px solid #ddd; }
h1 { margin: 0; font-size: 1.5rem; font-weight: normal; } h1 span { color: #666; font-size: 1rem; }
main { background: #ffc; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1rem; }
`;

const NO_REFERER = [
  'You are seeing this message because this HTTPS site requires a “Referer header” to be sent by your web browser, ' +
    'but none was sent. The header tells the site that the form was its own and not that of a third party.',
  'If your browser has been told not to send “Referer” headers, please allow them at least for this site, for HTTPS ' +
    'connections or for “same-origin” requests.',
  'If the page has a <meta name="referrer" content="no-referrer"> tag or the response has a “Referrer-Policy: ' +
    'no-referrer” header, please remove them: the protection needs the header for strict checking. For links to ' +
    'other sites, rel="noreferrer" on the link does the same.',
];
const NO_COOKIE = [
  'You are seeing this message because this site requires a CSRF cookie when forms are submitted. It makes sure that ' +
    'no third party sends forms in your name.',
  'If your browser has been told not to keep cookies, please allow them at least for this site, or for ' +
    '“same-origin” requests.',
];
const MORE = 'More information is available with DEBUG=True.';

const CAUSES = [
  'Your browser is accepting cookies.',
  'The view passes its <code>request</code> to the template’s <code>render</code>.',
  'The template has <code>{% csrf_token %}</code> inside each POST form that targets an internal URL.',
  'Without <code>CsrfViewMiddleware</code>, <code>csrfProtect</code> is on every view that uses the ' +
    '<code>csrf_token</code> template tag, as well as on those that accept the POST data.',
  'The form has a valid token. After a login in another tab, or the back button after a login, the page has to be ' +
    'loaded again, because the token is rotated after a login.',
];

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
}

function builtIn(request: HttpRequest, reason: string): string {
  const nonce = getNonce(request);
  const helps = reason === REASON_NO_REFERER ? NO_REFERER : reason === REASON_NO_CSRF_COOKIE ? NO_COOKIE : [];
  const debug = `<section>
<h2>Help</h2>
<p>Reason given for failure:</p>
<pre>${escapeHtml(reason)}</pre>
<p>In general, this can occur when there is a genuine Cross Site Request Forgery, or when the CSRF mechanism has not
been used correctly. For POST forms, make sure that:</p>
<ul>
${CAUSES.map((cause) => `<li>${cause}</li>`).join('\n')}
</ul>
<p>This help is shown because <code>DEBUG = True</code> is in the settings. With <code>False</code> only the first
message is shown; CSRF_FAILURE_VIEW names a page of your own.</p>
</section>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="robots" content="NONE,NOARCHIVE">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>403 Forbidden</title>
  <style${nonce === undefined ? '' : ` nonce="${nonce}"`}>${STYLE}</style>
</head>
<body>
<header>
  <h1>Forbidden <span>(403)</span></h1>
  <p>CSRF verification failed. Request aborted.</p>
  ${paragraphs(helps)}
</header>
<main>${settings.DEBUG ? debug : `<p>${MORE}</p>`}</main>
</body>
</html>
`;
}

/** A site's own template, rendered; `undefined` if it has none. */
function ownPage(request: HttpRequest, reason: string): MaybePromise<string> | undefined {
  if (settings.TEMPLATES.length === 0) return undefined;
  const loader = require('../template/loader') as typeof import('../template/loader');
  let template: ReturnType<typeof loader.getTemplate>;
  try {
    template = loader.getTemplate(CSRF_FAILURE_TEMPLATE_NAME);
  } catch (error) {
    if ((error as Error).name === 'TemplateDoesNotExist') return undefined;
    throw error;
  }
  const context = {
    title: 'Forbidden',
    main: 'CSRF verification failed. Request aborted.',
    reason,
    no_referer: reason === REASON_NO_REFERER,
    no_cookie: reason === REASON_NO_CSRF_COOKIE,
    no_referer1: NO_REFERER[0],
    no_referer2: NO_REFERER[1],
    no_referer3: NO_REFERER[2],
    no_cookie1: NO_COOKIE[0],
    no_cookie2: NO_COOKIE[1],
    more: MORE,
    DEBUG: settings.DEBUG,
  };
  return template.render(context, request) as MaybePromise<string>;
}

/** The default of CSRF_FAILURE_VIEW: 403, with the reason while DEBUG is on. */
export function csrfFailure(request: HttpRequest, reason = ''): HttpResponseBase {
  return new HttpResponseForbidden(ownPage(request, reason) ?? builtIn(request, reason));
}
