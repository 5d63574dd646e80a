/** What templates know of the user: at once, and where the user is still to be read. */
import '../../db/settings';
import { login } from 'tsango/contrib/auth';
import { AuthenticationMiddleware } from 'tsango/contrib/auth/middleware';
import { Permission, User } from 'tsango/contrib/auth/models';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import type { HttpRequest } from 'tsango/http/request';
import { engines } from 'tsango/template';
import { RequestFactory } from 'tsango/test';
import { statementsOf } from '../../db/relations/library';
import { useAuthSite } from '../../support/auth';
import type { Engine } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

const TEMPLATES = [
  {
    BACKEND: 'django.template.backends.django.DjangoTemplates',
    OPTIONS: { context_processors: ['django.contrib.auth.context_processors.auth'] },
  },
];

const PAGE =
  '{% if user.is_authenticated %}{{ user.get_username }}{% else %}-{% endif %}' +
  '{% if perms.auth %} auth{% endif %}{% if perms.sessions %} sessions{% endif %}' +
  '{% if perms.auth.change_user %} change{% endif %}{% if perms.auth.delete_user %} delete{% endif %}' +
  "{% if 'auth' in perms %} in{% endif %}{% if 'auth.change_user' in perms %} inside{% endif %}";

async function render(source: string, request: HttpRequest): Promise<string> {
  return String(await engines.get('django').fromString(source).render({}, request));
}

/** A request whose session is a user's, as the middleware hands it on. */
async function requestOf(user: User | null): Promise<HttpRequest> {
  const request = new RequestFactory().get('/');
  request.session = new SessionStore();
  if (user !== null) await login(request, user);
  new AuthenticationMiddleware(() => undefined as never).processRequest(request);
  return request;
}

describe.each<[Engine]>([[SQLITE_ENGINE as Engine], ['sqlite3']])('with %s', (engine) => {
  describeWith(engine, 'templates', () => {
    useAuthSite({ TEMPLATES }, { ENGINE: engine, NAME: ':memory:' });

    it('the user and the permissions', async () => {
      const ada = await User.objects.createUser('ada');
      await ada.userPermissions.add(await Permission.objects.get({ codename: 'change_user' }));
      expect(await render(PAGE, await requestOf(ada))).toBe('ada auth change in inside');
      expect(await render(PAGE, await requestOf(null))).toBe('-');
      expect(await render(PAGE, new RequestFactory().get('/'))).toBe('-');
    });

    it('a page that does not ask costs no statement', async () => {
      const request = await requestOf(await User.objects.createUser('bob'));
      expect(await statementsOf(() => render('nothing', request))).toEqual([]);
    });

    it('the page may not change the user', async () => {
      const eve = await User.objects.createUser('eve', '', 'secret');
      await render('{{ user.delete }}{{ user.set_unusable_password }}{{ user.save }}', await requestOf(eve));
      const found = await User.objects.get({ pk: eve.pk });
      expect(found.hasUsablePassword()).toBe(true);
    });
  });
});
