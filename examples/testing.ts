/** The tests of an example run in the repository: its folder is the site's, and it has databases of its own. */
import path from 'node:path';
import { overrideSettings, useTestEnvironment } from 'tsango/test';
import { setSiteRoot } from 'tsango/utils/module_loading';

export function useExample(name: string): void {
  setSiteRoot(path.join(__dirname, name));
  process.env['TSANGO_SETTINGS_MODULE'] = 'site_settings';
  useTestEnvironment();
  // Passwords are hashed slowly on purpose, which tests need not wait for.
  beforeAll(() => {
    overrideSettings({ PASSWORD_HASHERS: ['tsango.contrib.auth.hashers.MD5PasswordHasher'] });
  });
}
