/** The parameters of the address of a list that are of no filter. */
import type { HttpRequest } from '../../../http/request';
import { urlencode } from '../../../utils/http';
import { IS_POPUP_VAR, SOURCE_MODEL_VAR, TO_FIELD_VAR } from '../types';

export const ALL_VAR = 'all';
export const IS_FACETS_VAR = '_facets';
export const ORDER_VAR = 'o';
export const PAGE_VAR = 'p';
export const SEARCH_VAR = 'q';
export const ERROR_FLAG = 'e';

export const IGNORED: ReadonlySet<string> = new Set([
  ALL_VAR,
  ORDER_VAR,
  SEARCH_VAR,
  IS_FACETS_VAR,
  IS_POPUP_VAR,
  SOURCE_MODEL_VAR,
  TO_FIELD_VAR,
]);

/** The parameters of a request that the links of its list hand on: all values of each. */
export function listParameters({ GET }: HttpRequest): ReadonlyMap<string, readonly string[]> {
  const names = [...GET.keys()].filter((name) => name !== PAGE_VAR && name !== ERROR_FLAG);
  return new Map(names.map((name) => [name, GET.getlist(name)] as const));
}

/** The number of the page that a request asks for; the first where it is no number. */
export function pageNumber({ GET }: HttpRequest): number {
  const page = GET.get(PAGE_VAR) ?? '1';
  return /^\s*[+-]?\d+\s*$/.test(page) ? Number(page) : 1;
}

/** An address with other parameters: those that are null go, and those that begin with one of `remove`. */
export function changedParameters(
  params: ReadonlyMap<string, readonly string[]>,
  changed: Readonly<Record<string, unknown>>,
  remove: Iterable<string>,
): string {
  const left = new Map(params);
  for (const prefix of remove) {
    for (const name of [...left.keys()]) if (name.startsWith(prefix)) left.delete(name);
  }
  for (const [name, value] of Object.entries(changed)) {
    if (value === null || value === undefined) left.delete(name);
    else left.set(name, Array.isArray(value) ? value.map(String) : [String(value)]);
  }
  const sorted = [...left].sort(([a], [b]) => (a < b ? -1 : 1));
  return `?${urlencode(sorted as never, true)}`;
}
