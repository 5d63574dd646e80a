/** Flat pages in the admin. Django: `django.contrib.flatpages.admin`. */
import { gettextLazy as _ } from '../../utils/translation';
import * as admin from '../admin';
import { FlatpageForm } from './forms';
import { FlatPage } from './models';

/** Flat pages by address and title. */
export class FlatPageAdmin extends admin.ModelAdmin<FlatPage> {
  override form: admin.ModelAdmin<FlatPage>['form'] = FlatpageForm;
  override fieldsets: admin.Fieldsets<FlatPage> | null = [
    [null, { fields: ['url', 'title', 'content', 'sites'] }],
    [_('Advanced options'), { classes: ['collapse'], fields: ['registrationRequired', 'templateName'] }],
  ];
  override listDisplay: admin.ModelAdmin<FlatPage>['listDisplay'] = ['url', 'title'];
  override listFilter: admin.ModelAdmin<FlatPage>['listFilter'] = ['sites', 'registrationRequired'];
  override searchFields = ['url', 'title'];
}

admin.site.register(FlatPage, FlatPageAdmin);
