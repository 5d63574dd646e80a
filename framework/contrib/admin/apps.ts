import { AppConfig } from '../../apps/config';

/** The admin without looking for the `admin.ts` of apps: a site registers its models itself. Django: `django.contrib.admin.apps`. */
export class SimpleAdminConfig extends AppConfig {
  static readonly appName = 'tsango.contrib.admin';

  override defaultAutoField = 'tsango.db.models.AutoField';
  /** The class of the site that `tsango.contrib.admin` has as `site`: a dotted name, or the class itself. */
  defaultSite: string | (new () => object) = 'tsango.contrib.admin.sites.AdminSite';
  override verboseName = 'Administration';

  override ready(): void {
    require('./checks');
  }
}

/** The admin, which loads the module `admin` of every app. */
export class AdminConfig extends SimpleAdminConfig {
  static readonly default = true;

  override ready(): void {
    super.ready();
    const { autodiscover } = require('./autodiscover') as typeof import('./autodiscover');
    autodiscover();
  }
}
