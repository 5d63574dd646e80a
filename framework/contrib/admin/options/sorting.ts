/** Inlines whose order is typed, or dragged: their numbers are written as 1 … n. Django has nothing of the kind. */
import type { BoundField } from '../../../forms/boundfield';
import type { Form } from '../../../forms/forms';
import { DELETION_FIELD_NAME } from '../../../forms/formsets';
import type { BaseModelFormSet } from '../../../forms/models';
import type { QueryDict } from '../../../http/querydict';
import { isTruthy } from '../../../python/ops';
import type { InlineModelAdmin } from './inlines';

/** A row that has a place among the others. */
interface Row {
  readonly control: BoundField;
  /** The number that is stored; null of a new row. */
  readonly stored: number | null;
  /** The number that was sent; null where none was: such rows are the last. */
  readonly sent: number | null;
}

/** Whether a new row was filled in: a number alone is none. */
export function isFilledIn(form: Form, sortable: string): boolean {
  return [...form].some((bound) => bound.name !== sortable && bound.hasChanged());
}

const isDeleted = (form: Form): boolean =>
  DELETION_FIELD_NAME in form.fields && isTruthy(form.get(DELETION_FIELD_NAME).data);

function numberIn(value: unknown): number | null {
  return /^\s*[+-]?\d+\s*$/.test(String(value ?? '')) ? Number(value) : null;
}

/** Among rows of the same number: one that went up is before the one that had it, one that went down is behind it. */
const side = ({ stored, sent }: Row): number =>
  stored === null || sent === null ? -1 : Math.sign(sent - stored);

interface Found {
  readonly rows: Row[];
  /** Whether their order was changed: by a number, by a row that came, or one that goes. */
  readonly isMoved: boolean;
}

/** The rows that count: not those that are deleted, and no empty ones. Undefined where one has no number: its form says so. */
function rowsOf(formset: BaseModelFormSet, sortable: string, mayChange: boolean): Found | undefined {
  const rows: Row[] = [];
  let isMoved = false;
  const initialCount = formset.initialFormCount();
  for (const [i, form] of (formset.forms as unknown as readonly Form[]).entries()) {
    const isNew = i >= initialCount;
    if (!(sortable in form.fields) || (isNew ? !isFilledIn(form, sortable) : !mayChange)) continue;
    if (isDeleted(form)) {
      isMoved ||= !isNew;
      continue;
    }
    const control = form.get(sortable);
    const isSent = !isNew || control.hasChanged();
    const [sent, stored] = [isSent ? numberIn(control.data) : null, isNew ? null : numberIn(control.initial)];
    if (sent === null && isSent && String(control.data ?? '').trim() !== '') return undefined;
    isMoved ||= isNew || sent !== stored;
    rows.push({ control, stored, sent });
  }
  return { rows, isMoved };
}

/**
 * Puts the numbers of an inline's rows, in the order that was sent, into the data: 1 … n where the order was changed, and nothing where it was not.
 * Whoever may add rows, but not change those that are there, adds them behind these.
 *
 * @param data what the formset is bound to.
 */
export function numberRows(
  inline: InlineModelAdmin,
  formset: BaseModelFormSet,
  data: QueryDict,
  mayChange: boolean,
): void {
  const sortable = String(inline.sortableName);
  const found = rowsOf(formset, sortable, mayChange);
  if (found === undefined || !found.isMoved) return;
  const last = Number.MAX_SAFE_INTEGER;
  const sorted = found.rows.sort((a, b) => (a.sent ?? last) - (b.sent ?? last) || side(a) - side(b));
  const there = mayChange ? [] : (formset.initialForms as unknown as readonly Form[]);
  const before = there.map((form) => numberIn(form.get(sortable).initial) ?? 0);
  const first = Math.max(0, ...before) + 1;
  for (const [i, { control }] of sorted.entries()) data.set(control.htmlName, String(first + i));
}
