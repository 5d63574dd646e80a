/** Filters between two bounds: dates, times and numbers that one types. Django filters by given ranges and by values alone. */

import { settings } from '../../../conf';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { HttpRequest } from '../../../http/request';
import { type PlainDate, PlainDateTime } from '../../../python/datetime';
import { parseDate } from '../../../utils/dateparse';
import * as timezone from '../../../utils/timezone';
import { gettext } from '../../../utils/translation';
import { IncorrectLookupParameters } from '../exceptions';
import type { ChangeList } from '../views/main';
import { FieldListFilter, type FilterChoice, type LookupParams } from './base';

/** A box of the filter's form, as templates see it. */
export interface RangeBox {
  readonly name: string;
  readonly label: string;
  readonly type: 'date' | 'number';
  readonly value: string;
}

/**
 * Rows whose value is from one bound to another, both of them in it; either may be left open. Of a moment the bounds are days.
 *
 * @example
 * ```ts
 * class BookAdmin extends admin.ModelAdmin<Book> {
 *   override listFilter = [
 *     ['published', admin.RangeFieldListFilter],
 *     ['price', admin.RangeFieldListFilter],
 *   ] as const;
 * }
 * ```
 * @throws IncorrectLookupParameters for what is no date or number: the list is shown without it.
 */
export class RangeFieldListFilter extends FieldListFilter {
  override template = 'admin/range_filter.html';
  /** The other parameters of the address, which the form hands on. */
  hidden: [string, readonly string[]][] = [];
  clearLink = '';

  private get bounds(): readonly [from: string, to: string] {
    return [`${this.fieldPath}__gte`, `${this.fieldPath}__lte`];
  }

  expectedParameters(): readonly string[] {
    return this.bounds;
  }

  /** A box that was left empty is no bound. */
  protected override take(params: LookupParams): void {
    for (const name of this.expectedParameters()) {
      const value = String(params.get(name)?.at(-1) ?? '').trim();
      params.delete(name);
      if (value !== '') this.usedParameters[name] = [value];
    }
  }

  private get kind(): string {
    return 'internalType' in this.field ? this.field.internalType : '';
  }

  private get isDated(): boolean {
    return this.kind === 'DateField' || this.kind === 'DateTimeField';
  }

  private given(name: string): string {
    return String(this.usedParameters[name]?.[0] ?? '');
  }

  /** Whether a bound is set. */
  get isActive(): boolean {
    return Object.keys(this.usedParameters).length > 0;
  }

  /** The two boxes. */
  get boxes(): readonly RangeBox[] {
    const type = this.isDated ? 'date' : 'number';
    const labels = [gettext('From'), gettext('To')];
    return this.bounds.map((name, i) => ({
      name,
      type,
      label: labels[i] as string,
      value: this.given(name),
    }));
  }

  override queryset(_request: HttpRequest, rows: QuerySet<Model>): QuerySet<Model> {
    const [from, to] = this.bounds;
    const condition: Record<string, unknown> = {};
    if (this.given(from) !== '') condition[from] = this.bound(this.given(from), 0);
    if (this.given(to) !== '') {
      // A day is over when the next one begins: an index knows that, and not the day of a moment.
      if (this.kind === 'DateTimeField') condition[`${this.fieldPath}__lt`] = this.bound(this.given(to), 1);
      else condition[to] = this.bound(this.given(to), 0);
    }
    return Object.keys(condition).length === 0
      ? rows
      : (rows.filter(condition as never) as unknown as QuerySet<Model>);
  }

  /** @throws IncorrectLookupParameters */
  private bound(text: string, days: number): unknown {
    if (!this.isDated) {
      if (!/^[+-]?\d{1,30}(?:\.\d{1,30})?$/.test(text))
        throw new IncorrectLookupParameters(`invalid number: ${text}`);
      return text;
    }
    const day = dayOf(text);
    if (day === null) throw new IncorrectLookupParameters(`invalid date: ${text}`);
    if (this.kind === 'DateField') return day;
    const at = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
    const naive = new PlainDateTime(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
    return settings.USE_TZ ? timezone.makeAware(naive) : naive;
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    const own = new Set<string>(this.bounds);
    this.hidden = [...changelist.filterParams].filter(([name]) => !own.has(name));
    this.clearLink = changelist.getQueryString({}, [...own]);
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
