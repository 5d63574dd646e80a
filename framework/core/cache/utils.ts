/** Django: `django.core.cache.utils`. */
import { createHash } from 'node:crypto';

/** Python's `str()` of a value, as far as a fragment's `vary on` has it. */
function pythonStr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return String(value);
}

/**
 * The key that the `{% cache %}` tag stores a fragment under, to delete the fragment by.
 *
 * @param str how a value prints in Python; the template engine passes its own, which knows lists and dates.
 */
export function makeTemplateFragmentKey(
  fragmentName: string,
  varyOn?: Iterable<unknown> | null,
  str: (value: unknown) => string = pythonStr,
): string {
  const hash = createHash('md5');
  for (const value of varyOn ?? []) hash.update(`${str(value)}:`);
  return `template.cache.${fragmentName}.${hash.digest('hex')}`;
}
