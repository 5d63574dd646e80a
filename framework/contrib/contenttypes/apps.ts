import { AppConfig } from '../../apps/config';
import { postMigrate, preMigrate } from '../../db/models/signals';
import type * as management from './management';

/** Django: `django.contrib.contenttypes.apps`. */
export class ContentTypesConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Content Types';

  override ready(): void {
    require('./checks');
    // Loaded by `migrate` alone.
    const load = (): typeof management => require('./management') as typeof management;
    preMigrate.connect((args) => load().injectRenameContenttypesOperations(args), {
      sender: this,
      dispatchUid: 'contenttypes',
    });
    postMigrate.connect((args) => load().createContenttypes(args), { dispatchUid: 'contenttypes' });
  }
}
