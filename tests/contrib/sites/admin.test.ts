/** Sites, flat pages and redirects in the admin: they are there, with their lists and forms. */
import '../../db/settings';
import { autodiscover, site } from 'tsango/contrib/admin';
import { User } from 'tsango/contrib/auth/models';
import { FlatPage } from 'tsango/contrib/flatpages';
import { Redirect } from 'tsango/contrib/redirects';
import { Site } from 'tsango/contrib/sites';
import { RequestFactory } from 'tsango/test';
import { useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Site, FlatPage, Redirect], {
  settings: {
    INSTALLED_APPS: [
      ...['contenttypes', 'auth', 'sessions', 'messages', 'admin', 'sites', 'flatpages', 'redirects'].map(
        (app) => `tsango.contrib.${app}`,
      ),
    ],
  },
});

const ROOT = new User({ username: 'root', isActive: true, isSuperuser: true });

it.each([
  [Site, ['domain', 'name'], ['domain', 'name']],
  [FlatPage, ['url', 'title'], ['url', 'title', 'content', 'sites', 'registrationRequired', 'templateName']],
  [Redirect, ['oldPath', 'newPath'], ['site', 'oldPath', 'newPath']],
] as const)('%p', async (model, columns, fields) => {
  autodiscover();
  const admin = site.getModelAdmin(model as never);
  const request = Object.assign(new RequestFactory().get('/'), { user: ROOT });
  expect([...(await admin.getListDisplay(request))]).toEqual(columns);
  const form = await admin.getForm(request);
  expect(Object.keys(new form({}).fields).sort()).toEqual([...fields].sort());
});
