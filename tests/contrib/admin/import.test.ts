/** The admin is loaded before there are settings: as in a module of a site that the settings import. */
import { configure } from 'tsango/conf';

it('is imported without settings, and says then what AUTH_USER_MODEL leads to', () => {
  const { LogEntry } = require('tsango/contrib/admin/models') as typeof import('tsango/contrib/admin/models');
  expect(Object.keys(require('tsango/contrib/admin') as object)).toContain('ModelAdmin');
  require('tsango/contrib/admin/migrations/0001_initial');
  configure({ SECRET_KEY: 'not a secret', AUTH_USER_MODEL: 'people.Person' });
  const user = LogEntry._meta.getField('user');
  expect(user.isRelation() && user.toKey).toBe('people.person');
});
