/** The text of the filter `naturaltime`. */
import { AttributeError } from '../../core/exceptions';
import { isDatetime, PlainDate, type PlainDateTime, toDatetime, ZonedDateTime } from '../../python/datetime';
import { Duration } from '../../utils/duration';
import { type TimeStrings, timeStrings, timesince, timeuntil } from '../../utils/timesince';
import { getDefaultTimezone, localtime, makeNaive } from '../../utils/timezone';
import { gettext, ngettext, npgettext } from '../../utils/translation';

/** The units in one context, so that languages can inflect them. */
const unitsIn = (context: string): TimeStrings =>
  timeStrings((singular, plural, count) => npgettext(context, singular, plural, count));

const PAST = unitsIn('naturaltime-past');
const FUTURE = unitsIn('naturaltime-future');

/** The number and its unit do not part at the end of a line. */
function counted(article: string, unit: string, suffix: string, count: number): string {
  return ngettext(`${article} ${unit} ${suffix}`, `%(count)s\xa0${unit}s ${suffix}`, count).replace(
    '%(count)s',
    String(count),
  );
}

/** Less than a day, in its largest unit. */
function shortTime(seconds: number, suffix: 'ago' | 'from now'): string {
  if (seconds === 0) return gettext('now');
  if (seconds < 60) return counted('a', 'second', suffix, seconds);
  if (seconds < 3600) return counted('a', 'minute', suffix, Math.floor(seconds / 60));
  return counted('an', 'hour', suffix, Math.floor(seconds / 3600));
}

function nowLike(value: PlainDateTime): PlainDateTime {
  return value instanceof ZonedDateTime
    ? localtime(new Date(), 'UTC')
    : makeNaive(new Date(), getDefaultTimezone());
}

/**
 * How long ago, or how far ahead, a moment is: `3 hours ago`, `now`, `2 days from now`.
 *
 * @throws AttributeError for a date without a time of day.
 */
export function naturaltimeOf(input: unknown): unknown {
  if (input instanceof PlainDate) {
    throw new AttributeError("'datetime.date' object has no attribute 'utcoffset'");
  }
  if (!isDatetime(input)) return input;
  const value = toDatetime(input);
  const now = nowLike(value);
  const moment = value instanceof ZonedDateTime ? localtime(value, 'UTC') : value;
  const ago = Duration.between(moment, now);
  if (ago.days > 0 || (ago.days === 0 && (ago.seconds > 0 || ago.microseconds > 0))) {
    if (ago.days === 0) return shortTime(ago.seconds, 'ago');
    return gettext('%(delta)s ago').replace('%(delta)s', timesince(value, now, { timeStrings: PAST }));
  }
  const ahead = ago.negated();
  if (ahead.days === 0) return shortTime(ahead.seconds, 'from now');
  return gettext('%(delta)s from now').replace('%(delta)s', timeuntil(value, now, { timeStrings: FUTURE }));
}
