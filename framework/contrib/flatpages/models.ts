/** Pages that are rows. Django: `django.contrib.flatpages.models`. */
import type { ManyToManyManager } from '../../db/models';
import * as models from '../../db/models';
import { lstrip, rstrip } from '../../python/text';
import { getScriptPrefix, NoReverseMatch, reverse } from '../../urls';
import { iriToUri } from '../../utils/encoding';
import { gettextLazy as _ } from '../../utils/translation';
import { Site } from '../sites/models';

/**
 * A page: its address, and the HTML of its title and its content.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/flatpages/
 *
 * @example
 * ```ts
 * const page = await FlatPage.objects.create({ url: '/about/', title: 'About', content: '<p>Hello</p>' });
 * await page.sites.add(await Site.objects.getCurrent());
 * ```
 */
export class FlatPage extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'flatpages',
    dbTable: 'django_flatpage',
    verboseName: _('flat page'),
    verboseNamePlural: _('flat pages'),
    ordering: ['url'],
  };
  declare static readonly objects: models.Manager<FlatPage>;

  declare id: number;
  @models.CharField({ verboseName: _('URL'), maxLength: 100, dbIndex: true }) declare url: string;
  @models.CharField({ verboseName: _('title'), maxLength: 200 }) declare title: string;
  @models.TextField({ verboseName: _('content'), blank: true }) declare content: string;
  @models.BooleanField({ verboseName: _('enable comments'), default: false }) declare enableComments: boolean;
  @models.CharField({
    verboseName: _('template name'),
    maxLength: 70,
    blank: true,
    helpText: _(
      'Example: “flatpages/contact_page.html”. If this isn’t provided, the system will use “flatpages/default.html”.',
    ),
  })
  declare templateName: string;
  @models.BooleanField({
    verboseName: _('registration required'),
    helpText: _('If this is checked, only logged-in users will be able to view the page.'),
    default: false,
  })
  declare registrationRequired: boolean;
  @models.ManyToManyField(() => Site, { verboseName: _('sites') })
  declare readonly sites: ManyToManyManager<Site>;

  /** Where it is: what the URLconf says of the view, or else what the middleware answers. */
  getAbsoluteUrl(): string {
    const { flatpage } = require('./views') as typeof import('./views');
    for (const url of [lstrip(this.url, '/'), this.url]) {
      try {
        return reverse(flatpage, { kwargs: { url } });
      } catch (error) {
        if (!(error instanceof NoReverseMatch)) throw error;
      }
    }
    return iriToUri(rstrip(getScriptPrefix(), '/') + this.url);
  }

  override toString(): string {
    return `${this.url} -- ${this.title}`;
  }
}
