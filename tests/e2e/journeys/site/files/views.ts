import { createHash } from 'node:crypto';
import { defaultStorage } from 'tsango/core/files/storage';
import {
  FileResponse,
  Http404,
  type HttpRequest,
  HttpResponse,
  JsonResponse,
  StreamingHttpResponse,
} from 'tsango/http';
import { redirect, render } from 'tsango/shortcuts';
import { csrfExempt } from 'tsango/views/decorators';
import { streamBody } from 'tsango/views/decorators/body';

/** Uploads, and what was uploaded. */
export async function index(request: HttpRequest): Promise<HttpResponse> {
  const storage = defaultStorage();
  if (request.method === 'POST') {
    for (const file of request.FILES.getlist('files')) await storage.save(file.name ?? 'unnamed', file);
    return redirect('files:index');
  }
  const names = (await storage.exists('')) ? (await storage.listdir('')).files : [];
  const files = await Promise.all(
    [...names].sort().map(async (name) => ({ name, size: await storage.size(name) })),
  );
  return render(request, 'files/index.html', { files });
}

async function stored(name: string): Promise<string> {
  const storage = defaultStorage();
  if (!(await storage.exists(name))) throw new Http404(`There is no ${name}.`);
  return storage.path(name);
}

export async function get(request: HttpRequest, { name }: { name: string }) {
  return new FileResponse(await stored(name), { asAttachment: !request.GET.has('show'), filename: name });
}

export const play = (request: HttpRequest, { name }: { name: string }) =>
  render(request, 'files/play.html', { name });

/** Reads the body as it comes. */
export const raw = csrfExempt(
  streamBody(async (request: HttpRequest) => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of request) {
      bytes += piece.length;
      hash.update(piece);
    }
    return new JsonResponse({ bytes, sha256: hash.digest('hex') });
  }),
);

/** The next tick comes when somebody asks for it: the page is there in parts. */
const waiting: (() => void)[] = [];
let ended = 0;

export function ticks(request: HttpRequest) {
  if (request.GET.has('next')) {
    for (const tick of waiting.splice(0)) tick();
    return new HttpResponse('ticked');
  }
  async function* page() {
    try {
      yield '<!DOCTYPE html><title>Ticks</title><link rel="icon" href="data:,"><ol>';
      for (let tick = 1; tick <= 3; tick++) {
        yield `<li>tick ${tick}</li>`;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      yield '</ol>';
    } finally {
      ended++;
    }
  }
  return new StreamingHttpResponse(page());
}

export const stopped = () => new HttpResponse(String(ended));

export function broken() {
  async function* page() {
    yield 'The beginning.';
    await new Promise((resolve) => setTimeout(resolve, 50));
    throw new Error('the source of this stream failed');
  }
  return new StreamingHttpResponse(page(), { contentType: 'text/plain' });
}
