/** When something was done: the filter of the activity by days of the current time zone. */
import type { QueryDict } from '../../../http/querydict';
import { parseDate } from '../../../utils/dateparse';
import * as timezone from '../../../utils/timezone';
import { gettext } from '../../../utils/translation';
import { boundsOfPeriod } from '../views/filters';

/** The names of its parameters. */
const NAMES = ['when', 'from', 'until'] as const;

/** What was chosen: a period by its name, and days that one typed. All of them hold together. */
export interface ActivityPeriod {
  readonly choices: readonly (readonly [value: string, text: string])[];
  readonly when: string;
  readonly from: string;
  readonly until: string;
  /** Those parameters that say something. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The condition of the entries; null: what was sent is no period and no day, so nothing was done then. */
  readonly condition: Readonly<Record<string, unknown>>[] | null;
}

type Bounds = readonly [start: unknown, end: unknown];

/** Where a day begins, and where the next one does; undefined for what is none. */
function boundsOfDay(text: string): Bounds | undefined {
  try {
    const day = parseDate(text);
    return day === null ? undefined : boundsOfPeriod(day.year, day.month, day.day);
  } catch {
    // The form of a date, and none that there is.
    return undefined;
  }
}

/** The bounds of a period by its name, as Django's filter by date has them. */
function boundsOfName(name: string): Bounds | undefined {
  const { year, month, day } = timezone.localdate();
  const today = boundsOfPeriod(year, month, day) as Bounds;
  if (name === 'today') return today;
  if (name === 'month') return boundsOfPeriod(year, month, undefined);
  if (name !== 'week') return undefined;
  const before = new Date(Date.UTC(year, month - 1, day - 7));
  const [start] = boundsOfPeriod(
    before.getUTCFullYear(),
    before.getUTCMonth() + 1,
    before.getUTCDate(),
  ) as Bounds;
  return [start, today[1]];
}

/** What a request asks for. */
export function periodOf(sent: QueryDict): ActivityPeriod {
  const [when, from, until] = NAMES.map((name) => (sent.get(name) ?? '').trim()) as [string, string, string];
  const named = when === '' ? null : boundsOfName(when);
  const first = from === '' ? null : boundsOfDay(from);
  const last = until === '' ? null : boundsOfDay(until);
  const isNone = named === undefined || first === undefined || last === undefined;
  return {
    ...{ when, from, until },
    choices: [
      ['today', gettext('Today')],
      ['week', gettext('Past 7 days')],
      ['month', gettext('This month')],
    ],
    query: [['when', when] as const, ['from', from] as const, ['until', until] as const].filter(
      ([, value]) => value !== '',
    ),
    condition: isNone
      ? null
      : [
          ...(named === null ? [] : [{ actionTime__gte: named[0], actionTime__lt: named[1] }]),
          ...(first === null ? [] : [{ actionTime__gte: first[0] }]),
          ...(last === null ? [] : [{ actionTime__lt: last[1] }]),
        ],
  };
}
