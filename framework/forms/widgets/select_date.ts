/** A date as three selects. Django: `SelectDateWidget` of `django.forms.widgets`. */

import { isDatetime, PlainDate, toDatetime } from '../../python/datetime';
import { OverflowError, ValueError } from '../../python/errors';
import { toInt } from '../../python/numbers';
import { toStr } from '../../python/str';
import { strftime, strptime } from '../../python/strptime';
import { dateNames } from '../../utils/dates';
import { getFormat, getInputFormats, sanitizeStrftimeFormat } from '../../utils/formats';
import type { Choice } from '../choices';
import type { DataSource } from '../data';
import { type Attrs, Widget, type WidgetContext, type WidgetOptions } from './base';
import { Select } from './choice';

/** What three selects for a date are made with. */
export interface SelectDateWidgetOptions extends WidgetOptions {
  /** This year and nine more where none are given. */
  years?: Iterable<number | string> | null;
  /** Names by number. */
  months?: ReadonlyMap<number, unknown> | Readonly<Record<number, unknown>> | null;
  /** What stands for nothing: one text, or one each for year, month and day. */
  emptyLabel?: string | readonly [year: string, month: string, day: string] | null;
}

const DATE = /^(\d{4}|0)-(\d\d?)-(\d\d?)$/;
type Part = 'year' | 'month' | 'day';

export class SelectDateWidget extends Widget {
  declare selectWidget: typeof Select;
  years: readonly (number | string)[];
  months: readonly Choice[] | null;
  readonly noneValues: Readonly<Record<Part, Choice>>;

  constructor({ attrs, years, months, emptyLabel }: SelectDateWidgetOptions = {}) {
    super({ attrs: attrs ?? null });
    const thisYear = new Date().getFullYear();
    const given = years ? [...years] : [];
    this.years = given.length > 0 ? given : Array.from({ length: 10 }, (_, i) => thisYear + i);
    const named: readonly Choice[] = !months
      ? []
      : months instanceof Map
        ? [...(months as ReadonlyMap<number, unknown>)]
        : Object.entries(months).map(([number, name]): Choice => [Number(number), name]);
    this.months = named.length > 0 ? named : null;
    if (Array.isArray(emptyLabel)) {
      if (emptyLabel.length !== 3) throw new ValueError('empty_label list/tuple must have 3 elements.');
      const [year, month, day] = emptyLabel as readonly [string, string, string];
      this.noneValues = { year: ['', year], month: ['', month], day: ['', day] };
    } else {
      const none: Choice = ['', emptyLabel ?? '---'];
      this.noneValues = { year: none, month: none, day: none };
    }
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    const values = context.widget.value as Record<Part, unknown>;
    const choices: Record<Part, Choice[]> = {
      year: this.years.map((year): Choice => [year, toStr(year)]),
      month:
        this.months === null
          ? dateNames().months.map((month, i): Choice => [i + 1, month])
          : [...this.months],
      day: Array.from({ length: 31 }, (_, i): Choice => [i + 1, i + 1]),
    };
    const part = (each: Part): WidgetContext => {
      const list = this.isRequired ? choices[each] : [this.noneValues[each], ...choices[each]];
      const select = new this.selectWidget({ attrs, choices: list });
      const partName = `${name}_${each}`;
      return select.getContext(partName, values[each], { ...context.widget.attrs, id: `id_${partName}` })
        .widget;
    };
    context.widget.subwidgets = this.order().map(part);
    return context;
  }

  /** Year, month and day of a value; also of one that is no date, as February 31. */
  override formatValue(value: unknown): Record<Part, unknown> {
    if (value instanceof PlainDate) return { year: value.year, month: value.month, day: value.day };
    if (isDatetime(value)) {
      const { year, month, day } = toDatetime(value);
      return { year, month, day };
    }
    if (typeof value === 'string') {
      const match = DATE.exec(value);
      if (match !== null) {
        const [year, month, day] = match.slice(1).map((digits) => Number(digits) || '');
        return { year, month, day };
      }
      try {
        const { year, month, day } = strptime(value, getInputFormats('DATE_INPUT_FORMATS')[0] as string);
        return { year, month, day };
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
      }
    }
    return { year: null, month: null, day: null };
  }

  /** The parts in the order of the language's DATE_FORMAT. */
  private order(): Part[] {
    const parts: Part[] = [];
    let escaped = false;
    for (const letter of String(getFormat('DATE_FORMAT'))) {
      if (escaped) escaped = false;
      else if (letter === '\\') escaped = true;
      else if ('Yy'.includes(letter)) parts.push('year');
      else if ('bEFMmNn'.includes(letter)) parts.push('month');
      else if ('dj'.includes(letter)) parts.push('day');
    }
    return parts;
  }

  override idForLabel(id: string): string {
    return `${id}_${this.order()[0] ?? 'month'}`;
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    const [y, m, d] = (['year', 'month', 'day'] as const).map((part) => data.get(`${name}_${part}`) ?? null);
    if (y === '' && m === '' && d === '') return null;
    if (y === null || m === null || d === null) return data.get(name) ?? null;
    const format = sanitizeStrftimeFormat(getInputFormats('DATE_INPUT_FORMATS')[0] as string);
    const part = (value: unknown): number => {
      const number = toInt(value);
      if (Math.abs(Number(number)) > 2 ** 31 - 1)
        throw new OverflowError('Python int too large to convert to C int');
      return Number(number);
    };
    try {
      return strftime(new PlainDate(part(y), part(m), part(d)), format);
    } catch (error) {
      if (error instanceof OverflowError) return '0-0-0';
      // Zeros stand for what was not chosen.
      if (error instanceof ValueError) return `${toStr(y || 0)}-${toStr(m || 0)}-${toStr(d || 0)}`;
      throw error;
    }
  }

  override valueOmittedFromData(data: DataSource, _files: DataSource, name: string): boolean {
    return !(['year', 'month', 'day'] as const).some((part) => data.has(`${name}_${part}`));
  }
}
Object.assign(SelectDateWidget.prototype, {
  templateName: 'django/forms/widgets/select_date.html',
  inputType: 'select',
  selectWidget: Select,
  useFieldset: true,
});
