/** Years, months and days by which one moves through a list. Django: the tag `date_hierarchy`. */

import type { Model } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import type { QuerySet } from '../../../db/models/query';
import { htmlName } from '../../../forms/names';
import { PlainDate } from '../../../python/datetime';
import { parseDate } from '../../../utils/dateparse';
import { dateFormat } from '../../../utils/formats';
import { capfirst } from '../../../utils/text';
import * as timezone from '../../../utils/timezone';
import { gettext } from '../../../utils/translation';
import { beginsAnIndex, boundsOf, MOST_PERIODS, type Period, periodsWithRows } from '../large/periods';
import { fieldsFromPath } from '../utils/paths';
import { boundsOfPeriod } from './filters';
import type { ChangeList } from './main';

type Kind = 'year' | 'month' | 'day';

/** A step of the hierarchy, as templates see it. */
interface DateLink {
  readonly link?: string;
  readonly title: string;
}

/** Where one is, and where one can go. */
export interface DateHierarchy {
  readonly show: true;
  readonly field: string;
  readonly back: DateLink | null;
  readonly choices: readonly DateLink[];
}

const toDay = (value: unknown): PlainDate => {
  if (value instanceof PlainDate) return value;
  if (value instanceof Date) return timezone.localdate(value);
  return parseDate(String(value).slice(0, 10)) as PlainDate;
};

export async function dateHierarchy(list: ChangeList): Promise<DateHierarchy | null> {
  if (list.dateHierarchy === null) return null;
  const name = list.dateHierarchy.split('__').map(htmlName).join('__');
  const field = fieldsFromPath(list.opts, name).at(-1) as Field;
  const isInstant = field.internalType === 'DateTimeField';
  const param = (part: string): string => `${name}__${part}`;
  const read = (part: string): number | undefined => {
    const value = list.params.get(param(part));
    return value === undefined ? undefined : Number(value);
  };
  const link = (parts: Readonly<Record<string, number>>): string =>
    list.getQueryString(
      Object.fromEntries(Object.entries(parts).map(([part, value]) => [param(part), value])),
      [`${name}__`],
    );
  let [year, month] = [read('year'), read('month')];
  const day = read('day');
  const rows = list.queryset as unknown as QuerySet<Model>;
  let years: readonly [number, number] | undefined;
  if (year === undefined && month === undefined && day === undefined) {
    [year, month, years] = await commonStart(rows, name);
  }
  const distinct = async (kind: Kind): Promise<PlainDate[]> => {
    const periods = beginsAnIndex(field) ? periodsOf(kind, year, month, years) : undefined;
    if (periods !== undefined) return periodsWithRows(rows, name, periods);
    const found: readonly unknown[] = isInstant
      ? await rows.datetimes(name as never, kind)
      : await rows.dates(name as never, kind);
    return found.map(toDay);
  };
  const shown = (found: PlainDate, format: string): string => capfirst(dateFormat(found, format));
  const base = { show: true, field: name } as const;
  if (year !== undefined && month !== undefined && day !== undefined) {
    const at = new PlainDate(year, month, day);
    return {
      ...base,
      back: { link: link({ year, month }), title: shown(at, 'YEAR_MONTH_FORMAT') },
      choices: [{ title: shown(at, 'MONTH_DAY_FORMAT') }],
    };
  }
  if (year !== undefined && month !== undefined) {
    const [y, m] = [year, month];
    return {
      ...base,
      back: { link: link({ year }), title: String(year) },
      choices: (await distinct('day')).map((at) => ({
        link: link({ year: y, month: m, day: at.day }),
        title: shown(at, 'MONTH_DAY_FORMAT'),
      })),
    };
  }
  if (year !== undefined) {
    const y = year;
    return {
      ...base,
      back: { link: link({}), title: gettext('All dates') },
      choices: (await distinct('month')).map((at) => ({
        link: link({ year: y, month: at.month }),
        title: shown(at, 'YEAR_MONTH_FORMAT'),
      })),
    };
  }
  return {
    ...base,
    back: null,
    choices: (await distinct('year')).map((at) => ({
      link: link({ year: at.year }),
      title: String(at.year),
    })),
  };
}

/** Where the hierarchy begins: in the year that all rows are of, and the month; else the first and the last year. */
async function commonStart(
  rows: QuerySet<Model>,
  name: string,
): Promise<[year?: number | undefined, month?: number | undefined, years?: readonly [number, number]]> {
  const [first, last] = await boundsOf(rows, name);
  if (first === null || first === undefined) return [];
  const [from, to] = [toDay(first), toDay(last)];
  if (from.year !== to.year) return [undefined, undefined, [from.year, to.year]];
  return [from.year, from.month === to.month ? from.month : undefined];
}

/** The periods that there could be rows in; undefined for too many. */
function periodsOf(
  kind: Kind,
  year: number | undefined,
  month: number | undefined,
  years: readonly [number, number] | undefined,
): Period<PlainDate>[] | undefined {
  if (kind === 'year' && years === undefined) return [];
  const [from, to] = kind === 'year' ? (years as readonly [number, number]) : [1, kind === 'month' ? 12 : 31];
  if (to - from >= MOST_PERIODS) return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((part) => {
    const [y, m, d]: [number, (number | undefined)?, number?] =
      kind === 'year' ? [part] : kind === 'month' ? [year as number, part] : [year as number, month, part];
    const bounds = boundsOfPeriod(y, m, d);
    return bounds === undefined
      ? []
      : [{ at: new PlainDate(y, m ?? 1, d ?? 1), start: bounds[0], end: bounds[1] }];
  });
}
