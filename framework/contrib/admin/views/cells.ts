/** The cells of a list as HTML. Django: `items_for_result` of the tags `admin_list`. */
import { ObjectDoesNotExist } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { ForeignKey } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import type { BoundField } from '../../../forms/boundfield';
import type { Form } from '../../../forms/forms';
import { htmlName } from '../../../forms/names';
import { isDatetime, PlainDate, PlainTime } from '../../../python/datetime';
import { NoReverseMatch } from '../../../urls';
import type { Text } from '../../../utils/functional';
import { formatHtml } from '../../../utils/html';
import { attempt, isPromise, loadNow, type MaybePromise, then } from '../../../utils/maybe_promise';
import { SafeString } from '../../../utils/safestring';
import { capfirst } from '../../../utils/text';
import { addPreservedFilters } from '../options/preserved_filters';
import type { FieldReference } from '../types';
import { displayForField, displayForValue } from '../utils/display';
import { type LookedUp, lookupOf } from '../utils/fields';
import { keyText } from '../utils/keys';
import { ChangeList } from './main';

/** The attribute of a tag that has these classes. */
export const classes = (names: string): SafeString => formatHtml(' class="{}"', names);

/** The class of a column: the name, or the number of a function without one. */
export function columnName(name: FieldReference, index: number): string {
  if (typeof name === 'string') return htmlName(name);
  return name.name === '' ? `lambda${index}` : htmlName(name.name);
}

/** What cells of a column have in common: found out once for all rows. */
interface Column {
  readonly name: FieldReference;
  /** What it is on a row. */
  readonly lookUp: (row: Model) => MaybePromise<LookedUp>;
  /** Its field in forms of rows; empty where it is none. */
  readonly field: string;
  /** The attribute with the classes, and that of cells that do not wrap. */
  readonly attrs: SafeString;
  readonly nowrap: SafeString;
  /** Whether its values are links; without `listDisplayLinks` those of the first column are. */
  readonly isLink: (isFirst: boolean) => boolean;
  /** Whether none stands before it, not even that of the checkboxes. */
  readonly isFirst: boolean;
}

/** The columns of a list. */
export function columnsOf(list: ChangeList): Column[] {
  return list.listDisplay.map((name, i) => {
    const own = name === 'action_checkbox' ? 'action-checkbox' : `field-${columnName(name, i)}`;
    const links = name === 'action_checkbox' ? null : list.listDisplayLinks;
    const isNamed = links?.includes(name) ?? false;
    return {
      name,
      lookUp: lookupOf(name, list.model, list.modelAdmin),
      field: typeof name === 'string' ? list.modelAdmin.formNameOf(name) : '',
      attrs: classes(own),
      nowrap: classes(`${own} nowrap`),
      isLink: (isFirst) => isNamed || (isFirst && links?.length === 0),
      isFirst: i === 0,
    };
  });
}

/** What the cells of a page are made with. */
export interface Page {
  readonly list: ChangeList;
  readonly columns: readonly Column[];
  readonly pkName: string;
  /** Where a row is edited; null where that is nowhere. */
  readonly addressOf: (row: Model) => string | null;
  readonly empty: Text;
}

/** The cells of a row. */
export async function cellsOf(page: Page, row: Model, form: Form | null): Promise<SafeString[]> {
  const { pkName, columns } = page;
  const cells: SafeString[] = [];
  let isFirst = true;
  for (const column of columns) {
    const found = shownValue(page, row, column);
    // Most are there: a turn of the event loop for each would cost as much as the cells.
    const { shown, nowrap = false } = isPromise(found) ? await found : found;
    const attrs = nowrap ? column.nowrap : column.attrs;
    if (column.isLink(isFirst)) {
      const content = linked(page, row, shown);
      cells.push(
        isFirst
          ? formatHtml('<th{} scope="row">{}</th>', attrs, content)
          : formatHtml('<td{}>{}</td>', attrs, content),
      );
      isFirst = false;
      continue;
    }
    const { field } = column;
    const isKey = field === pkName && form?.fields[pkName]?.widget.isHidden;
    const content = form !== null && field in form.fields && !isKey ? editable(form.get(field)) : shown;
    cells.push(formatHtml('<td{}>{}</td>', attrs, content));
  }
  if (form !== null && pkName in form.fields && !form.fields[pkName]?.widget.isHidden) {
    cells.push(formatHtml('<td>{}</td>', new SafeString(String(form.get(pkName)))));
  }
  return cells;
}

