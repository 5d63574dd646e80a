/** What the widgets of forms have to read before they are shown. */
import type { Form } from '../../../forms/forms';
import type { Widget } from '../../../forms/widgets';
import { RelatedFieldWidgetWrapper } from '../widgets/related';

/** A widget that shows what the rows are called whose keys it has. */
interface ShowsRows extends Widget {
  /** Whether the rows may be read together with those of the same field in other forms. */
  sharesRows(field: object): boolean;
  /** Reads the rows of values, for itself and for widgets that share them. */
  load(values: readonly unknown[], field: object, others: readonly Widget[]): Promise<void>;
}

/** Widgets that one query is enough for. */
interface Group {
  readonly widgets: [ShowsRows, ...ShowsRows[]];
  readonly field: object;
  readonly values: unknown[];
}

const showsRows = (widget: Widget): widget is ShowsRows =>
  'load' in widget && typeof widget.load === 'function';

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

/** Reads what the widgets of a form show of the rows that are chosen: their names. */
export const prepareForm = (form: Form): Promise<void> => prepareForms([form]);

/** The same of the forms of a formset: of a field that all have, one query does, however many forms there are. */
export async function prepareForms(forms: Iterable<Form>): Promise<void> {
  const shared = new Map<string, Group>();
  const groups: Group[] = [];
  for (const form of forms) {
    for (const { name, widget, field, values } of await shownRows(form)) {
      const isShared = widget.sharesRows(field);
      const known = isShared ? shared.get(name) : undefined;
      if (known !== undefined) {
        known.widgets.push(widget);
        known.values.push(...values);
        continue;
      }
      const group: Group = { widgets: [widget], field, values: [...values] };
      groups.push(group);
      if (isShared) shared.set(name, group);
    }
  }
  for (const { widgets, field, values } of groups) {
    const [first, ...others] = widgets;
    if (values.length > 0) await first.load([...new Set(values)], field, others);
  }
}

interface Shown {
  /** That of the field. */
  readonly name: string;
  readonly widget: ShowsRows;
  readonly field: object;
  readonly values: readonly unknown[];
}

/** The widgets of a form that show rows, and the keys of these. */
async function shownRows(form: Form): Promise<Shown[]> {
  const found: Shown[] = [];
  for (const bound of form) {
    const { name, field } = bound;
    const widget = field.widget instanceof RelatedFieldWidgetWrapper ? field.widget.widget : field.widget;
    if (!showsRows(widget)) continue;
    let value = bound.value();
    if (value !== null && typeof value === 'object' && 'then' in value)
      value = await (value as Promise<unknown>);
    const values = (Array.isArray(value) ? value : [value]).filter((each) => !isNothing(each));
    found.push({ name, widget, field, values });
  }
  return found;
}
