/** The rows of a list as HTML. Django: `result_headers`, `results` of the tags `admin_list`. */
import type { Model } from '../../../db/models/base';
import type { Form } from '../../../forms/forms';
import { formName } from '../../../forms/models/options';
import { toStr } from '../../../python/str';
import { formatHtml } from '../../../utils/html';
import type { SafeString } from '../../../utils/safestring';
import { capfirst } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import { labelForField } from '../utils/fields';
import { addresses, cellsOf, classes, columnName, columnsOf, type Page } from './cells';
import { type ChangeList, ORDER_VAR } from './main';
import { orderingField } from './ordering';

/** The head of a column, as templates see it. */
export interface ResultHeader {
  readonly text: unknown;
  readonly sortable: boolean;
  /** The attribute with its classes, as it stands in the tag; empty without. */
  readonly class_attrib: SafeString;
  readonly sorted?: boolean;
  readonly ascending?: boolean;
  readonly sort_priority?: number;
  readonly url_primary?: string;
  readonly url_remove?: string;
  readonly url_toggle?: string;
}

/** A row: its cells as HTML, and its form where its columns can be edited. Django: `ResultList`. */
export class ResultRow extends Array<SafeString> {
  /** Arrays that are made of it are plain ones. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  // What an array has of its own is no attribute to templates: what its class has is one.
  readonly #object: Model;
  readonly #form: Form | null;

  constructor(object: Model, form: Form | null, cells: readonly SafeString[]) {
    super();
    this.#object = object;
    this.#form = form;
    this.push(...cells);
  }

  get object(): Model {
    return this.#object;
  }

  get form(): Form | null {
    return this.#form;
  }
}

/** The heads of the columns. */
export function resultHeaders(list: ChangeList): ResultHeader[] {
  const sorted = list.getOrderingFieldColumns();
  return list.listDisplay.map((name, i) => {
    if (name === 'action_checkbox') {
      return {
        text: formatHtml('<input type="checkbox" id="action-toggle" aria-label="{}">', labelForAll()),
        class_attrib: classes('action-checkbox-column'),
        sortable: false,
      };
    }
    const { label } = labelForField(name, list.model, list.modelAdmin);
    const column = columnName(name, i);
    const text = capfirst(String(label));
    const isSortable = list.sortableBy.includes(name) && orderingField(list, name) !== undefined;
    if (!isSortable) return { text, class_attrib: classes(`column-${column}`), sortable: false };
    return { text, sortable: true, ...sortLinks(list, sorted, i, column) };
  });
}

function labelForAll(): string {
  return gettext('Select all objects on this page for an action');
}

function sortLinks(
  list: ChangeList,
  sorted: ReadonlyMap<number, 'asc' | 'desc'>,
  index: number,
  column: string,
): Omit<ResultHeader, 'text' | 'sortable'> {
  const order = sorted.get(index);
  const next = order === 'asc' ? 'desc' : 'asc';
  const param = (direction: string, i: number): string => `${direction === 'desc' ? '-' : ''}${i}`;
  const others = [...sorted].filter(([i]) => i !== index).map(([i, direction]) => param(direction, i));
  const toggled = [...sorted].map(([i, direction]) => param(i === index ? next : direction, i));
  const query = (parts: readonly string[]): string => list.getQueryString({ [ORDER_VAR]: parts.join('.') });
  return {
    class_attrib: classes(`sortable column-${column}${order === undefined ? '' : ` sorted ${order}ending`}`),
    sorted: order !== undefined,
    ascending: order === 'asc',
    sort_priority: order === undefined ? 0 : [...sorted.keys()].indexOf(index) + 1,
    url_primary: query([param(next, index), ...others]),
    url_remove: query(others),
    url_toggle: query(toggled),
  };
}

/** The rows of the page. */
export async function resultRows(list: ChangeList): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  const forms = (list.formset?.forms ?? []) as unknown as readonly Form[];
  const byKey = new Map(
    forms.map((form) => [toStr((form as unknown as { instance: Model }).instance.pk), form]),
  );
  const page: Page = {
    list,
    columns: columnsOf(list),
    pkName: formName(list.opts.pk),
    addressOf: addresses(list),
    empty: list.modelAdmin.getEmptyValueDisplay(),
  };
  for (const row of list.resultList) {
    const form = forms.length === 0 ? null : (byKey.get(toStr(row.pk)) ?? null);
    rows.push(new ResultRow(row, form, await cellsOf(page, row, form)));
  }
  return rows;
}
