/** Django: `django.urls.utils`. */
import { ViewDoesNotExist } from '../core/exceptions';
import { importString } from '../utils/module_loading';

// biome-ignore lint/complexity/noBannedTypes: a setting names any function; its caller knows which.
type Callable = Function;

/**
 * The function that a dotted string names; a function is itself.
 *
 * @throws ViewDoesNotExist for anything else, ImproperlyConfigured if the module cannot be imported.
 */
export function getCallable(lookup: unknown): Callable {
  if (typeof lookup === 'function') return lookup;
  if (typeof lookup !== 'string') {
    throw new ViewDoesNotExist(`'${String(lookup)}' is not a callable or a dot-notation path`);
  }
  const found = importString(lookup);
  if (typeof found !== 'function') {
    throw new ViewDoesNotExist(`Could not import '${lookup}'. View is not callable.`);
  }
  return found;
}

const NEEDS_QUOTING = /[^A-Za-z0-9_.\-~!$&'()*+,;=/:@]/;
const KEPT = /%(?:21|24|26|27|28|29|2A|2B|2C|2F|3A|3B|3D|40)/g;

/** Text as part of a URL's path: all but RFC 3986's `pchar` and the slash is percent-encoded, as UTF-8. */
export function quotePath(text: string): string {
  if (!NEEDS_QUOTING.test(text)) return text;
  // Half a surrogate pair is no text: encodeURIComponent would throw, UTF-8 has U+FFFD for it.
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8');
  return encodeURIComponent(wellFormed).replace(KEPT, (kept) => decodeURIComponent(kept));
}

/** What views get whose route captures nothing. */
export const NO_PARAMS: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));
