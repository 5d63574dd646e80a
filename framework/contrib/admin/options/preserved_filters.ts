/** The filters of a list, kept while one is at one of its objects. Django: `add_preserved_filters`, `get_preserved_filters`. */
import type { Options } from '../../../db/models/options';
import type { HttpRequest } from '../../../http/request';
import { urlsplit, urlunsplit } from '../../../python/urllib_parse';
import { getScriptPrefix, Resolver404, resolve } from '../../../urls';
import { unquote } from '../../../utils/encoding';
import { IS_POPUP_VAR, TO_FIELD_VAR } from '../types';
import type { ModelAdmin } from './model_admin';

const KEPT = '_changelist_filters';

/** The filters of the list that a request is at or came from. */
export function preservedFilters(admin: ModelAdmin, request: HttpRequest): string {
  const match = request.resolverMatch;
  if (match === undefined || match === null) return '';
  const { appLabel, modelName } = admin.opts;
  const isList = `${match.appName}:${match.urlName}` === `admin:${appLabel}_${modelName}_changelist`;
  const filters = isList ? request.GET.urlencode() : request.GET.get(KEPT);
  return filters ? new URLSearchParams([[KEPT, filters]]).toString() : '';
}

/** What of a request's query goes along besides the filters. */
export function preservedQuery(request: HttpRequest, filters: string): [string, string][] {
  return [...new URLSearchParams(request.queryString.replace(filters, ''))];
}

/** What an address is given. */
export interface Preserved {
  readonly opts?: Options | null;
  readonly preservedFilters?: string;
  readonly preservedQuery?: readonly (readonly [string, string])[];
}

/** Whether an address is that of the list of a model. */
function isListOf(url: string, { appLabel, modelName }: Options): boolean {
  const prefix = getScriptPrefix();
  const path = unquote(url);
  const at = path.indexOf(prefix);
  try {
    const match = resolve(`/${at < 0 ? '' : path.slice(at + prefix.length)}`);
    return `${match.appName}:${match.urlName}` === `admin:${appLabel}_${modelName}_changelist`;
  } catch (error) {
    if (error instanceof Resolver404) return false;
    throw error;
  }
}

/** An address with the filters: the list itself gets them as they are. */
export function addPreservedFilters(
  { opts, preservedFilters: filters, preservedQuery: query }: Preserved,
  url: string,
  { popup = false, toField = null }: { popup?: boolean; toField?: string | null } = {},
): string {
  const parts = urlsplit(url);
  const merged = new Map<string, string>(query ?? []);
  if (opts && filters) {
    const kept = new URLSearchParams(filters);
    const own = isListOf(parts.path, opts) ? kept.get(KEPT) : null;
    for (const [key, value] of own === null ? kept : new URLSearchParams(own)) merged.set(key, value);
  }
  if (popup) merged.set(IS_POPUP_VAR, '1');
  if (toField) merged.set(TO_FIELD_VAR, toField);
  for (const [key, value] of new URLSearchParams(parts.query)) merged.set(key, value);
  return urlunsplit({ ...parts, query: new URLSearchParams([...merged]).toString() });
}
