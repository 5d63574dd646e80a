import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.redirects.apps`. */
export class RedirectsConfig extends AppConfig {
  override defaultAutoField = 'tsango.db.models.AutoField';
  override verboseName = 'Redirects';
}
