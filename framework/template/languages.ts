/** What languages are called. Django: `django.conf.locale.LANG_INFO`, here from the runtime's own data. */
import { KeyError } from '../core/exceptions';

/** Facts about a language. */
export interface LanguageInfo {
  readonly code: string;
  readonly name: string;
  readonly name_local: string;
  readonly name_translated: string;
  readonly bidi: boolean;
}

const BIDI = /^(?:ar|az-?arab|ckb|fa|he|ps|sd|ug|ur|yi)(?:-|$)/;

/** Facts about a language. @throws KeyError if nobody knows the code. */
export function getLanguageInfo(code: string): LanguageInfo {
  const name = nameIn('en', code);
  if (name === undefined) throw new KeyError(`Unknown language code ${code}.`);
  const local = nameIn(code, code) ?? name;
  return { code, name, name_local: local, name_translated: name, bidi: BIDI.test(code) };
}

/** As `getLanguageInfo`, for an entry of LANGUAGES or a code. */
export function getLanguageInfoOf(entry: unknown): LanguageInfo {
  return getLanguageInfo(String(Array.isArray(entry) ? entry[0] : entry));
}

function nameIn(language: string, code: string): string | undefined {
  try {
    return new Intl.DisplayNames([language], { type: 'language', fallback: 'none' }).of(code) ?? undefined;
  } catch {
    return undefined;
  }
}
