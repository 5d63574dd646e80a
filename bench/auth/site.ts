/** The site whose log-ins are measured: a plain page, one that asks who is there, and one that logs in. */
import path from 'node:path';
import { setup } from 'tsango';
import { configure } from 'tsango/conf';
import { authenticate, login } from 'tsango/contrib/auth';
import { User } from 'tsango/contrib/auth/models';
import { callCommand } from 'tsango/core/management';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { path as route } from 'tsango/urls';

const plain = (): HttpResponse => new HttpResponse('plain');

async function who(request: HttpRequest): Promise<HttpResponse> {
  return new HttpResponse((await request.user).getUsername());
}

async function enter(request: HttpRequest): Promise<HttpResponse> {
  const user = await authenticate(request, { username: 'ada', password: request.GET.get('password') });
  if (user === null) return new HttpResponse('no', { status: 401 });
  await login(request, user);
  return new HttpResponse('in');
}

export const PASSWORD = 'correct horse';

/** Makes the site, with SQLite in a folder, and its only user. */
export async function makeSite(folder: string, settings: object = {}): Promise<void> {
  configure({
    SECRET_KEY: 'benchmark-secret-key-of-more-than-fifty-characters-0123456789',
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: {
      urlpatterns: [route('plain', plain), route('present', plain), route('who', who), route('enter', enter)],
    } as unknown as string,
    INSTALLED_APPS: ['tsango.contrib.auth', 'tsango.contrib.contenttypes', 'tsango.contrib.sessions'],
    MIDDLEWARE: [
      'tsango.contrib.sessions.middleware.SessionMiddleware',
      'tsango.contrib.auth.middleware.AuthenticationMiddleware',
    ],
    DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: path.join(folder, 'db.sqlite3') } },
    ...settings,
  });
  setup();
  await callCommand('migrate', { verbosity: 0 });
  if (!(await User.objects.exists())) await User.objects.createUser('ada', 'ada@example.com', PASSWORD);
}
