/** The addresses of a site. Django: `AdminSite.get_urls`. */
import { include, path, rePath, type UrlEntry } from '../../../urls';
import type { AdminSite, AdminViewFunction } from '../sites';

/** The patterns, those of every model's admin among them. */
export function siteUrls(site: AdminSite): UrlEntry[] {
  const guarded = (view: AdminViewFunction, name: string, cacheable = false): AdminViewFunction => {
    const made = site.adminView(view, cacheable);
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    return Object.assign(made, { adminSite: site });
  };
  const shortcut: AdminViewFunction = (request, params) => {
    const { shortcut: leads } =
      require('../../contenttypes/views') as typeof import('../../contenttypes/views');
    return leads(request, params as never);
  };
  const patterns: UrlEntry[] = [
    path(
      '',
      guarded((request) => site.index(request), 'index'),
      { name: 'index' },
    ),
    path('login/', ((request) => site.login(request)) as AdminViewFunction, { name: 'login' }),
    path(
      'logout/',
      guarded((request) => site.logout(request), 'logout'),
      { name: 'logout' },
    ),
    path(
      'password_change/',
      guarded((request) => site.passwordChange(request), 'password_change', true),
      {
        name: 'password_change',
      },
    ),
    path(
      'password_change/done/',
      guarded((request) => site.passwordChangeDone(request), 'password_change_done', true),
      { name: 'password_change_done' },
    ),
    path(
      'autocomplete/',
      guarded((request) => site.autocompleteView(request), 'autocomplete_view'),
      {
        name: 'autocomplete',
      },
    ),
    path(
      'jsi18n/',
      guarded((request) => site.i18nJavascript(request), 'i18n_javascript', true),
      { name: 'jsi18n' },
    ),
    path('r/<path:content_type_id>/<path:object_id>/', guarded(shortcut, 'shortcut'), {
      name: 'view_on_site',
    }),
  ];
  patterns.push(
    path(
      'palette/',
      guarded((request) => site.paletteView(request), 'palette_view'),
      { name: 'palette' },
    ),
  );
  // Below the label of the admin's own app, where no other app or model can be.
  patterns.push(
    path(
      'admin/activity/',
      guarded((request) => site.activityView(request), 'activity_view'),
      { name: 'activity' },
    ),
  );
  if (site.ownPages.length > 0) {
    const { pageUrls } = require('../pages') as typeof import('../pages');
    patterns.push(...pageUrls(site));
  }
  const labels: string[] = [];
  for (const [model, admin] of site.modelAdmins) {
    const { appLabel, modelName } = model._meta;
    patterns.push(path(`${appLabel}/${modelName}/`, include(admin.urls)));
    if (!labels.includes(appLabel)) labels.push(appLabel);
  }
  if (labels.length > 0) {
    const regex = `^(?P<app_label>${labels.join('|')})/$`;
    patterns.push(
      rePath(
        regex,
        guarded((request, params) => site.appIndex(request, params), 'app_index'),
        { name: 'app_list' },
      ),
    );
  }
  if (site.finalCatchAllView) {
    patterns.push(
      rePath(
        '(?P<url>.*)$',
        guarded((request, params) => site.catchAllView(request, params), 'catch_all_view'),
      ),
    );
  }
  return patterns;
}
