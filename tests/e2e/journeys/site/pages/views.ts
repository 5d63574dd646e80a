import { type HttpRequest, HttpResponse, JsonResponse } from 'tsango/http';
import { PlainDate } from 'tsango/python/types';
import { redirect, render } from 'tsango/shortcuts';
import {
  cachePage,
  conditionalPage,
  ensureCsrfCookie,
  gzipPage,
  lastModified,
  requireHttpMethods,
  xframeOptionsExempt,
  xframeOptionsSameorigin,
} from 'tsango/views/decorators';

let made = 0;

export const home = (request: HttpRequest) =>
  render(request, 'pages/home.html', { words: ['Straße & so', '今日'] });

export const article = (request: HttpRequest, params: { year: number; title: string }) =>
  render(request, 'pages/text.html', { text: `${params.title} of ${params.year + 0}` });

export const word = (request: HttpRequest, { word: text }: { word: string }) =>
  render(request, 'pages/text.html', { text });

export const archive = (request: HttpRequest, { code }: Record<string, unknown>) =>
  render(request, 'pages/text.html', { text: `archive ${String(code)}` });

/** The form goes on to where it belongs, with its fields. */
export const moved = () => redirect('scripts:answer', { preserveRequest: true });

export const scripted = ensureCsrfCookie((request: HttpRequest) => render(request, 'pages/scripted.html'));

export const bare = (request: HttpRequest) => render(request, 'pages/bare.html');

export const answer = requireHttpMethods(['POST', 'PUT', 'DELETE'])(
  (request: HttpRequest) =>
    new JsonResponse({
      method: request.method,
      text: request.POST.get('text', null),
      cross: request.headers['Origin'],
    }),
);

/** Made at most once a minute. */
export const cached = cachePage(60)((request: HttpRequest) =>
  render(request, 'pages/text.html', { text: `made ${++made} times` }),
);

/** A page with a token is nobody else's. */
export const cachedForm = cachePage(60)((request: HttpRequest) => {
  made++;
  return render(request, 'pages/bare.html');
});

export const tagged = conditionalPage((request: HttpRequest) => {
  made++;
  return render(request, 'pages/text.html', { text: 'always the same' });
});

export const long = gzipPage(
  lastModified(() => new Date('2026-01-02T03:04:05Z'))((request: HttpRequest) =>
    render(request, 'pages/text.html', { text: 'long and longer, '.repeat(2000) }),
  ),
);

export const fragment = (request: HttpRequest) =>
  render(request, 'pages/fragment.html', { count: () => ++made, who: request.GET.get('who') });

const inside = (_request: HttpRequest) =>
  new HttpResponse('<!DOCTYPE html><title>in</title><p id="inside">inside</p>');
const FRAMES = {
  deny: inside,
  same: xframeOptionsSameorigin(inside),
  exempt: xframeOptionsExempt(inside),
};

export const framed = (request: HttpRequest, { how }: { how: string }) =>
  FRAMES[how as keyof typeof FRAMES](request);

/** Frames of this site, or of another that `site` names. */
export const framing = (request: HttpRequest) =>
  render(request, 'pages/framing.html', { site: request.GET.get('site', '') });

export const nonce = (request: HttpRequest) => render(request, 'pages/nonce.html');

/** A script that says that it is text. */
export const sniff = (request: HttpRequest) =>
  request.GET.has('script')
    ? new HttpResponse('document.title = "it ran";', { contentType: 'text/plain' })
    : new HttpResponse('<!DOCTYPE html><title>quiet</title><script src="?script"></script>');

export const builtins = (request: HttpRequest) =>
  render(request, 'pages/builtins.html', {
    rows: [
      { name: 'Tea & <b>milk</b>', price: 3.5, since: new Date('2026-02-03T16:05:00Z') },
      { name: "Scones 'n' jam", price: 1234567.891, since: new Date('2026-02-04T00:00:00Z') },
    ],
    day: new PlainDate(2026, 12, 24),
    bio: '<script>alert(1)</script> see www.example.com',
    later: Promise.resolve('promised'),
  });
