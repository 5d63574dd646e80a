/**
 * A site whose views and whose log fail in ways that are told by events, later, or to nobody: `ts-node` runs it as a
 * process of its own, which has to outlive them. Prints its port.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { configure } from 'tsango/conf';
import { createFetchHandler } from 'tsango/core/handlers/fetch';
import { createServerListener } from 'tsango/core/handlers/node';
import { run } from 'tsango/core/servers/basehttp';
import { FileResponse, HttpResponse, StreamingHttpResponse } from 'tsango/http';
import { path, type URLPattern } from 'tsango/urls';
import type { GetResponse } from 'tsango/utils/deprecation';
import { Handler, type LogRecord } from 'tsango/utils/log';

const GONE = '/nonexistent/file.txt';

/** A content whose end fails. */
function endless(): AsyncIterable<string> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: true, value: undefined }),
      return: () => Promise.reject(new Error('the end fails')),
    }),
  };
}

function brokenLater(): Readable {
  const stream = new Readable({ read: () => undefined });
  setTimeout(() => stream.destroy(new Error('the source is gone')), 5);
  return stream;
}

/** What may be returned; each is asked for by its name. */
const VIEWS: Readonly<Record<string, () => HttpResponse | StreamingHttpResponse>> = {
  'a-file-that-is-gone': () => new StreamingHttpResponse(createReadStream(GONE)),
  'a-file-response-of-it': () => new FileResponse(createReadStream(GONE)),
  'a-source-that-breaks': () => new StreamingHttpResponse(brokenLater()),
  'a-stream-of-the-web': () =>
    new StreamingHttpResponse(
      new ReadableStream<Uint8Array>({
        start: (controller) => void setTimeout(() => controller.error(new Error('broken')), 5),
      }),
    ),
  'an-end-that-fails': () => new StreamingHttpResponse(endless()),
  'a-stream-as-content': () => new HttpResponse(createReadStream(GONE) as never),
  'a-close-that-fails': () =>
    new HttpResponse(Object.assign(['text'], { close: () => Promise.reject(new Error('close')) })),
};

/** Looks something up, as a session in a database does: streams have time to fail. */
const slow = (getResponse: GetResponse) => async (request: Parameters<GetResponse>[0]) => {
  const response = await getResponse(request);
  await new Promise((resolve) => setTimeout(resolve, 30));
  return response;
};

class Shipper extends Handler {
  override async emit(record: LogRecord): Promise<void> {
    throw new Error(`nobody takes ${record.message}`);
  }
}
class Thrower {
  filter(): boolean {
    throw new Error('the filter is broken');
  }
}

const route = (name: string): URLPattern =>
  path(name, VIEWS[name] as () => HttpResponse | StreamingHttpResponse) as URLPattern;

configure({
  SECRET_KEY: 'x',
  ALLOWED_HOSTS: ['*'],
  MIDDLEWARE: [slow as never],
  LOGGING: {
    filters: { broken: { '()': Thrower } },
    handlers: {
      shipper: { class: Shipper },
      filtered: { class: 'logging.StreamHandler', filters: ['broken'] },
      console: { class: 'logging.StreamHandler' },
    },
    loggers: {
      tsango: { handlers: ['shipper', 'filtered'], level: 'INFO' },
      'tsango.server': { handlers: ['shipper', 'filtered', 'console'], level: 'INFO', filters: ['broken'] },
    },
  },
  ROOT_URLCONF: {
    urlpatterns: [
      ...Object.keys(VIEWS).map(route),
      path('ok', () => new HttpResponse('ok')),
      path('by-fetch', async (request) => {
        const { handle } = site;
        const target = `http://localhost/${request.GET.get('view') ?? ''}`;
        const response = await handle(new Request(target, { method: request.GET.get('method') ?? 'GET' }));
        await response.text().catch(() => undefined);
        return new HttpResponse(String(response.status));
      }),
    ],
  },
});

const site = { handle: createFetchHandler() };
void run('127.0.0.1', 0, createServerListener()).then(({ port }) =>
  console.log(`port ${port} of`, ...Object.keys(VIEWS)),
);
