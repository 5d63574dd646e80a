/** The pages of a site that are of no model. Django: the views of `AdminSite`. */
import { apps } from '../../../apps/registry';
import { Http404 } from '../../../core/exceptions';
import type { HttpRequest } from '../../../http/request';
import { HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { TemplateResponse } from '../../../template/response';
import { isValidPath, reverse } from '../../../urls';
import { gettext } from '../../../utils/translation';
import { REDIRECT_FIELD_NAME } from '../../auth/login';
import { maySeeActivity } from '../activity';
import { shownCards } from '../dashboard';
import { AdminAuthenticationForm, AdminPasswordChangeForm } from '../forms';
import type { AdminSite } from '../sites';

type Context = Readonly<Record<string, unknown>>;

function answer(
  site: AdminSite,
  request: HttpRequest,
  template: string | readonly string[],
  context: Context,
): HttpResponseBase {
  request.currentApp = site.name;
  return new TemplateResponse(request, template, context);
}

export async function index(
  site: AdminSite,
  request: HttpRequest,
  extra: Context,
): Promise<HttpResponseBase> {
  const each = await site.eachContext(request);
  return answer(site, request, site.indexTemplate ?? 'admin/index.html', {
    ...each,
    title: String(site.indexTitle),
    subtitle: null,
    app_list: each['available_apps'],
    may_see_activity: await maySeeActivity(request),
    dashboard_cards: site.cards.length > 0 ? await shownCards(site, request) : [],
    ...extra,
  });
}

/** @throws Http404 for an app of which whoever asks may see nothing. */
export async function appIndex(
  site: AdminSite,
  request: HttpRequest,
  appLabel: string,
  extra: Context,
): Promise<HttpResponseBase> {
  const appList = await site.getAppList(request, appLabel);
  if (appList.length === 0) throw new Http404('The requested admin page does not exist.');
  const { verboseName } = apps.getAppConfig(appLabel);
  return answer(
    site,
    request,
    site.appIndexTemplate ?? [`admin/${appLabel}/app_index.html`, 'admin/app_index.html'],
    {
      ...(await site.eachContext(request)),
      title: gettext('%(app)s administration').replace('%(app)s', verboseName),
      subtitle: null,
      app_list: appList,
      app_label: appLabel,
      ...extra,
    },
  );
}

export async function login(
  site: AdminSite,
  request: HttpRequest,
  extra: Context,
): Promise<HttpResponseBase> {
  const indexPath = reverse('admin:index', { currentApp: site.name });
  if (request.method === 'GET' && (await site.hasPermission(request)))
    return new HttpResponseRedirect(indexPath);
  const user = await request.user;
  const context: Record<string, unknown> = {
    ...(await site.eachContext(request)),
    title: gettext('Log in'),
    subtitle: null,
    app_path: request.getFullPath(),
    username: user.isAuthenticated ? user.getUsername() : '',
  };
  if (!request.GET.has(REDIRECT_FIELD_NAME) && !request.POST.has(REDIRECT_FIELD_NAME)) {
    context[REDIRECT_FIELD_NAME] = indexPath;
  }
  request.currentApp = site.name;
  const { LoginView } = require('../../auth/views') as typeof import('../../auth/views');
  const view = LoginView.asView({
    extraContext: { ...context, ...extra },
    authenticationForm: site.loginForm ?? AdminAuthenticationForm,
    templateName: site.loginTemplate ?? 'admin/login.html',
  } as never);
  return view(request, {});
}

export async function logout(
  site: AdminSite,
  request: HttpRequest,
  extra: Context,
): Promise<HttpResponseBase> {
  const { LogoutView } = require('../../auth/views') as typeof import('../../auth/views');
  const each = await site.eachContext(request);
  request.currentApp = site.name;
  const view = LogoutView.asView({
    // Whoever is logged out has no permission any more.
    extraContext: { ...each, has_permission: false, ...extra },
    templateName: site.logoutTemplate ?? 'registration/logged_out.html',
  } as never);
  return view(request, {});
}

export async function passwordChange(
  site: AdminSite,
  request: HttpRequest,
  extra: Context,
): Promise<HttpResponseBase> {
  const { PasswordChangeView } = require('../../auth/views') as typeof import('../../auth/views');
  request.currentApp = site.name;
  const view = PasswordChangeView.asView({
    formClass: site.passwordChangeForm ?? AdminPasswordChangeForm,
    successUrl: reverse('admin:password_change_done', { currentApp: site.name }),
    extraContext: { ...(await site.eachContext(request)), ...extra },
    templateName: site.passwordChangeTemplate ?? 'registration/password_change_form.html',
  } as never);
  return view(request, {});
}

export async function passwordChangeDone(
  site: AdminSite,
  request: HttpRequest,
  extra: Context,
): Promise<HttpResponseBase> {
  const { PasswordChangeDoneView } = require('../../auth/views') as typeof import('../../auth/views');
  request.currentApp = site.name;
  const view = PasswordChangeDoneView.asView({
    extraContext: { ...(await site.eachContext(request)), ...extra },
    templateName: site.passwordChangeDoneTemplate ?? 'registration/password_change_done.html',
  } as never);
  return view(request, {});
}

/** The texts that scripts show, by their English ones. */
const SCRIPT_TEXTS = [
  '%(sel)s of %(cnt)s selected',
  'Add',
  'Cancel',
  'Choose',
  'Clear',
  'Filter',
  'No results',
  'Now',
  'Remove',
  'Searching…',
  'Today',
  'You have unsaved changes. If you leave this page, they will be lost.',
] as const;

export function i18nJavascript(_request: HttpRequest): HttpResponseBase {
  return new JsonResponse(Object.fromEntries(SCRIPT_TEXTS.map((text) => [text, gettext(text)])));
}

/** @throws Http404 */
export function catchAll(request: HttpRequest, _url: string, mayAppend: boolean): HttpResponseBase {
  if (mayAppend) {
    const urlconf = (request as unknown as { urlconf?: never }).urlconf;
    if (isValidPath(`${request.pathInfo}/`, urlconf)) {
      return new HttpResponsePermanentRedirect(request.getFullPath(true));
    }
  }
  throw new Http404();
}
