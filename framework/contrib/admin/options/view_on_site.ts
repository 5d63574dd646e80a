/** Where the site itself shows an object. Django: `get_view_on_site_url`. */
import type { Model } from '../../../db/models/base';
import { NoReverseMatch, reverse } from '../../../urls';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { ContentType } from '../../contenttypes/models';
import type { AdminSite } from '../sites';
import { keyText } from '../utils/keys';

/** The address that leads to an object's page; null where the admin is not in the URLconf. */
export function viewOnSiteUrl(site: AdminSite, obj: Model): MaybePromise<string | null> {
  return then(ContentType.objects.forModel(obj, { forConcreteModel: false }), (type) => {
    try {
      return reverse('admin:view_on_site', {
        kwargs: { content_type_id: type.pk, object_id: keyText(obj) },
        currentApp: site.name,
      });
    } catch (error) {
      if (error instanceof NoReverseMatch) return null;
      throw error;
    }
  });
}
