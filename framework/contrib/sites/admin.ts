/** Sites in the admin. Django: `django.contrib.sites.admin`. */
import * as admin from '../admin';
import { Site } from './models';

/** Sites by domain and name. */
export class SiteAdmin extends admin.ModelAdmin<Site> {
  override listDisplay: admin.ModelAdmin<Site>['listDisplay'] = ['domain', 'name'];
  override searchFields = ['domain', 'name'];
}

admin.site.register(Site, SiteAdmin);
