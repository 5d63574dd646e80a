/** A site whose views take their time: for tests of servers that stop while they are busy. */
import { existsSync } from 'node:fs';
import { defineSettings } from 'tsango/conf';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { path } from 'tsango/urls';

async function slow(request: HttpRequest): Promise<HttpResponse> {
  if (request.GET.has('say')) process.stderr.write(`${request.GET.get('say')}\n`);
  await new Promise((resolve) => setTimeout(resolve, Number(request.GET.get('ms') ?? 100)));
  return new HttpResponse(`done by ${process.pid}`);
}

function crash(): HttpResponse {
  setTimeout(() => {
    throw new Error('outside of every request');
  }, 1);
  return new HttpResponse('soon');
}

/** Keeps the event loop for itself, for ever. */
function hang(): HttpResponse {
  for (;;);
}

const hoard: Buffer[] = [];

/** Keeps memory that nobody needs. */
function leak(request: HttpRequest): HttpResponse {
  hoard.push(Buffer.alloc(Number(request.GET.get('mib')) * 2 ** 20, 1));
  return new HttpResponse(String(process.pid));
}

// A new version of the site that does not start.
const { BROKEN_FLAG } = process.env;
if (BROKEN_FLAG && existsSync(BROKEN_FLAG)) throw new Error('this version does not start');

export const urlpatterns = [
  path('', () => new HttpResponse(String(process.pid))),
  path('slow/', slow),
  path('crash/', crash),
  path('hang/', hang),
  path('leak/', leak),
];

export default defineSettings({
  SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
  ALLOWED_HOSTS: ['127.0.0.1'],
  ROOT_URLCONF: 'tests.support.slow_site',
});
