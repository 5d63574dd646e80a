/** Redirects in the admin. Django: `django.contrib.redirects.admin`. */
import * as admin from '../admin';
import { Redirect } from './models';

/** Redirects by their paths. */
export class RedirectAdmin extends admin.ModelAdmin<Redirect> {
  override listDisplay: admin.ModelAdmin<Redirect>['listDisplay'] = ['oldPath', 'newPath'];
  override listFilter: admin.ModelAdmin<Redirect>['listFilter'] = ['site'];
  override searchFields = ['oldPath', 'newPath'];
  override radioFields = { site: admin.VERTICAL } as const;
}

admin.site.register(Redirect, RedirectAdmin);
