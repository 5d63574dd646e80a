/**
 * The active language, and the texts of the framework in it. Django: `django.utils.translation`.
 *
 * There are no catalogs in the package: texts are English unless the site registers its own. Formats of dates and
 * numbers follow the active language all the same: see utils/formats.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { settings } from '../conf';
import { LazyText } from './functional';

/** The texts of one language. */
export interface Catalog {
  /** Translations by English text; of a text with a context by `context\u0004text`; several forms for plurals. */
  readonly messages: ReadonlyMap<string, string | readonly string[]>;
  /** Which of the forms stands with a number; English's rule where left out. */
  readonly plural?: (count: number) => number;
}

const catalogs = new Map<string, Catalog>();
const active = new AsyncLocalStorage<string | null>();
/** Asking the storage costs more than the rest of `getLanguage()`; most sites never activate a language. */
let everActivated = false;

/** Gives the texts of a language. Returns the function that takes them back. */
export function registerCatalog(language: string, catalog: Catalog): () => void {
  catalogs.set(language, catalog);
  return () => {
    if (catalogs.get(language) === catalog) catalogs.delete(language);
  };
}

/** The code of the active language; LANGUAGE_CODE where none was activated, `null` where it was switched off. */
export function getLanguage(): string | null {
  if (everActivated) {
    const language = active.getStore();
    if (language !== undefined) return settings.USE_I18N ? language : settings.LANGUAGE_CODE;
  }
  return settings.LANGUAGE_CODE;
}

/** Makes a language the active one for the rest of the current request (or other asynchronous context). */
export function activate(language: string): void {
  everActivated = true;
  active.enterWith(language);
}

/** Back to LANGUAGE_CODE. */
export function deactivate(): void {
  if (everActivated) active.enterWith(undefined as unknown as null);
}

/** Runs `body` in a language; `null` for the untranslated texts. */
export function override<T>(language: string | null, body: () => T): T {
  everActivated = true;
  return active.run(language, body);
}

/** `zh-hans` as the folder name `zh_Hans`, `pt-br` as `pt_BR`. */
export function toLocale(language: string): string {
  const [base = '', region] = language.split(/-(.*)/s);
  if (region === undefined || region === '') return base.toLowerCase();
  const [first = '', ...rest] = region.split('-');
  const country =
    first.length > 2 ? first[0]?.toUpperCase() + first.slice(1).toLowerCase() : first.toUpperCase();
  return [`${base.toLowerCase()}_${country}`, ...rest].join('-');
}

/** The catalog of the active language, if one is registered. */
export function getCatalog(): Catalog | undefined {
  if (catalogs.size === 0) return undefined;
  const language = getLanguage();
  if (language === null || !settings.USE_I18N) return undefined;
  return catalogs.get(language) ?? catalogs.get(language.split('-')[0] as string);
}

/** The text in the active language. */
export function gettext(message: string): string {
  const found = getCatalog()?.messages.get(message);
  return typeof found === 'string' ? found : message;
}

/** The text with the form that its number needs. */
export function ngettext(singular: string, plural: string, count: number): string {
  const current = getCatalog();
  const forms = current?.messages.get(singular);
  if (current === undefined || forms === undefined) return count === 1 ? singular : plural;
  if (typeof forms === 'string') return forms;
  const form = current.plural === undefined ? Number(count !== 1) : current.plural(count);
  return forms[form] ?? plural;
}

/**
 * A text that is translated when it is shown, for what is made while modules load: messages, labels.
 *
 * @example
 * ```ts
 * const message = gettextLazy('Enter a valid value.');
 * String(message);
 * ```
 */
export function gettextLazy(message: string): LazyText {
  return new LazyText(() => gettext(message));
}

/**
 * A text with the form that a number needs, translated when it is shown. `number` is the number, or its name among the
 * values that the text is filled in with.
 */
export function ngettextLazy(singular: string, plural: string, number: number | string): LazyText {
  return new LazyText((params) => {
    const count = typeof number === 'number' ? number : Number(params?.[number] ?? Number.NaN);
    return ngettext(singular, plural, count);
  });
}

/** A text that means something else elsewhere, told apart by its context. */
export function pgettext(context: string, message: string): string {
  const found = getCatalog()?.messages.get(`${context}\u0004${message}`);
  return typeof found === 'string' ? found : message;
}

/** `ngettext` with a context. */
export function npgettext(context: string, singular: string, plural: string, count: number): string {
  const key = `${context}\u0004${singular}`;
  const found = ngettext(key, plural, count);
  return found === key ? singular : found;
}

/** Whether texts run from right to left in the active language. */
export function getLanguageBidi(): boolean {
  const language = getLanguage();
  return language !== null && /^(?:ar|az-?arab|fa|he|ug|ur|ckb|ps|sd|yi)(?:-|$)/.test(language);
}
