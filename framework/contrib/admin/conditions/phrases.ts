/** Conditions in words. */
import { gettext } from '../../../utils/translation';

const isFalse = (value: string | undefined): boolean =>
  ['', '0', 'false'].includes((value ?? '').toLowerCase());

/** The words of a lookup, with marks where the field and the value go; undefined for one that has none. */
function wordsOf(lookup: string, values: readonly string[]): string | undefined {
  switch (lookup) {
    case 'exact':
    case 'iexact':
      return values.length === 1 && values[0] === ''
        ? gettext('%(field)s is empty')
        : gettext('%(field)s is %(value)s');
    case 'in':
      return values.length > 1 ? gettext('%(field)s is one of %(value)s') : gettext('%(field)s is %(value)s');
    case 'contains':
    case 'icontains':
      return gettext('%(field)s contains %(value)s');
    case 'startswith':
    case 'istartswith':
      return gettext('%(field)s begins with %(value)s');
    case 'endswith':
    case 'iendswith':
      return gettext('%(field)s ends with %(value)s');
    case 'gte':
      return gettext('%(field)s is at least %(value)s');
    case 'lte':
      return gettext('%(field)s is at most %(value)s');
    case 'gt':
      return gettext('%(field)s is more than %(value)s');
    case 'lt':
      return gettext('%(field)s is less than %(value)s');
    case 'isnull':
      return isFalse(values.at(-1)) ? gettext('%(field)s has a value') : gettext('%(field)s has no value');
    case 'isempty':
      return isFalse(values.at(-1)) ? gettext('%(field)s is not empty') : gettext('%(field)s is empty');
    default:
      return undefined;
  }
}

/** A condition as a person reads it: `title contains x`. A lookup without words stands there as it is. */
export function phrase(field: string, lookup: string, values: readonly string[]): string {
  const value = values.length < 2 || lookup === 'in' ? values.join(', ') : values.join(` ${gettext('or')} `);
  return fill(wordsOf(lookup, values) ?? `%(field)s ${lookup}: %(value)s`, field, value);
}

/** Words with what they are about. */
export function fill(words: string, field: string, value: string): string {
  return words.replace('%(field)s', () => field).replace('%(value)s', () => value);
}
