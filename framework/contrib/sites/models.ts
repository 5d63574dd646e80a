/** The sites that one database serves. Django: `django.contrib.sites.models`. */
import { settings } from '../../conf';
import { ImproperlyConfigured, ObjectDoesNotExist } from '../../core/exceptions';
import { ValidationError } from '../../core/validation_error';
import { Model } from '../../db/models/base';
import { CharField } from '../../db/models/fields';
import { Manager } from '../../db/models/manager';
import { postDelete, postSave, preDelete, preSave } from '../../db/models/signals';
import { splitDomainPort } from '../../http/host';
import type { HttpRequest } from '../../http/request';
import { type MaybePromise, promised } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';

/** What was found before, by key and by host in lower case. Every request asks for its site. */
const known = new Map<unknown, Site>();

/** No white space: where there is some, it is a slip. @throws ValidationError */
export function simpleDomainNameValidator(value: unknown): void {
  if (/[ \t\n\r\v\f]/.test(String(value))) {
    throw new ValidationError(_('The domain name cannot contain any spaces or tabs.'), { code: 'invalid' });
  }
}

/**
 * `Site.objects`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/sites/#django.contrib.sites.models.SiteManager
 */
export class SiteManager extends Manager<Site> {
  override readonly useInMigrations = true;

  /**
   * The site that is served: the one of SITE_ID; without that setting the one whose domain is the host of the request,
   * with its port or without. It is kept until a site is saved or deleted.
   *
   * @throws Site.DoesNotExist; ImproperlyConfigured with neither a SITE_ID nor a request.
   * @example
   * ```ts
   * const { domain } = await Site.objects.getCurrent(request);
   * ```
   */
  getCurrent(request?: HttpRequest | null): Promise<Site> {
    return promised(() => this.current(request));
  }

  /** The same, at once where it is known. */
  current(request?: HttpRequest | null): MaybePromise<Site> {
    const id = settings.SITE_ID;
    if (id) return known.get(id) ?? this.get({ pk: id }).then((site) => remember(id, site));
    if (request) return this.ofHost(request.getHost().toLowerCase());
    throw new ImproperlyConfigured(
      'You\'re using the Django "sites framework" without having set the SITE_ID setting. Create a site in your database ' +
        'and set the SITE_ID setting or pass a request to Site.objects.getCurrent() to fix this error.',
    );
  }

  private ofHost(host: string): MaybePromise<Site> {
    const found = known.get(host);
    if (found !== undefined) return found;
    const asking = (domain: string): Promise<Site> =>
      this.get({ domain__iexact: domain }).then((site) => remember(domain, site));
    return asking(host).catch((error: unknown) => {
      if (!(error instanceof ObjectDoesNotExist)) throw error;
      const [domain] = splitDomainPort(host);
      return known.get(domain) ?? asking(domain);
    });
  }

  /** Forgets which sites were found: for whoever changes their rows without a model. */
  clearCache(): void {
    known.clear();
  }

  /** The site of that domain. @throws Site.DoesNotExist. */
  getByNaturalKey(domain: string): Promise<Site> {
    return this.get({ domain });
  }
}

function remember(key: unknown, site: Site): Site {
  known.set(key, site);
  return site;
}

/**
 * A site: its domain, and what people call it. `migrate` makes the first, `example.com`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/sites/
 *
 * @example
 * ```ts
 * const site = await Site.objects.getCurrent(request);
 * `https://${site.domain}/`;
 * ```
 */
export class Site extends Model {
  static override readonly Meta = {
    appLabel: 'sites',
    dbTable: 'django_site',
    verboseName: _('site'),
    verboseNamePlural: _('sites'),
    ordering: ['domain'],
  };
  static override readonly objects = new SiteManager();

  declare id: number;
  @CharField({
    verboseName: _('domain name'),
    maxLength: 100,
    validators: [simpleDomainNameValidator],
    unique: true,
  })
  declare domain: string;
  @CharField({ verboseName: _('display name'), maxLength: 50 }) declare name: string;

  /** What stands for it where keys differ. */
  naturalKey(): [domain: string] {
    return [this.domain];
  }

  override toString(): string {
    return this.domain;
  }
}

/** Forgets a site that is saved or deleted, under whatever it was found. */
function clearSiteCache({ instance }: { instance: Model }): void {
  for (const [key, site] of known) if (site.pk === instance.pk) known.delete(key);
}

// Afterwards once more: meanwhile another request may have found it as it was.
for (const signal of [preSave, postSave, preDelete, postDelete])
  signal.connect(clearSiteCache as never, { sender: Site });
