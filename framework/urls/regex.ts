/** Regular expressions of a URLconf: what is wrong with one is wrong with the configuration. */
import { ImproperlyConfigured } from '../core/exceptions';
import * as re from '../python/re';

export { escapeRegex, pythonSpelling, type TranslatedRegex } from '../python/re';

function configured<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof re.PatternError) throw new ImproperlyConfigured(error.message, { cause: error });
    throw error;
  }
}

/** `translateRegex` of python/re. @throws ImproperlyConfigured for a pattern that is wrong, or that JavaScript lacks. */
export function translateRegex(...args: Parameters<typeof re.translateRegex>): re.TranslatedRegex {
  return configured(() => re.translateRegex(...args));
}

/** `compileTranslated` of python/re. @throws ImproperlyConfigured if it is no pattern. */
export function compileTranslated(...args: Parameters<typeof re.compileTranslated>): RegExp {
  return configured(() => re.compileTranslated(...args));
}
