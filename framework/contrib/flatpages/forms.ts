/** Django: `django.contrib.flatpages.forms`. */
import { settings } from '../../conf';
import { ValidationError } from '../../core/exceptions';
import * as forms from '../../forms';
import { CommonMiddleware } from '../../middleware/common';
import { canonicalName } from '../../utils/module_loading';
import { gettextLazy as _, gettext } from '../../utils/translation';
import type { Site } from '../sites/models';
import { FlatPage } from './models';

/** Makes or changes a flat page: its address begins with a slash, ends in one where the site's do, and is no other page's. */
export class FlatpageForm extends forms.modelForm(
  FlatPage,
  { fields: '__all__' },
  {
    url: new forms.RegexField({
      label: _('URL'),
      maxLength: 100,
      regex: /^[-\p{L}\p{N}_/.~]+$/u,
      helpText: _('Example: “/about/contact/”. Make sure to have leading and trailing slashes.'),
      errorMessages: {
        invalid: _(
          'This value must contain only letters, numbers, dots, underscores, dashes, slashes or tildes.',
        ),
      },
    }),
  },
) {
  constructor(options: forms.ModelFormInit<FlatPage> = {}) {
    super(options);
    if (!this.trailingSlashRequired()) {
      this.fields.url.helpText = _('Example: “/about/contact”. Make sure to have a leading slash.');
    }
  }

  private trailingSlashRequired(): boolean {
    const isCommon = (entry: unknown): boolean =>
      entry === CommonMiddleware ||
      (typeof entry === 'string' && canonicalName(entry) === 'tsango.middleware.common.CommonMiddleware');
    return settings.APPEND_SLASH && settings.MIDDLEWARE.some(isCommon);
  }

  /** @throws ValidationError for an address without its slashes. */
  cleanUrl(url: string): string {
    if (!url.startsWith('/')) {
      throw new ValidationError(gettext('URL is missing a leading slash.'), {
        code: 'missing_leading_slash',
      });
    }
    if (this.trailingSlashRequired() && !url.endsWith('/')) {
      throw new ValidationError(gettext('URL is missing a trailing slash.'), {
        code: 'missing_trailing_slash',
      });
    }
    return url;
  }

  /** @throws ValidationError where another page of one of its sites has the address. */
  override async clean() {
    const { url, sites = [] } = this.cleanedData as { url?: string; sites?: Iterable<Site> };
    if (url === undefined) return super.clean();
    let same = FlatPage.objects.filter({ url });
    if (this.instance.pk) same = same.exclude({ pk: this.instance.pk });
    for (const site of sites) {
      if (!(await same.filter({ sites: site }).exists())) continue;
      throw new ValidationError(_('Flatpage with url %(url)s already exists for site %(site)s'), {
        code: 'duplicate_url',
        params: { url, site },
      });
    }
    return super.clean();
  }
}
