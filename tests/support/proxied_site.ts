/** A site that stands behind a proxy, with its sessions in PostgreSQL and Redis: nothing of it is in the process. */
import { defineSettings } from 'tsango/conf';
import { type HttpRequest, HttpResponse, JsonResponse } from 'tsango/http';
import { render } from 'tsango/shortcuts';
import { path } from 'tsango/urls';

const { env } = process;

interface Kept {
  user?: string;
  count?: number;
}

const kept = (request: HttpRequest): Kept => request.session as unknown as Kept;

function whoami(request: HttpRequest): HttpResponse {
  return new JsonResponse({
    scheme: request.scheme,
    secure: request.isSecure(),
    host: request.getHost(),
    uri: request.buildAbsoluteUri(),
    forwardedFor: request.META['HTTP_X_FORWARDED_FOR'] ?? null,
  });
}

function login(request: HttpRequest): HttpResponse {
  const session = kept(request);
  session.user = request.GET.get('user') ?? '';
  session.count = 0;
  return new HttpResponse('welcome');
}

function bump(request: HttpRequest): HttpResponse {
  const session = kept(request);
  session.count = (session.count ?? 0) + 1;
  return new JsonResponse({ user: session.user, count: session.count, pid: process.pid });
}

function look(request: HttpRequest): HttpResponse {
  const { user, count } = kept(request);
  return new JsonResponse({ user, count });
}

function form(request: HttpRequest): HttpResponse {
  if (request.method === 'POST') return new HttpResponse(`posted ${request.POST.get('text')}`);
  return render(request, 'form.html');
}

export const urlpatterns = [
  path('', () => new HttpResponse('up')),
  path('whoami/', whoami),
  path('login/', login),
  path('bump/', bump),
  path('look/', look),
  path('form/', form),
];

export default defineSettings({
  SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
  ALLOWED_HOSTS: ['www.example.com', '127.0.0.1'],
  USE_X_FORWARDED_HOST: true,
  SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'],
  CSRF_COOKIE_SECURE: true,
  ROOT_URLCONF: 'tests.support.proxied_site',
  INSTALLED_APPS: ['tsango.contrib.sessions'],
  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
  ],
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      OPTIONS: {
        loaders: [
          [
            'tsango.template.loaders.locmem.Loader',
            { 'form.html': '<form method="post">{% csrf_token %}<input name="text"></form>' },
          ],
        ],
      },
    },
  ],
  SESSION_ENGINE: 'tsango.contrib.sessions.backends.cached_db',
  DATABASES: {
    default: {
      ENGINE: 'postgresql',
      NAME: env['PROXIED_DATABASE'] ?? 'test',
      USER: env['PGUSER'] ?? 'postgres',
      HOST: env['PGHOST'] ?? '127.0.0.1',
      PORT: env['PGPORT'] ?? 5432,
    },
  },
  CACHES: {
    default: {
      BACKEND: 'tsango.core.cache.backends.redis.RedisCache',
      LOCATION: `redis://${env['REDIS_HOST'] ?? '127.0.0.1'}:${env['REDIS_PORT'] ?? 6379}/7`,
      KEY_PREFIX: env['PROXIED_DATABASE'] ?? 'proxied',
    },
  },
});
