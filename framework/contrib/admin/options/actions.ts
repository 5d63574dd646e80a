/** The actions of a list. Django: `get_actions`, `response_action` of `ModelAdmin`. */
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import { htmlName } from '../../../forms/names';
import type { QueryDict } from '../../../http/querydict';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import { capfirst } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import { WARNING } from '../../messages/constants';
import { ACTION_CHECKBOX_NAME, ActionForm } from '../helpers';
import { actionResponse, isGeneratorFunction } from '../progress';
import type { ActionFunction } from '../sites';
import { IS_POPUP_VAR } from '../types';
import { keysOf } from '../utils/keys';
import { modelFormatDict } from '../utils/names';
import type { PermissionAction } from './base';
import type { ModelAdmin } from './model_admin';
import type { AdminAction } from './model_admin_types';

/** What the list of actions calls one. */
function describe(run: ActionFunction, name: string): string {
  return String(run.shortDescription ?? capfirst(name.replaceAll('_', ' ')));
}

/** Whether an action says how far it is while it runs. */
export function reportsProgress(run: unknown): boolean {
  return (run as Partial<ActionFunction>).reportsProgress ?? isGeneratorFunction(run);
}

/** An action that an admin names: a function, a method of its own, or one of the site's. */
function resolveAction(admin: ModelAdmin, named: string | ActionFunction): AdminAction | undefined {
  if (typeof named === 'function') return [named, named.name, describe(named, htmlName(named.name))];
  const method: unknown = (admin as unknown as Readonly<Record<string, unknown>>)[named];
  if (typeof method === 'function' && named in admin) {
    const run = Object.assign(
      (self: ModelAdmin, request: HttpRequest, queryset: QuerySet<Model>) =>
        (method as (...args: unknown[]) => ReturnType<ActionFunction>).call(self, request, queryset),
      method,
      { reportsProgress: reportsProgress(method) },
    ) as ActionFunction;
    return [run, named, describe(method as ActionFunction, htmlName(named))];
  }
  const known = admin.adminSite.actions.get(named);
  return known === undefined ? undefined : [known, named, describe(known, named)];
}

/** The actions of an admin, whoever asks: those of the site, then its own. */
export function baseActions(admin: ModelAdmin): AdminAction[] {
  const own = (admin.actions ?? []).map((named) => resolveAction(admin, named));
  return [
    ...[...admin.adminSite.actions].map(([name, run]): AdminAction => [run, name, describe(run, name)]),
    ...own.filter((action) => action !== undefined),
  ];
}

/** The actions that whoever asks may run: a later one of a name wins. */
export async function actionsFor(admin: ModelAdmin, request: HttpRequest): Promise<Map<string, AdminAction>> {
  const found = new Map<string, AdminAction>();
  // A pop-up is there to choose one object.
  if (admin.actions === null || request.GET.has(IS_POPUP_VAR)) return found;
  for (const action of baseActions(admin)) {
    if (await isAllowed(admin, request, action[0])) found.set(action[1], action);
  }
  return found;
}

async function isAllowed(
  admin: ModelAdmin,
  request: HttpRequest,
  { allowedPermissions }: ActionFunction,
): Promise<boolean> {
  if (allowedPermissions === undefined) return true;
  for (const permission of allowedPermissions) {
    const method = `has${capfirst(permission)}Permission` as `has${Capitalize<PermissionAction>}Permission`;
    if (await admin[method](request)) return true;
  }
  return false;
}

/** The choices of the form of actions. */
export function actionChoices(
  admin: ModelAdmin,
  actions: ReadonlyMap<string, AdminAction>,
): [string, string][] {
  const names = modelFormatDict(admin.opts) as Readonly<Record<string, string>>;
  return [
    ['', '---------'],
    ...[...actions.values()].map(([, name, description]): [string, string] => [
      name,
      description.replace(/%\((\w+)\)s/g, (all, key: string) => names[key] ?? all),
    ]),
  ];
}

/** Runs the action that was sent; null where none was chosen, or no objects. */
export async function responseAction(
  admin: ModelAdmin,
  request: HttpRequest,
  queryset: QuerySet<Model>,
): Promise<HttpResponseBase | null> {
  const { POST } = request;
  // There may be several forms of actions on the page: which was sent is said by the number of its button.
  const index = Number.parseInt(POST.get('index') ?? '0', 10) || 0;
  const data = POST.copy() as QueryDict;
  for (const name of [ACTION_CHECKBOX_NAME, 'index']) if (data.has(name)) data.delete(name);
  const chosen = POST.getlist('action')[index];
  if (chosen !== undefined) data.set('action', chosen);
  const actions = await admin.getActions(request);
  const form = new (admin.actionForm ?? ActionForm)({ data, autoId: false });
  form.fields.action.choices = actionChoices(admin, actions);
  if (!(await form.isValid())) {
    admin.messageUser(request, gettext('No action selected.'), WARNING);
    return null;
  }
  const { action: name, selectAcross } = form.cleanedData as { action: string; selectAcross: boolean };
  const selected = POST.getlist(ACTION_CHECKBOX_NAME);
  if (selected.length === 0 && !selectAcross) {
    admin.messageUser(
      request,
      gettext('Items must be selected in order to perform actions on them. No items have been changed.'),
      WARNING,
    );
    return null;
  }
  const rows = selectAcross
    ? queryset
    : (queryset.filter({ pk__in: keysOf(admin.opts, selected) } as never) as unknown as QuerySet<Model>);
  const [run] = actions.get(name) as AdminAction;
  return actionResponse(request, await run(admin as never, request, rows));
}
