/** Python's `datetime.strftime()` and `datetime.strptime()`, with the names of the C locale. */
import { daysFromCivil, daysInMonth, isLeap, PlainDate, PlainDateTime, PlainTime, pad } from './datetime';
import { ValueError } from './errors';
import { toInt } from './numbers';
import { escapeRegex } from './re';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
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

const short = (name: string): string => name.slice(0, 3);

/** What strftime prints: a date, a time of day, or both. */
export type Temporal = PlainDate | PlainTime | PlainDateTime;

/** The weekday of a date, Monday being 0. */
function weekday(year: number, month: number, day: number): number {
  return (((daysFromCivil(year, month, day) + 3) % 7) + 7) % 7;
}

function dayOfYear(year: number, month: number, day: number): number {
  return daysFromCivil(year, month, day) - daysFromCivil(year, 1, 1) + 1;
}

/** A date, time or datetime by a format of C's `strftime`. A time has the date 1900-01-01, a date the time 00:00. */
export function strftime(value: Temporal, format: string): string {
  const { year, month, day } = value instanceof PlainTime ? { year: 1900, month: 1, day: 1 } : value;
  const { hour, minute, second, microsecond } =
    value instanceof PlainDate ? { hour: 0, minute: 0, second: 0, microsecond: 0 } : value;
  return format.replace(/%(?:04)?([A-Za-z%])/g, (found, letter: string) => {
    switch (letter) {
      case 'Y':
        return found === '%04Y' ? pad(year, 4) : String(year);
      case 'y':
        return pad(year % 100);
      case 'm':
        return pad(month);
      case 'd':
        return pad(day);
      case 'e':
        return String(day).padStart(2);
      case 'H':
        return pad(hour);
      case 'I':
        return pad(hour % 12 === 0 ? 12 : hour % 12);
      case 'M':
        return pad(minute);
      case 'S':
        return pad(second);
      case 'f':
        return pad(microsecond, 6);
      case 'p':
        return hour < 12 ? 'AM' : 'PM';
      case 'b':
      case 'h':
        return short(MONTHS[month - 1] as string);
      case 'B':
        return MONTHS[month - 1] as string;
      case 'a':
        return short(DAYS[weekday(year, month, day)] as string);
      case 'A':
        return DAYS[weekday(year, month, day)] as string;
      case 'w':
        return String((weekday(year, month, day) + 1) % 7);
      case 'j':
        return pad(dayOfYear(year, month, day), 3);
      case 'z':
      case 'Z':
        return '';
      case '%':
        return '%';
      default:
        return found;
    }
  });
}

const names = (list: readonly string[]): string => [...list].sort((a, b) => b.length - a.length).join('|');

/** Python's expressions; `\d` is a digit of any script. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  d: '3[0-1]|[1-2]D|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,6}',
  H: '2[0-3]|[0-1]D|D',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]D|[1-2]DD|0[1-9]D|00[1-9]|[1-9]D|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]D|D',
  S: '6[0-1]|[0-5]D|D',
  G: 'DDDD',
  U: '5[0-3]|[0-4]D|D',
  V: '5[0-3]|0[1-9]|[1-4]D|D',
  W: '5[0-3]|[0-4]D|D',
  u: '[1-7]',
  w: '[0-6]',
  y: 'DD',
  Y: 'DDDD',
  a: names(DAYS.map(short)),
  A: names(DAYS),
  b: names(MONTHS.map(short)),
  B: names(MONTHS),
  p: 'am|pm',
};

interface Pattern {
  readonly regex: RegExp;
  readonly letters: readonly string[];
}

const patterns = new Map<string, Pattern>();
const MAX_PATTERNS = 500;

function patternOf(format: string): Pattern {
  const known = patterns.get(format);
  if (known !== undefined) return known;
  const letters: string[] = [];
  const source = format.replace(/%(.?)|\s+|[^%\s]+/gsu, (part, letter: string | undefined) => {
    if (part.trim() === '') return '\\s+';
    if (letter === undefined) return escapeRegex(part).replace(/\\([-\s/#&~'"<>=!:,;@`])/g, '$1');
    if (letter === '%') return '%';
    const directive = DIRECTIVES[letter];
    if (directive === undefined) {
      throw new ValueError(`'${letter}' is a bad directive in format '${format}'`);
    }
    letters.push(letter);
    return `(${directive.replaceAll('D', '\\p{Nd}')})`;
  });
  const pattern = { regex: new RegExp(`^(?:${source})$`, 'iu'), letters };
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  patterns.set(format, pattern);
  return pattern;
}

const OUT_OF_RANGE = 'day is out of range for month';

/**
 * Text by a format of C's `strptime`; what the format does not say is 1900-01-01 00:00.
 *
 * @throws ValueError for text that is not of that form, or is no date.
 */
