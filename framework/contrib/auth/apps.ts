import { AppConfig } from '../../apps/config';
import { postMigrate } from '../../db/models/signals';
import type * as management from './management';
import { userLoggedIn } from './signals';

/** Django: `django.contrib.auth.apps`. */
export class AuthConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Authentication and Authorization';

  override ready(): void {
    require('./checks');
    // Loaded by `migrate` alone.
    const load = (): typeof management => require('./management') as typeof management;
    postMigrate.connect((args) => load().createPermissions(args), {
      dispatchUid: 'django.contrib.auth.management.create_permissions',
    });
    postMigrate.connect((args) => load().renamePermissionsAfterModelRename(args), {
      dispatchUid: 'django.contrib.auth.management.rename_permissions',
    });
    userLoggedIn.connect(
      ({ user }) => {
        const { updateLastLogin } = require('./models') as typeof import('./models');
        return updateLastLogin({ user });
      },
      { dispatchUid: 'update_last_login' },
    );
  }
}
