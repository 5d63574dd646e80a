import { AppConfig } from '../../apps/config';
import { postMigrate } from '../../db/models/signals';
import type * as management from './management';

/** Django: `django.contrib.sites.apps`. */
export class SitesConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Sites';

  override ready(): void {
    require('./checks');
    // Loaded by `migrate` alone.
    const load = (): typeof management => require('./management') as typeof management;
    postMigrate.connect((args) => load().createDefaultSite(args), { sender: this, dispatchUid: 'sites' });
  }
}