/** An address that nothing has been asked of yet, on this host. */
const PLAIN_ADDRESS = /^\/(?!\/)[^?#\s]*$/;

/** Finds the addresses of rows, with the filters of the list: those of a page's rows are the same behind the `?`. */
export function addresses(list: ChangeList): Page['addressOf'] {
  const withFilters = (url: string): string =>
    addPreservedFilters({ opts: list.opts, preservedFilters: list.preservedFilters }, url, {
      popup: list.isPopup,
      toField: list.toField,
    });
  // A list that says itself where its rows are may lead to the list, which takes filters in another form.
  const isStandard = list.urlForResult === ChangeList.prototype.urlForResult;
  let query: string | undefined;
  return (row) => {
    let url: string;
    try {
      url = list.urlForResult(row);
    } catch (error) {
      if (error instanceof NoReverseMatch) return null;
      throw error;
    }
    if (!isStandard || !PLAIN_ADDRESS.test(url)) return withFilters(url);
    query ??= withFilters(url).slice(url.length);
    return url + query;
  };
}

function linked({ list, addressOf }: Page, row: Model, shown: unknown): unknown {
  const address = addressOf(row);
  if (address === null) return shown;
  if (!list.isPopup) return formatHtml('<a href="{}">{}</a>', address, shown);
  const value = keyText(row, list.toField ?? undefined);
  return formatHtml('<a href="{}" data-popup-opener="{}">{}</a>', address, value, shown);
}

/** What a cell shows, and whether that does not wrap. */
interface Shown {
  readonly shown: unknown;
  readonly nowrap?: boolean;
}

function shownValue(page: Page, row: Model, column: Column): MaybePromise<Shown> {
  const { list, empty } = page;
  if (column.name === 'action_checkbox') return { shown: list.modelAdmin.actionCheckbox(row) };
  return attempt<Shown>(
    () =>
      then(column.lookUp(row), ({ field, attr, value }) => {
        const now = isPromise(value) ? loadNow(value) : value;
        return then(now, (known) => shownOf(page, column, field, attr, known));
      }),
    (error) => {
      if (error instanceof ObjectDoesNotExist) return { shown: String(empty) };
      throw error;
    },
  );
}

function shownOf(
  { empty }: Page,
  column: Column,
  field: LookedUp['field'],
  attr: LookedUp['attr'],
  value: unknown,
): Shown {
  if (field === null) {
    return {
      nowrap: isDatetime(value) || value instanceof PlainDate || value instanceof PlainTime,
      shown: displayForValue(value, attr?.emptyValueDisplay ?? empty, attr?.boolean ?? false),
    };
  }
  if (field instanceof ForeignKey || field instanceof Relation) {
    return {
      nowrap: field instanceof ForeignKey,
      shown: value === null || value === undefined ? String(empty) : String(value),
    };
  }
  const nowrap = TEMPORAL.has(field.internalType);
  return { nowrap, shown: displayForField(value, field, empty, column.isLink(column.isFirst)) };
}

const TEMPORAL: ReadonlySet<string> = new Set(['DateField', 'DateTimeField', 'TimeField']);

/** A column's control, named by its column for who does not see that. */
function editable(field: BoundField): SafeString {
  const name = capfirst(String(field.label));
  const initial = field.field.showHiddenInitial ? String(field.asHidden(null, true)) : '';
  return new SafeString(
    `${String(field.errors)}${String(field.asWidget(null, { 'aria-label': name }))}${initial}`,
  );
}
