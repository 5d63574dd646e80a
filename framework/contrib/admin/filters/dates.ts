/** A filter by date. */
import { settings } from '../../../conf';
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import { Q } from '../../../db/models/q';
import * as timezone from '../../../utils/timezone';
import { gettextLazy as _ } from '../../../utils/translation';
import type { ChangeList } from '../views/main';
import { FieldListFilter, type FilterChoice, type LookupParams } from './base';
import { isNullable } from './nullable';

/** Today, the last days, this month, this year. */
export class DateFieldListFilter extends FieldListFilter {
  declare private links: readonly (readonly [title: unknown, params: Readonly<Record<string, string>>])[];
  declare private dateParams: Readonly<Record<string, unknown>>;

  expectedParameters(): readonly string[] {
    const { fieldPath: path } = this;
    const names = [`${path}__gte`, `${path}__lt`];
    return isNullable(this.field) ? [...names, `${path}__isnull`] : names;
  }

  protected override take(params: LookupParams): void {
    const { fieldPath: path } = this;
    this.dateParams = Object.fromEntries(
      [...params]
        .filter(([name]) => name.startsWith(`${path}__`))
        .map(([name, values]) => [name, values.at(-1)]),
    );
    const isInstant = (this.field as Field).internalType === 'DateTimeField';
    const day = (offset: number, of = timezone.localdate()): string => dayText(of, offset, isInstant);
    const today = timezone.localdate();
    const { year, month } = today;
    const next = month === 12 ? [year + 1, 1] : [year, month + 1];
    const first = (y: number, m: number): string => pointText(y, m, 1, isInstant);
    const [since, until] = [`${path}__gte`, `${path}__lt`];
    const links: [unknown, Record<string, string>][] = [
      [_('Any date'), {}],
      [_('Today'), { [since]: day(0), [until]: day(1) }],
      [_('Past 7 days'), { [since]: day(-7), [until]: day(1) }],
      [
        _('This month'),
        { [since]: first(year, month), [until]: first(next[0] as number, next[1] as number) },
      ],
      [_('This year'), { [since]: first(year, 1), [until]: first(year + 1, 1) }],
    ];
    if (isNullable(this.field)) {
      links.push(
        [_('No date'), { [`${path}__isnull`]: 'True' }],
        [_('Has date'), { [`${path}__isnull`]: 'False' }],
      );
    }
    this.links = links;
    super.take(params);
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.links.map(([, params], i) => [`${i}__c`, Count(pkAttname, { filter: new Q(valuesOf(params)) })]),
    );
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    for (const [i, [title, params]] of this.links.entries()) {
      yield {
        selected: isSame(this.dateParams, params),
        query_string: changelist.getQueryString(params, [`${this.fieldPath}__`]),
        display: this.counted(title, `${i}__c`),
      };
    }
  }
}

function isSame(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const [one, other] = [Object.entries(a), Object.entries(b)];
  return one.length === other.length && one.every(([name, value]) => String(b[name]) === String(value));
}

const valuesOf = (params: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      name.endsWith('__isnull') ? value === 'True' : value,
    ]),
  );

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** The first moment of a day as Python writes it; of a field of days the day itself. */
function pointText(year: number, month: number, day: number, isInstant: boolean): string {
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  if (!isInstant) return date;
  if (!settings.USE_TZ) return `${date} 00:00:00`;
  const { PlainDateTime } = require('../../../python/datetime') as typeof import('../../../python/datetime');
  const { toStr } = require('../../../python/str') as typeof import('../../../python/str');
  return toStr(timezone.makeAware(new PlainDateTime(year, month, day)));
}

/** The first moment of the day so many days after another, as `pointText` writes it. */
export function dayText(
  today: { year: number; month: number; day: number },
  offset: number,
  isInstant: boolean,
): string {
  const at = new Date(Date.UTC(today.year, today.month - 1, today.day + offset));
  return pointText(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), isInstant);
}
