/** Views of the recorded site of the test client: each says what came to it. */
import type { HttpRequest } from 'tsango/http';
import { HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect } from 'tsango/http';
import { engines } from 'tsango/template';

/** A page of a template that stands in the view. */
async function page(source: string, context: Readonly<Record<string, unknown>>): Promise<HttpResponse> {
  const template = engines.get('django').fromString(source);
  return new HttpResponse(await template.render(context));
}

export const getView = (request: HttpRequest): Promise<HttpResponse> =>
  page('This is a test. {{ var }} is the value.', { var: request.GET.get('var', null) ?? 42 });

export const asyncGetView = async (): Promise<HttpResponse> => new HttpResponse('GET content.');

export function postView(request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== 'POST') return page('Viewing GET page.', {});
  const data = request.POST.get('value', null);
  return data === null
    ? page('Viewing POST page.', {})
    : page('Data received: {{ data }} is the value.', { data });
}

export async function putView(request: HttpRequest): Promise<HttpResponse> {
  const data = request.body.toString();
  const values = { 'Content-Length': request.META['CONTENT_LENGTH'], data };
  return page('Data received: {{ data }} is the body.', values);
}

const withQuery = (request: HttpRequest, url: string): string => {
  const query = request.GET.urlencode();
  return query ? `${url}?${query}` : url;
};

export const redirectView = (request: HttpRequest): HttpResponse =>
  new HttpResponseRedirect(withQuery(request, '/get_view/'));

const saving =
  (make: (url: string) => HttpResponse, status: number) =>
  (request: HttpRequest): HttpResponse => {
    const response = make(String(request.GET.get('to', '/')));
    response.statusCode = status;
    return response;
  };

export const methodSaving307RedirectView = saving((url) => new HttpResponseRedirect(url), 307);
export const methodSaving308RedirectView = saving((url) => new HttpResponsePermanentRedirect(url), 308);

export const loginProtectedView = async (request: HttpRequest): Promise<HttpResponse> =>
  page('This is a login protected test. Username is {{ name }}.', {
    name: (await request.user).getUsername(),
  });

export const viewWithSecure = (): HttpResponse => new HttpResponse('');

export const viewWithHeader = (): HttpResponse =>
  new HttpResponse('', { headers: { 'X-DJANGO-TEST': 'Slartibartfast' } });

export const uploadView = (request: HttpRequest): HttpResponse =>
  new HttpResponse([...request.FILES.keys()].join());
