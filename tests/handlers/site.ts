/** The site of these tests: views that say what they were asked, and views that go wrong. */
import { PermissionDenied, SuspiciousOperation } from 'tsango/core/exceptions';
import {
  FileResponse,
  Http404,
  type HttpRequest,
  HttpResponse,
  HttpResponseNotModified,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from 'tsango/http';
import { path, rePath } from 'tsango/urls';
import { streamBody } from 'tsango/views/decorators/body';

/** What streams said of themselves. */
export const events: string[] = [];

async function describeFiles(request: HttpRequest): Promise<unknown[]> {
  const files: unknown[] = [];
  for (const [field, list] of request.FILES.lists()) {
    for (const file of list) {
      const content = await file.text();
      files.push({
        field,
        name: file.name,
        size: file.size,
        type: file.contentType,
        content: content.slice(0, 40),
      });
    }
  }
  return files;
}

async function* endless(): AsyncGenerator<string> {
  try {
    for (let i = 0; ; i++) {
      events.push(`piece ${i}`);
      yield 'x'.repeat(64 * 1024);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    events.push('ended');
  }
}

function* failing(): Generator<string> {
  yield 'first';
  throw new Error('in the middle');
}

export const urlpatterns = [
  path('', () => new HttpResponse('root')),
  path('plain/', () => new HttpResponse('hello')),
  path('latin/', () => new HttpResponse('héllo', { charset: 'iso-8859-1' })),
  path('unicode/', () => new HttpResponse('héllo 清風')),
  path('async/', async () => new HttpResponse('later')),
  path('promised/', () => new HttpResponse(Promise.resolve('promised'))),
  path('query/', (request) => new JsonResponse({ GET: request.GET, q: request.GET.get('q', null) })),
  path('cookies/', (request) => {
    const response = new JsonResponse(request.COOKIES);
    response.setCookie('a', '1');
    response.setCookie('b', 'x y', { httponly: true });
    response.setCookie('c', '清風');
    return response;
  }),
  path(
    'meta/',
    (request) =>
      new JsonResponse({
        method: request.method,
        path: request.path,
        pathInfo: request.pathInfo,
        fullPath: request.getFullPath(),
        host: request.getHost(),
        agent: request.headers['User-Agent'] ?? null,
        custom: request.META['HTTP_X_CUSTOM'] ?? null,
        type: request.contentType,
        length: request.META['CONTENT_LENGTH'] ?? null,
      }),
  ),
  path(
    'form/',
    async (request) =>
      new JsonResponse({ POST: request.POST, files: await describeFiles(request), length: request.isLoaded }),
  ),
  path('body/', (request) => new HttpResponse(request.body)),
  path('ignore/', () => new HttpResponse('not looked at')),
  path(
    'pieces/',
    streamBody(async (request: HttpRequest) => {
      let count = 0;
      for await (const piece of request) count += piece.length;
      return new HttpResponse(`${count} bytes`);
    }),
  ),
  path('stream/', () => new StreamingHttpResponse(['one ', 'two ', new Uint8Array([33])])),
  path('stream/async/', () => {
    async function* content(): AsyncGenerator<string> {
      yield 'later ';
      await null;
      yield 'and later';
    }
    return new StreamingHttpResponse(content(), { contentType: 'text/plain' });
  }),
  path('stream/endless/', () => new StreamingHttpResponse(endless())),
  path('stream/failing/', () => new StreamingHttpResponse(failing())),
  path('file/', () => new FileResponse(__filename)),
  path(
    'download/',
    () => new FileResponse(Buffer.from('0123456789'), { filename: 'ziffern “1”.txt', asAttachment: true }),
  ),
  path('not-modified/', () => new HttpResponseNotModified()),
  path('empty/', () => new HttpResponse('ignored', { status: 204 })),
  path('reason/', () => new HttpResponse('tea', { status: 418, reason: 'I am a pot' })),
  path('redirect/', () => new HttpResponseRedirect('/plain/?a=é')),
  path('missing/', () => {
    throw new Http404('no such thing');
  }),
  path('denied/', () => {
    throw new PermissionDenied('not you');
  }),
  path('suspicious/', () => {
    throw new SuspiciousOperation('hm');
  }),
  path('broken/', () => {
    throw new Error('a secret of the site');
  }),
  path('broken/async/', async () => {
    throw new Error('a secret of the site');
  }),
  path('promised/broken/', () => new HttpResponse(Promise.reject(new Error('a secret of the site')))),
  path('nothing/', (() => undefined) as unknown as () => HttpResponse),
  path('text/', (() => 'text') as unknown as () => HttpResponse),
  rePath('^any/(?P<rest>.*)$', (_request, { rest }) => new JsonResponse({ rest })),
];
