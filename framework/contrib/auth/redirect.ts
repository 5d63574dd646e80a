/** The way to the log-in page. */
import { settings } from '../../conf';
import { QueryDict } from '../../http/querydict';
import type { HttpRequest } from '../../http/request';
import { HttpResponseRedirect } from '../../http/response';
import { urlsplit, urlunsplit } from '../../python/urllib_parse';
import { resolveUrl } from '../../shortcuts';
import { REDIRECT_FIELD_NAME } from './login';

/** Sends to the log-in page, and says there where to go afterwards. Django: `django.contrib.auth.views.redirect_to_login`. */
export function redirectToLogin(
  next: string,
  loginUrl: string | null = null,
  redirectFieldName: string | null = REDIRECT_FIELD_NAME,
): HttpResponseRedirect {
  const parts = urlsplit(resolveUrl(loginUrl || settings.LOGIN_URL));
  if (redirectFieldName) {
    const query = new QueryDict(parts.query, { mutable: true });
    query.set(redirectFieldName, next);
    parts.query = query.urlencode('/');
  }
  return new HttpResponseRedirect(urlunsplit(parts));
}

/** Sends a request to the log-in page, which leads back to it: by its path, where that page is of the same host. */
export function askToLogIn(
  request: HttpRequest,
  loginUrl: string | null,
  redirectFieldName: string | null,
): HttpResponseRedirect {
  const absolute = request.buildAbsoluteUri();
  const resolved = resolveUrl(loginUrl || settings.LOGIN_URL);
  const login = urlsplit(resolved);
  const current = urlsplit(absolute);
  const isHere =
    (!login.scheme || login.scheme === current.scheme) && (!login.netloc || login.netloc === current.netloc);
  return redirectToLogin(isHere ? request.getFullPath() : absolute, resolved, redirectFieldName);
}
