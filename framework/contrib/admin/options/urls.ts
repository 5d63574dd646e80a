/** The addresses of a model's admin. Django: `ModelAdmin.get_urls`. */
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import { path, type UrlEntry } from '../../../urls';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { RedirectView } from '../../../views/generic';
import type { AdminViewFunction } from '../sites';
import type { ModelAdmin } from './model_admin';

/** What an address captured, and what its URLconf adds. */
type Captured = { readonly object_id?: unknown; readonly form_url?: unknown };

export function adminUrls(admin: ModelAdmin): UrlEntry[] {
  const { appLabel, modelName } = admin.opts;
  const guarded = (
    view: (request: HttpRequest, params: Captured) => MaybePromise<HttpResponseBase>,
    name: string,
  ): AdminViewFunction => {
    const made = admin.adminSite.adminView(view as AdminViewFunction);
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    return Object.assign(made, { modelAdmin: admin });
  };
  const key = ({ object_id: id }: Captured): string => String(id);
  const formUrl = ({ form_url: url }: Captured): string => String(url ?? '');
  const named = (name: string) => ({ name: `${appLabel}_${modelName}_${name}` });
  return [
    path(
      '',
      guarded((request) => admin.changelistView(request), 'changelist_view'),
      named('changelist'),
    ),
    path(
      'add/',
      guarded((request, params) => admin.addView(request, formUrl(params)), 'add_view'),
      named('add'),
    ),
    path(
      '<path:object_id>/history/',
      guarded((request, params) => admin.historyView(request, key(params)), 'history_view'),
      named('history'),
    ),
    path(
      '<path:object_id>/delete/',
      guarded((request, params) => admin.deleteView(request, key(params)), 'delete_view'),
      named('delete'),
    ),
    path(
      '<path:object_id>/change/',
      guarded((request, params) => admin.changeView(request, key(params), formUrl(params)), 'change_view'),
      named('change'),
    ),
    // Where the page was before Django 1.9.
    path(
      '<path:object_id>/',
      guarded((request, params) => {
        const patternName = `${admin.adminSite.name}:${appLabel}_${modelName}_change`;
        return RedirectView.asView({ patternName })(request, params);
      }, 'redirect'),
    ),
  ];
}
