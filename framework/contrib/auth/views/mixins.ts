/** What the pages of users have in common. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import { resolveUrl } from '../../../shortcuts';
import type { ViewDecorator } from '../../../utils/decorators';
import { urlHasAllowedHostAndScheme } from '../../../utils/http';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { neverCache } from '../../../views/decorators/cache';
import { csrfProtect } from '../../../views/decorators/csrf';
import { sensitivePostParameters } from '../../../views/decorators/debug';
import type { Constructor, View, ViewFunction } from '../../../views/generic/base';
import type { Context } from '../../../views/generic/types';
import { getCurrentSite } from '../../sites/shortcuts';
import { REDIRECT_FIELD_NAME } from '../login';

/** A page whose form comes from this site. */
export function protectedPage(view: ViewFunction): ViewFunction {
  return csrfProtect(view);
}

/** The same, never cached: what it shows or does is good once. */
export function uncachedPage(view: ViewFunction): ViewFunction {
  return neverCache(protectedPage(view));
}

/** A page whose form has a password: no report of an error shows what was sent. */
export const passwordPage: ViewDecorator = sensitivePostParameters();

/** What a template knows of the site: its row where contrib.sites is installed, or else the host of the request. */
export async function siteContext({ request }: View): Promise<Context> {
  const site = await getCurrentSite(request);
  return { site, site_name: site.name };
}

interface WithContext extends View {
  getContextData(values?: Readonly<Context>): MaybePromise<Context>;
}

/** Gives a page its title. */
export function PasswordContextMixin<Base extends Constructor<WithContext>>(
  base: Base,
): Base & Constructor<{ title: string }> {
  return class extends base {
    title = '';

    override getContextData(values: Readonly<Context> = {}): MaybePromise<Context> {
      return super.getContextData({ title: this.title, subtitle: null, ...values });
    }
  };
}

/** A page that leads to where a request says. */
export interface RedirectURLView extends View {
  /** Where to, where the request does not say: a path, or the name of a URL pattern. */
  nextPage: string | null;
  redirectFieldName: string;
  /** Other hosts that it may lead to. */
  successUrlAllowedHosts: ReadonlySet<string>;
  getSuccessUrl(): string;
  /** Where the request says to go; empty for a place that it may not lead to. */
  getRedirectUrl(): string;
  /** The hosts that it may lead to: that of the request, and `successUrlAllowedHosts`. */
  getSuccessUrlAllowedHosts(): ReadonlySet<string>;
  /** @throws ImproperlyConfigured without `nextPage`. */
  getDefaultRedirectUrl(): string;
}

/** Gives a view the place to lead to: what the request says in `next`, if that is on this site, or else `nextPage`. */
export function RedirectURLMixin<Base extends Constructor<View>>(
  base: Base,
): Base & Constructor<RedirectURLView> {
  return class extends base {
    nextPage: string | null = null;
    redirectFieldName = REDIRECT_FIELD_NAME;
    successUrlAllowedHosts: ReadonlySet<string> = new Set();

    getSuccessUrl(): string {
      return this.getRedirectUrl() || this.getDefaultRedirectUrl();
    }

    getRedirectUrl(): string {
      const { request, redirectFieldName } = this;
      const given = request.POST.get(redirectFieldName, null) ?? request.GET.get(redirectFieldName, '');
      const url = typeof given === 'string' ? given : '';
      return urlHasAllowedHostAndScheme(url, this.getSuccessUrlAllowedHosts(), request.isSecure()) ? url : '';
    }

    getSuccessUrlAllowedHosts(): ReadonlySet<string> {
      return new Set([this.request.getHost(), ...this.successUrlAllowedHosts]);
    }

    getDefaultRedirectUrl(): string {
      if (!this.nextPage) throw new ImproperlyConfigured('No URL to redirect to. Provide a next_page.');
      return resolveUrl(this.nextPage);
    }
  };
}
