import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.sitemaps.apps`. */
export class SiteMapsConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Site Maps';
}
