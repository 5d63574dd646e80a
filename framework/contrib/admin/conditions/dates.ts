/** The conditions of a date or a moment: by days. */
import type { Field } from '../../../db/models/fields/base';
import type { QueryDict } from '../../../http/querydict';
import type { PlainDate } from '../../../python/datetime';
import { parseDate } from '../../../utils/dateparse';
import { dateFormat } from '../../../utils/formats';
import { gettext } from '../../../utils/translation';
import { RangeFieldListFilter } from '../filters';
import { dayText } from '../filters/dates';
import { Conditions, type Control, type Lookup, type Said } from './base';
import { fill } from './phrases';

/**
 * On a day, from one, until one. In the address they are Django's: from the beginning of the day to that of the next, written as
 * Django's filter by date writes it; where a RangeFieldListFilter reads the address, its two days.
 */
export class DateConditions extends Conditions {
  private get isRange(): boolean {
    return this.spec instanceof RangeFieldListFilter;
  }

  private get since(): string {
    return this.name('gte');
  }

  private get until(): string {
    return this.name(this.isRange ? 'lte' : 'lt');
  }

  /** The point that a day of a box is in the address. What is no day stays what it is: the list refuses it. */
  private pointOf(text: string, days: number): string {
    const day = dayOf(text);
    if (day === null || this.isRange) return text;
    return dayText(day, days, (this.spec.field as Field).internalType === 'DateTimeField');
  }

  /** The day of a point of the address, so many days before; null for what is no beginning of a day. */
  private dayOf(point: string, days: number): string | null {
    const day = dayOf(point.slice(0, 10));
    if (day === null) return null;
    const isDay = point.length === 10 || point === this.pointOf(point.slice(0, 10), 0);
    return isDay ? dayText(day, -days, false) : null;
  }

  /** The days that the address has. */
  private get days(): { readonly from: string | null; readonly until: string | null } {
    const read = (name: string, days: number): string | null =>
      this.params.get(name)?.length === 1 ? this.dayOf(this.given(name), days) : null;
    return { from: read(this.since, 0), until: read(this.until, this.isRange ? 0 : 1) };
  }

  override get controls(): Control[] {
    const { from, until } = this.days;
    const on = from !== null && from === until ? from : null;
    return [
      this.control('on', gettext('On'), 'date', on ?? ''),
      this.control('from', gettext('From'), 'date', on === null ? (from ?? '') : ''),
      this.control('until', gettext('Until'), 'date', on === null ? (until ?? '') : ''),
      ...this.nullControls,
    ];
  }

  override get shown(): string[] {
    const { from, until } = this.days;
    return [
      ...(from === null ? [] : [this.since]),
      ...(until === null ? [] : [this.until]),
      ...this.present([this.isnull]),
    ];
  }

  override read(sent: QueryDict): Lookup[] {
    const on = this.sent(sent, 'on');
    const [from, until] = on === '' ? [this.sent(sent, 'from'), this.sent(sent, 'until')] : [on, on];
    return [
      ...(from === '' ? [] : [[this.since, [this.pointOf(from, 0)]] as const]),
      ...(until === '' ? [] : [[this.until, [this.pointOf(until, 1)]] as const]),
      ...this.readNull(sent),
    ];
  }

  override said(): Said[] {
    const { from, until } = this.days;
    const say = (words: string, day: string, ...names: string[]): Said => ({
      text: fill(words, this.label, dateFormat(dayOf(day), 'DATE_FORMAT')),
      names,
    });
    if (from !== null && from === until)
      return [say(gettext('%(field)s on %(value)s'), from, this.since, this.until)];
    return [
      ...(from === null ? [] : [say(gettext('%(field)s from %(value)s'), from, this.since)]),
      ...(until === null ? [] : [say(gettext('%(field)s until %(value)s'), until, this.until)]),
    ];
  }
}

function dayOf(text: string): PlainDate | null {
  try {
    return parseDate(text);
  } catch {
    // The form of a date, and none that there is.
    return null;
  }
}
