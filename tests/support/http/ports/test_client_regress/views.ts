/** Views of the recorded site of the test client's faults. */
import type { HttpRequest } from 'tsango/http';
import { HttpResponse, HttpResponseRedirect } from 'tsango/http';

export const body = (request: HttpRequest): HttpResponse => new HttpResponse(request.body);

export const checkHeaders = (request: HttpRequest): HttpResponse =>
  new HttpResponse(`HTTP_X_ARG_CHECK: ${request.META['HTTP_X_ARG_CHECK'] ?? 'Undefined'}`);

export const requestMethodsView = (request: HttpRequest): HttpResponse =>
  new HttpResponse(`request method: ${request.method}`);

export const checkSessionView = (request: HttpRequest): HttpResponse =>
  new HttpResponse(String(request.session.get('session_var', 'NO')));

export function redirectToSelfWithChangingQueryView(request: HttpRequest): HttpResponse {
  const counter = `${String(request.GET.get('counter', ''))}0`;
  return new HttpResponseRedirect(`/redirect_to_self_with_changing_query_view/?counter=${counter}`);
}

const onlyWith =
  (to: string) =>
  (request: HttpRequest): HttpResponse =>
    'HTTP_REDIRECT' in request.META ? new HttpResponseRedirect(to) : new HttpResponse('');

export const redirectBasedOnExtraHeaders1View = onlyWith('/redirect_based_on_extra_headers_2/');
export const redirectBasedOnExtraHeaders2View = onlyWith('/redirects/further/more/');
