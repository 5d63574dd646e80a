/** Who did what lately, in the whole admin: the log as a page. Django shows the history of one object, and to each what they did themselves. */
import { PermissionDenied } from '../../../core/exceptions';
import { Paginator } from '../../../core/paginator';
import { Exists } from '../../../db/models/expressions/subquery';
import { OuterRef } from '../../../db/models/expressions/value';
import type { HttpRequest } from '../../../http/request';
import { HttpResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { TemplateResponse } from '../../../template/response';
import { reverse } from '../../../urls';
import { capfirst } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import { getUserModel } from '../../auth/user_model';
import { ContentType } from '../../contenttypes/models';
import { LogEntry } from '../models';
import type { AdminSite } from '../sites';
import { quoteText } from '../utils/keys';
import { type ActivityPeriod, periodOf } from './period';

/** So many entries are on a page. */
const PER_PAGE = 100;

/** What may be chosen of one filter, and what is. */
interface ActivityFilter {
  readonly name: 'user' | 'model' | 'action';
  readonly label: string;
  readonly field: 'user' | 'contentType' | 'actionFlag';
  readonly value: string;
  readonly choices: readonly (readonly [value: string, text: string])[];
}

/** An entry, and where its object is edited: null where it is not, or not by whoever asks. */
interface ActivityRow {
  readonly entry: LogEntry;
  readonly url: string | null;
}

/** Whether whoever asks may see what others did: by the permission to view log entries. */
export async function maySeeActivity(request: HttpRequest): Promise<boolean> {
  const user = (await request.user) as unknown as { hasPerm(name: string): unknown };
  return Boolean(await user.hasPerm('admin.view_logentry'));
}

/** The filters, whose choices are what the log has: each user and model is looked for in it, by an index, for it may be long and these are few. */
async function filtersOf(request: HttpRequest): Promise<ActivityFilter[]> {
  const User = getUserModel();
  const inLog = (field: string) =>
    Exists(LogEntry.objects.filter({ [field]: OuterRef('pk') } as never).orderBy() as never) as never;
  const users = await User._defaultManager.filter(inLog('user')).orderBy(User.USERNAME_FIELD as never);
  const types = await ContentType.objects.filter(inLog('contentType'));
  const value = (name: string): string => request.GET.get(name) ?? '';
  return [
    {
      name: 'user',
      label: gettext('User'),
      field: 'user',
      value: value('user'),
      choices: users.map(
        (user) => [String(user.pk), (user as unknown as { getUsername(): string }).getUsername()] as const,
      ),
    },
    {
      name: 'model',
      label: gettext('Model'),
      field: 'contentType',
      value: value('model'),
      choices: types
        .map((type) => [String(type.pk), capfirst(type.appLabeledName)] as const)
        .sort(([, a], [, b]) => a.localeCompare(b)),
    },
    {
      name: 'action',
      label: gettext('Action'),
      field: 'actionFlag',
      value: value('action'),
      choices: [
        ['1', gettext('Addition')],
        ['2', gettext('Change')],
        ['3', gettext('Deletion')],
      ],
    },
  ];
}

/** The entries that the filters leave. What is no choice is never asked of the database: nothing has it. */
function entriesOf(filters: readonly ActivityFilter[], { condition }: ActivityPeriod) {
  let entries = LogEntry.objects.selectRelated('user', 'contentType').orderBy('-actionTime', '-pk' as never);
  for (const { field, value, choices } of filters) {
    if (value === '') continue;
    entries = choices.some(([known]) => known === value)
      ? entries.filter({ [field]: value } as never)
      : entries.none();
  }
  if (condition === null) return entries.none();
  for (const bounds of condition) entries = entries.filter(bounds as never);
  return entries;
}

/** Links to the objects that are there and that whoever asks may see; each model is asked once. */
async function rowsOf(
  site: AdminSite,
  request: HttpRequest,
  entries: Iterable<LogEntry>,
): Promise<ActivityRow[]> {
  const names = new Map<number, string | null>();
  const rows: ActivityRow[] = [];
  for (const entry of entries) {
    const type = await entry.contentType;
    let url: string | null = null;
    if (type !== null && entry.objectId && !entry.isDeletion()) {
      if (!names.has(type.id)) {
        const model = type.modelClass();
        const admin = model === null ? undefined : site.find(model as never);
        const isOpen = admin !== undefined && (await admin.hasViewOrChangePermission(request));
        names.set(type.id, isOpen ? `admin:${type.appLabel}_${type.model}_change` : null);
      }
      const name = names.get(type.id) ?? null;
      if (name !== null)
        url = reverse(name, {
          args: [quoteText(type.modelClass()?._meta, entry.objectId)],
          currentApp: site.name,
        });
    }
    rows.push({ entry, url });
  }
  return rows;
}

/** @throws PermissionDenied without `admin.view_logentry`. */
export async function activityView(site: AdminSite, request: HttpRequest): Promise<HttpResponseBase> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return new HttpResponse('', { status: 405 });
  if (!(await maySeeActivity(request))) throw new PermissionDenied();
  const filters = await filtersOf(request);
  const period = periodOf(request.GET);
  const paginator = new Paginator<LogEntry>(entriesOf(filters, period) as never, PER_PAGE);
  const page = await paginator.getPage(request.GET.get('p') ?? 1);
  const chosen = filters.filter(({ value }) => value !== '');
  const query = new URLSearchParams([
    ...chosen.map(({ name, value }): [string, string] => [name, value]),
    ...period.query.map(([name, value]): [string, string] => [name, value]),
  ]).toString();
  request.currentApp = site.name;
  return new TemplateResponse(request, 'admin/activity.html', {
    ...(await site.eachContext(request)),
    title: gettext('Activity'),
    subtitle: null,
    filters,
    period,
    is_filtered: query !== '',
    rows: await rowsOf(site, request, page),
    page,
    page_range: await paginator.getElidedPageRange(page.number),
    page_query: query === '' ? '?p=' : `?${query}&p=`,
    pagination_required: (await paginator.count) > paginator.perPage,
  });
}
