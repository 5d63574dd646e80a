import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.flatpages.apps`. */
export class FlatPagesConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Flat Pages';
}
