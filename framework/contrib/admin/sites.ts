/** A site of the admin: what is registered there, its addresses, and who may enter. Django: `django.contrib.admin.sites`. */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import type { Model } from '../../db/models/base';
import type { HttpRequest } from '../../http/request';
import { HttpResponseRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { type Included, include, reverse, type UrlEntry } from '../../urls';
import type { Text } from '../../utils/functional';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { once } from '../../utils/module_loading';
import { gettextLazy as _ } from '../../utils/translation';
import { csrfProtect, neverCache } from '../../views/decorators';
import { userOf } from '../auth/middleware';
import { redirectToLogin } from '../auth/redirect';
import type { DashboardCard } from './dashboard';
import { AlreadyRegistered, NotRegistered } from './exceptions';
import type { AdminPage, PageLink } from './pages';
import type { SiteApp } from './site/app_list';
import { AdminRegistry, type AdminViewFunction } from './site/registry';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const logModels = once(() => require('./models') as typeof import('./models'));
const appListModule = once(() => require('./site/app_list') as typeof import('./site/app_list'));
const sitePages = once(() => require('./site/pages') as typeof import('./site/pages'));

export type { ActionFunction, AdminViewFunction, ClassOf } from './site/registry';
export { AlreadyRegistered, NotRegistered };

declare module '../../http/request' {
  interface HttpRequest {
    /** The instance namespace that `{% url %}` prefers: an admin sets its site's name. */
    currentApp?: string;
  }
}

/**
 * A site of the admin. `admin.site` is the one that there always is; a second one is a second object.
 *
 * @example
 * ```ts
 * path('admin/', admin.site.urls)
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#adminsite-objects
 */
export class AdminSite extends AdminRegistry {
  /** The title of pages. */
  siteTitle: Text = _('Django site admin');
  /** The heading of every page. */
  siteHeader: Text = _('Django administration');
  /** The heading of the first page. */
  indexTitle: Text = _('Site administration');
  /** Where "View site" leads; null: nowhere. */
  siteUrl: string | null = '/';
  enableNavSidebar = true;
  emptyValueDisplay: Text = '-';
  /** What finds no address below the site gets the address with a slash, if that is one. */
  finalCatchAllView = true;
  loginForm: (new (...args: never[]) => object) | null = null;
  passwordChangeForm: (new (...args: never[]) => object) | null = null;
  indexTemplate: string | null = null;
  appIndexTemplate: string | null = null;
  loginTemplate: string | null = null;
  logoutTemplate: string | null = null;
  passwordChangeTemplate: string | null = null;
  passwordChangeDoneTemplate: string | null = null;

  // What a site adds --------------------------------------------------------------------------------------------

  /** @internal The pages and cards that were added. */
  readonly ownPages: AdminPage[] = [];
  /** @internal */
  readonly cards: DashboardCard[] = [];

  /**
   * Adds a page in the frame of the admin: with its title, menus and messages, for those who may enter and whom it lets in. Before the URLconf is
   * loaded, so in an app's `admin.ts`.
   *
   * @example
   * ```ts
   * admin.site.addPage({
   *   route: 'sales/', name: 'sales', title: 'Sales',
   *   hasPermission: async (request) => (await request.user).hasPerm('shop.view_order'),
   *   view: async () => ({ template: 'shop/sales.html', context: { total: await Order.objects.count() } }),
   * });
   * ```
   */
  addPage(page: AdminPage): void {
    this.ownPages.push(page);
  }

  /**
   * Places a card on the first page.
   *
   * @example
   * ```ts
   * admin.site.addCard({ title: 'Orders', content: async () => admin.barChart(await ordersByDay(), { label: 'Orders by day' }) });
   * ```
   */
  addCard(card: DashboardCard): void {
    this.cards.push(card);
  }

  // Who may enter -----------------------------------------------------------------------------------------------

  /** Whether whoever asks may see any page of the site: staff that is active. */
  hasPermission(request: HttpRequest): MaybePromise<boolean> {
    return then(userOf(request), (user) => user.isActive && Boolean((user as { isStaff?: boolean }).isStaff));
  }

  /**
   * A view of this site: for those who may enter; others are sent to the log-in page. Never cached, and with CSRF's
   * token looked at.
   *
   * @param cacheable whether the response may be kept.
   */
  adminView(view: AdminViewFunction, cacheable = false): AdminViewFunction {
    const inner: AdminViewFunction = (request, params) =>
      then(this.hasPermission(request), (allowed) => {
        if (allowed) return view(request, params);
        if (request.path === reverse('admin:logout', { currentApp: this.name })) {
          return new HttpResponseRedirect(reverse('admin:index', { currentApp: this.name }));
        }
        return redirectToLogin(request.getFullPath(), reverse('admin:login', { currentApp: this.name }));
      });
    Object.defineProperty(inner, 'name', { value: view.name, configurable: true });
    const fresh = cacheable ? inner : neverCache(inner);
    const guarded = (view as { csrfExempt?: boolean }).csrfExempt ? fresh : csrfProtect(fresh);
    return Object.assign(guarded, {
      modelAdmin: (view as { modelAdmin?: unknown }).modelAdmin,
      adminSite: this,
    });
  }

  // Addresses ---------------------------------------------------------------------------------------------------

  /** The patterns of the site's addresses: for a site that has more pages. */
  getUrls(): UrlEntry[] {
    const { siteUrls } = require('./site/urls') as typeof import('./site/urls');
    return siteUrls(this);
  }

  /** What a URLconf includes: `path('admin/', admin.site.urls)`. */
  get urls(): Included {
    return include([this.getUrls(), 'admin'], this.name);
  }

  /** What every page of the site knows. */
  async eachContext(request: HttpRequest): Promise<Record<string, unknown>> {
    const allowed = await this.hasPermission(request);
    return {
      site_title: this.siteTitle,
      site_header: this.siteHeader,
      site_url: this.siteUrl === '/' ? request.META['SCRIPT_NAME'] || this.siteUrl : this.siteUrl,
      has_permission: allowed,
      available_apps: await this.getAppList(request),
      is_popup: false,
      is_nav_sidebar_enabled: this.enableNavSidebar,
      log_entries: this.getLogEntries(request),
      site_pages: allowed && this.ownPages.length > 0 ? await this.pageLinks(request) : [],
    };
  }

  private pageLinks(request: HttpRequest): Promise<readonly PageLink[]> {
    const { pageLinks } = require('./pages') as typeof import('./pages');
    return pageLinks(this, request);
  }

  /** The search over everything that whoever asks may see: a page, and JSON. */
  paletteView(request: HttpRequest): Promise<HttpResponseBase> {
    const { paletteView } = require('./palette') as typeof import('./palette');
    return paletteView(this, request);
  }

  /** Who did what lately, for those who may view log entries. */
  activityView(request: HttpRequest): Promise<HttpResponseBase> {
    const { activityView } = require('./activity') as typeof import('./activity');
    return activityView(this, request);
  }

  /** The last things that whoever asks did: a query. */
  getLogEntries(request: HttpRequest): PromiseLike<readonly Model[]> {
    const { LogEntry } = logModels();
    const { pk } = request.user as { pk: unknown };
    const entries =
      pk === null || pk === undefined
        ? LogEntry.objects.none()
        : LogEntry.objects.filter({ user: pk } as never);
    return entries.selectRelated('contentType', 'user');
  }

  /** The apps and models that whoever asks may see, by name. */
  async getAppList(request: HttpRequest, appLabel: string | null = null): Promise<SiteApp[]> {
    const { appList } = appListModule();
    return appList(this, request, appLabel);
  }

  // Pages -------------------------------------------------------------------------------------------------------

  /** The first page. */
  index(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.index(this, request, extraContext);
  }

  /** The page of an app. */
  appIndex(
    request: HttpRequest,
    { app_label: appLabel }: { readonly app_label?: unknown },
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.appIndex(this, request, String(appLabel), extraContext);
  }

  login(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.login(this, request, extraContext);
  }

  /** By POST. Not to be guarded by `adminView`: whoever is logged out already may see the page. */
  logout(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.logout(this, request, extraContext);
  }

  passwordChange(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.passwordChange(this, request, extraContext);
  }

  passwordChangeDone(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    return this.pages.passwordChangeDone(this, request, extraContext);
  }

  /** The texts that scripts of the admin show, in the active language. */
  i18nJavascript(request: HttpRequest): MaybePromise<HttpResponseBase> {
    return this.pages.i18nJavascript(request);
  }

  /** Rows for a box that completes what is typed, as JSON. */
  autocompleteView(request: HttpRequest): Promise<HttpResponseBase> {
    const { autocomplete } = require('./views/autocomplete') as typeof import('./views/autocomplete');
    return autocomplete(this, request);
  }

  /** Where nothing is: the same address with a slash, if something is there. @throws Http404 */
  catchAllView(request: HttpRequest, { url }: { readonly url?: unknown }): MaybePromise<HttpResponseBase> {
    return this.pages.catchAll(request, String(url), settings.APPEND_SLASH && !String(url).endsWith('/'));
  }

  private get pages(): typeof import('./site/pages') {
    return sitePages();
  }

  override toString(): string {
    return `AdminSite(name='${this.name}')`;
  }
}

let made: AdminSite | undefined;

/** The site that there always is: of the class that the app's `defaultSite` names. */
function defaultSite(): AdminSite {
  if (made === undefined) {
    const { importSetting } =
      require('../../utils/module_loading') as typeof import('../../utils/module_loading');
    const config = apps.getAppConfig('admin') as { defaultSite?: string | (new () => AdminSite) };
    const Site = importSetting(config.defaultSite ?? AdminSite) as new () => AdminSite;
    made = new Site();
  }
  return made;
}

/** The site that there always is. It is made when it is first used: apps are known then. */
export const site: AdminSite = new Proxy(Object.create(AdminSite.prototype) as AdminSite, {
  get: (_target, name) => {
    const real = defaultSite();
    const value: unknown = Reflect.get(real, name, real);
    return typeof value === 'function' && name !== 'constructor'
      ? (value as () => unknown).bind(real)
      : value;
  },
  set: (_target, name, value) => Reflect.set(defaultSite(), name, value),
  has: (_target, name) => name in defaultSite(),
});
