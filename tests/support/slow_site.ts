/** A site whose views take their time: for tests of servers that stop while they are busy. */
import { defineSettings } from 'tsango/conf';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { path } from 'tsango/urls';

async function slow(request: HttpRequest): Promise<HttpResponse> {
  await new Promise((resolve) => setTimeout(resolve, Number(request.GET.get('ms') ?? 100)));
  return new HttpResponse(`done by ${process.pid}`);
}

function crash(): HttpResponse {
  setTimeout(() => {
    throw new Error('outside of every request');
  }, 1);
  return new HttpResponse('soon');
}

export const urlpatterns = [
  path('', () => new HttpResponse(String(process.pid))),
  path('slow/', slow),
  path('crash/', crash),
];

export default defineSettings({
  SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
  ALLOWED_HOSTS: ['127.0.0.1'],
  ROOT_URLCONF: 'tests.support.slow_site',
});
