/** Addresses that moved. Django: `django.contrib.redirects.models`. */
import * as models from '../../db/models';
import { gettextLazy as _ } from '../../utils/translation';
import { Site } from '../sites/models';

/**
 * From where to where: an empty `newPath` says that the page is gone.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/redirects/
 *
 * @example
 * ```ts
 * await Redirect.objects.create({ site: await Site.objects.getCurrent(), oldPath: '/old/', newPath: '/new/' });
 * ```
 */
export class Redirect extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'redirects',
    dbTable: 'django_redirect',
    verboseName: _('redirect'),
    verboseNamePlural: _('redirects'),
    uniqueTogether: [['site', 'old_path']],
    ordering: ['oldPath'],
  };
  declare static readonly objects: models.Manager<Redirect>;

  declare id: number;
  @models.ForeignKey(() => Site, { onDelete: models.CASCADE, verboseName: _('site') })
  declare site: models.Related<Site>;
  declare siteId: number;
  @models.CharField({
    verboseName: _('redirect from'),
    maxLength: 200,
    dbIndex: true,
    helpText: _('This should be an absolute path, excluding the domain name. Example: “/events/search/”.'),
  })
  declare oldPath: string;
  @models.CharField({
    verboseName: _('redirect to'),
    maxLength: 200,
    blank: true,
    helpText: _(
      'This can be either an absolute path (as above) or a full URL starting with a scheme such as “https://”.',
    ),
  })
  declare newPath: string;

  override toString(): string {
    return `${this.oldPath} ---> ${this.newPath}`;
  }
}
