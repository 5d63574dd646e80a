/**
 * Dates and numbers in the formats of the active language. Django: `django.utils.formats`;
 * https://docs.djangoproject.com/en/5.2/topics/i18n/formatting/
 */
import { settings } from '../conf';
import { FORMATS, type FormatName, localeFormats } from '../conf/locale/formats';
import { INPUT_FORMATS, type InputFormatName, localeInputFormats } from '../conf/locale/input_formats';
import { settingChanged } from '../core/signals';
import { isDatetime, PlainDate, PlainDateTime, PlainTime, toDatetime } from '../python/datetime';
import { isNumber } from '../python/numbers';
import { toStr } from '../python/str';
import { strftime, type Temporal } from '../python/strptime';
import { format as formatDate, timeFormat as formatTime } from './dateformat';
import * as numberformat from './numberformat';
import { getLanguage, toLocale } from './translation';

const cache = new Map<string, unknown>();
/** How a language writes numbers, under its code: `null` is the settings'. */
const separators = new Map<string | null, Separators>();
const MAX_CACHED = 2000;

/** Forgets the formats that were looked up: a setting has changed. */
export function resetFormatCache(): void {
  cache.clear();
  separators.clear();
}

settingChanged.connect(resetFormatCache);

const NAMES: ReadonlySet<string> = new Set(FORMATS);

function isFormatName(name: string): name is FormatName {
  return NAMES.has(name);
}

function lookUp(name: FormatName, language: string | null): unknown {
  if (language !== null) {
    const locale = toLocale(language);
    const column = FORMATS.indexOf(name);
    for (const candidate of [locale, locale.split('_')[0] as string]) {
      const value = localeFormats(candidate)?.[column];
      if (value !== null && value !== undefined) return value;
    }
  }
  return settings[name];
}

const INPUT_NAMES: ReadonlySet<string> = new Set(INPUT_FORMATS);

/** What every language understands besides its own. */
const ISO_INPUT_FORMATS: Readonly<Record<InputFormatName, readonly string[]>> = {
  DATE_INPUT_FORMATS: ['%Y-%m-%d'],
  TIME_INPUT_FORMATS: ['%H:%M:%S', '%H:%M:%S.%f', '%H:%M'],
  DATETIME_INPUT_FORMATS: ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M', '%Y-%m-%d'],
};

function lookUpInput(name: InputFormatName, language: string | null): readonly string[] {
  let found: readonly string[] | undefined;
  if (language !== null) {
    const locale = toLocale(language);
    found = localeInputFormats(locale, name) ?? localeInputFormats(locale.split('_')[0] as string, name);
  }
  return found === undefined ? settings[name] : [...new Set([...found, ...ISO_INPUT_FORMATS[name]])];
}

/** How dates or times may be typed in a language (the active one where none is given), the usual way first. */
export function getInputFormats(name: InputFormatName, language?: string | null): readonly string[] {
  return getFormat(name, language) as readonly string[];
}

/**
 * The format of a name in a language (the active one where none is given); the settings' with `useL10n` false. What is
 * not the name of a format is a format itself, and comes back.
 */
export function getFormat(name: FormatName, language?: string | null, useL10n?: boolean | null): unknown;
export function getFormat(name: string, language?: string | null, useL10n?: boolean | null): unknown;
export function getFormat(name: string, language?: string | null, useL10n?: boolean | null): unknown {
  const isInput = INPUT_NAMES.has(name);
  if (!isInput && !isFormatName(name)) return name;
  const lang = useL10n === false ? null : (language ?? getLanguage());
  const key = `${name} ${lang ?? ''}`;
  let value = cache.get(key);
  if (value === undefined) {
    value = isInput ? lookUpInput(name as InputFormatName, lang) : lookUp(name as FormatName, lang);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, value);
  }
  return value;
}

/** A date or datetime in a format, or in that of a name; DATE_FORMAT where none is given. */
export function dateFormat(value: unknown, format?: unknown, useL10n?: boolean | null): string {
  const name = format === null || format === undefined || format === '' ? 'DATE_FORMAT' : toStr(format);
  return formatDate(value, String(getFormat(name, undefined, useL10n)));
}

/** A time of day in a format, or in that of a name; TIME_FORMAT where none is given. */
export function timeFormat(value: unknown, format?: unknown, useL10n?: boolean | null): string {
  const name = format === null || format === undefined || format === '' ? 'TIME_FORMAT' : toStr(format);
  return formatTime(value, String(getFormat(name, undefined, useL10n)));
}

