/** The names of months and days. Django: `django.utils.dates`. Other languages than English come from ICU. */
import { getLanguage } from './translation';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** Associated Press style. */
const MONTHS_AP = [
  'Jan.',
  'Feb.',
  'March',
  'April',
  'May',
  'June',
  'July',
  'Aug.',
  'Sept.',
  'Oct.',
  'Nov.',
  'Dec.',
];

/** The names of one language, each list from January or Monday on. */
export interface DateNames {
  readonly weekdays: readonly string[];
  readonly weekdaysShort: readonly string[];
  readonly months: readonly string[];
  /** Three letters, lower case. */
  readonly monthsShort: readonly string[];
  readonly monthsAp: readonly string[];
  /** As they stand in a full date, where the language makes a difference. */
  readonly monthsAlt: readonly string[];
}

const ENGLISH: DateNames = {
  weekdays: WEEKDAYS,
  weekdaysShort: WEEKDAYS.map((name) => name.slice(0, 3)),
  months: MONTHS,
  monthsShort: MONTHS.map((name) => name.slice(0, 3).toLowerCase()),
  monthsAp: MONTHS_AP,
  monthsAlt: MONTHS,
};

const names = new Map<string, DateNames>();

function list(
  count: number,
  language: string,
  part: Intl.DateTimeFormatPartTypes,
  options: Intl.DateTimeFormatOptions,
): string[] {
  const format = new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
  return Array.from({ length: count }, (_, i) => {
    // January 1st 2001 was a Monday.
    const date = part === 'month' ? Date.UTC(2001, i, 1) : Date.UTC(2001, 0, 1 + i);
    return format.formatToParts(date).find(({ type }) => type === part)?.value ?? '';
  });
}

function namesOf(language: string): DateNames {
  if (Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return ENGLISH;
  const short = list(12, language, 'month', { month: 'short' });
  return {
    weekdays: list(7, language, 'weekday', { weekday: 'long' }),
    weekdaysShort: list(7, language, 'weekday', { weekday: 'short' }),
    months: list(12, language, 'month', { month: 'long' }),
    monthsShort: short.map((name) => name.replace(/\.$/, '').toLowerCase()),
    monthsAp: short,
    monthsAlt: list(12, language, 'month', { month: 'long', day: 'numeric' }),
  };
}

/** The names in the active language. */
export function dateNames(): DateNames {
  const language = getLanguage();
  if (language === null || language === 'en-us' || /^en\b/i.test(language)) return ENGLISH;
  let found = names.get(language);
  if (found === undefined) {
    try {
      found = namesOf(language);
    } catch {
      found = ENGLISH;
    }
    names.set(language, found);
  }
  return found;
}
