/** The names of months and days. Django: `django.utils.dates`. Other languages than English come from ICU. */
import { type Catalog, getCatalog, getLanguage, gettext, pgettext } from './translation';

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

/** One of the names, written as the language writes it alone. */
function list(count: 7 | 12, language: string, options: Intl.DateTimeFormatOptions): string[] {
  const format = new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
  // January 1st 2001 was a Monday.
  return Array.from({ length: count }, (_, i) =>
    format.format(count === 12 ? Date.UTC(2001, i, 1) : Date.UTC(2001, 0, 1 + i)),
  );
}

/** Months as they stand beside a day; alone where the language writes a number there. */
function monthsInDates(language: string, alone: readonly string[]): string[] {
  const format = new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: 'long', day: 'numeric' });
  return alone.map((name, i) => {
    const part = format.formatToParts(Date.UTC(2001, i, 1)).find(({ type }) => type === 'month');
    return part === undefined || /^\d+$/.test(part.value) ? name : part.value;
  });
}

function namesFromIcu(language: string): DateNames {
  if (Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return ENGLISH;
  const months = list(12, language, { month: 'long' });
  const short = list(12, language, { month: 'short' });
  return {
    weekdays: list(7, language, { weekday: 'long' }),
    weekdaysShort: list(7, language, { weekday: 'short' }),
    months,
    monthsShort: short.map((name) => name.replace(/\.$/, '').toLowerCase()),
    monthsAp: short,
    monthsAlt: monthsInDates(language, months),
  };
}

function namesFromCatalog(): DateNames {
  return {
    weekdays: ENGLISH.weekdays.map(gettext),
    weekdaysShort: ENGLISH.weekdaysShort.map(gettext),
    months: ENGLISH.months.map(gettext),
    monthsShort: ENGLISH.monthsShort.map(gettext),
    monthsAp: ENGLISH.monthsAp.map((name) => pgettext('abbrev. month', name)),
    monthsAlt: ENGLISH.monthsAlt.map((name) => pgettext('alt. month', name)),
  };
}

const names = new Map<string, DateNames>();
const catalogNames = new WeakMap<Catalog, DateNames>();

/** The names in the active language: its catalog's if it has them, else those of ICU. */
export function dateNames(): DateNames {
  const language = getLanguage();
  const catalog = getCatalog();
  if (catalog?.messages.has('January')) {
    let found = catalogNames.get(catalog);
    if (found === undefined) {
      found = namesFromCatalog();
      catalogNames.set(catalog, found);
    }
    return found;
  }
  if (language === null || language === 'en-us' || /^en\b/i.test(language)) return ENGLISH;
  let found = names.get(language);
  if (found === undefined) {
    try {
      found = namesFromIcu(language);
    } catch {
      found = ENGLISH;
    }
    names.set(language, found);
  }
  return found;
}