type Separators = Required<Pick<numberformat.NumberFormatOptions, 'decimalSep' | 'grouping' | 'thousandSep'>>;

function separatorsOf(language: string | null): Separators {
  let found = separators.get(language);
  if (found === undefined) {
    const useL10n = language === null ? false : null;
    found = {
      decimalSep: String(getFormat('DECIMAL_SEPARATOR', language, useL10n)),
      grouping: getFormat('NUMBER_GROUPING', language, useL10n) as numberformat.Grouping,
      thousandSep: String(getFormat('THOUSAND_SEPARATOR', language, useL10n)),
    };
    if (separators.size >= MAX_CACHED) separators.clear();
    separators.set(language, found);
  }
  return found;
}

/** A number in the format of the active language. */
export function numberFormat(
  value: unknown,
  decimalPos?: number | null,
  useL10n?: boolean | null,
  forceGrouping = false,
): string {
  // The common case: a number with no decimals to fill, and digits that are not grouped.
  if (!forceGrouping && !decimalPos && typeof value === 'number' && Number.isSafeInteger(value)) {
    if (!settings.USE_THOUSAND_SEPARATOR) return String(value);
  }
  const { decimalSep, grouping, thousandSep } = separatorsOf(useL10n === false ? null : getLanguage());
  return numberformat.format(value, {
    decimalSep,
    decimalPos: decimalPos ?? null,
    grouping,
    thousandSep,
    forceGrouping,
    useL10n: useL10n ?? null,
  });
}

/**
 * A number, date or time as text in the active language's format (in Python's with `useL10n` false, but for dates);
 * anything else unchanged. Templates print every value through this.
 */
export function localize(value: unknown, useL10n?: boolean | null): unknown {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return toStr(value);
    case 'number':
    case 'bigint':
      return useL10n === false ? toStr(value) : numberFormat(value, null, useL10n);
    case 'object':
      return value === null ? value : localizeObject(value, useL10n);
    default:
      return value;
  }
}

function localizeObject(value: object, useL10n: boolean | null | undefined): unknown {
  if (value instanceof Date || value instanceof PlainDateTime) {
    return dateFormat(value, 'DATETIME_FORMAT', useL10n);
  }
  if (value instanceof PlainDate) return dateFormat(value, undefined, useL10n);
  if (value instanceof PlainTime) return timeFormat(value, undefined, useL10n);
  if (!isNumber(value)) return value;
  return useL10n === false ? toStr(value) : numberFormat(value, null, useL10n);
}

/** A year has four digits at least. Django: `sanitize_strftime_format`. */
export function sanitizeStrftimeFormat(format: string): string {
  return format.replace(/%(%|Y)/g, (found, letter: string) => (letter === 'Y' ? '%04Y' : found));
}

/** A number, date or time as a form field shows it: what `sanitizeSeparators()` and the input formats read back. */
export function localizeInput(value: unknown, format?: string | null): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return toStr(value);
  if (isNumber(value)) return numberFormat(value);
  const print = (temporal: Temporal, name: InputFormatName): string =>
    strftime(temporal, sanitizeStrftimeFormat(format ?? (getInputFormats(name)[0] as string)));
  if (isDatetime(value)) return print(toDatetime(value), 'DATETIME_INPUT_FORMATS');
  if (value instanceof PlainDate) return print(value, 'DATE_INPUT_FORMATS');
  if (value instanceof PlainTime) return print(value, 'TIME_INPUT_FORMATS');
  return value;
}

/** Text that a user typed as a number, with the separators of the active language, as Python reads numbers. */
export function sanitizeSeparators(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const parts: string[] = [];
  let whole = value;
  const decimalSep = String(getFormat('DECIMAL_SEPARATOR'));
  const at = whole.indexOf(decimalSep);
  if (at !== -1) {
    parts.push(whole.slice(at + decimalSep.length));
    whole = whole.slice(0, at);
  }
  if (settings.USE_THOUSAND_SEPARATOR) {
    const thousandSep = String(getFormat('THOUSAND_SEPARATOR'));
    const groups = whole.split('.');
    // A dot that three digits do not follow was meant as the decimal separator.
    const meantDecimal = thousandSep === '.' && groups.length === 2 && groups[1]?.length !== 3;
    if (!meantDecimal && thousandSep !== '') {
      whole = whole.replaceAll(thousandSep, '').replaceAll(thousandSep.normalize('NFKD'), '');
    }
  }
  parts.push(whole);
  return parts.reverse().join('.');
}