export function strptime(text: string, format: string): PlainDateTime {
  const { regex, letters } = patternOf(format);
  const match = regex.exec(text);
  if (match === null) {
    throw new ValueError(`time data '${text}' does not match format '${format}'`);
  }
  const found = fromMatch(match, letters);
  if (typeof found === 'string') throw new ValueError(found);
  return found;
}

/** The first of several formats that text is of; null for none. No error is made for the others, which would cost more. */
export function strptimeFirst(text: string, formats: readonly string[]): PlainDateTime | null {
  for (const format of formats) {
    try {
      const { regex, letters } = patternOf(format);
      const match = regex.exec(text);
      const found = match === null ? OUT_OF_RANGE : fromMatch(match, letters);
      if (typeof found !== 'string') return found;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
    }
  }
  return null;
}

/** What the parts of a text mean together, or why they mean nothing. */
function fromMatch(match: RegExpExecArray, letters: readonly string[]): PlainDateTime | string {
  let [year, month, day, hour, minute, second, micro, ordinal] = [1900, 1, 1, 0, 0, 0, 0, 0];
  let half: string | undefined;
  let hasYear = false;
  /** Monday is 0; a week is the year's by its letter: `U` begins with Sunday, `W` with Monday, `V` is ISO's. */
  let [dayOfWeek, week, isoYear]: (number | undefined)[] = [];
  letters.forEach((letter, i) => {
    const found = match[i + 1] as string;
    const number = (): number => Number(toInt(found));
    const at = (list: readonly string[]): number =>
      list.findIndex((name) => name.toLowerCase() === found.toLowerCase());
    if (letter === 'Y') {
      year = number();
      hasYear = true;
    } else if (letter === 'y') {
      year = number() + (number() <= 68 ? 2000 : 1900);
      hasYear = true;
    } else if (letter === 'm') month = number();
    else if (letter === 'B') month = at(MONTHS) + 1;
    else if (letter === 'b') month = at(MONTHS.map(short)) + 1;
    else if (letter === 'd') day = number();
    else if (letter === 'H') hour = number();
    else if (letter === 'I') hour = number() % 12;
    else if (letter === 'M') minute = number();
    else if (letter === 'S') second = number();
    else if (letter === 'f') micro = Number(found.padEnd(6, '0'));
    else if (letter === 'p') half = found.toLowerCase();
    else if (letter === 'j') ordinal = number();
    else if (letter === 'w') dayOfWeek = (number() + 6) % 7;
    else if (letter === 'u') dayOfWeek = number() - 1;
    else if (letter === 'a') dayOfWeek = at(DAYS.map(short));
    else if (letter === 'A') dayOfWeek = at(DAYS);
    else if (letter === 'U' || letter === 'V' || letter === 'W') week = number();
    else if (letter === 'G') isoYear = number();
  });
  if (letters.includes('I') && half === 'pm') hour += 12;
  if (!hasYear && month === 2 && day === 29) year = 1904;
  if (week !== undefined && dayOfWeek !== undefined && (hasYear || isoYear !== undefined)) {
    ({ year, month, day } = dayOfWeekOf(letters, isoYear ?? year, week, dayOfWeek));
  }
  if (ordinal > 0 && !letters.includes('m')) {
    if (ordinal === 366 && !isLeap(year)) return 'day of year out of range';
    const date = PlainDate.fromDays(daysFromCivil(year, 1, 1) + ordinal - 1);
    [month, day] = [date.month, date.day];
  }
  if (year < 1 || day > daysInMonth(year, month)) return OUT_OF_RANGE;
  const made = new PlainDateTime(year, month, day, hour, minute, second, micro);
  return !hasYear && year === 1904 ? OUT_OF_RANGE : made;
}

/** A day of a week of a year. */
function dayOfWeekOf(letters: readonly string[], year: number, week: number, dayOfWeek: number): PlainDate {
  const newYear = daysFromCivil(year, 1, 1);
  if (letters.includes('V')) {
    // The first week is that of the fourth of January.
    return PlainDate.fromDays(newYear + 3 - weekday(year, 1, 4) + 7 * (week - 1) + dayOfWeek);
  }
  const shift = letters.includes('U') ? 1 : 0;
  const first = (weekday(year, 1, 1) + shift) % 7;
  const day = (dayOfWeek + shift) % 7;
  return PlainDate.fromDays(newYear + (week === 0 ? day - first : ((7 - first) % 7) + 7 * (week - 1) + day));
}
