/** Names of fields: `ccMyself` in TypeScript is `cc_myself` in HTML and for Django. */

import { camelCase } from '../utils/module_loading';

const cache = new Map<string, string>();
const MAX_CACHED = 5000;

/** Django's name of a field: `ccMyself` is `cc_myself`; a name that has underscores or begins with a capital stays. */
export function htmlName(name: string): string {
  let found = cache.get(name);
  if (found === undefined) {
    found = /^[a-z][A-Za-z0-9]*$/.test(name)
      ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      : name;
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(name, found);
  }
  return found;
}

/** `first_name` as `First name`: a label where none is given. Django: `pretty_name`. */
export function prettyName(name: string): string {
  const text = htmlName(name).replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The method of a form that cleans a field: `cleanCcMyself`. */
export function cleanMethodName(name: string): string {
  const camel = camelCase(name);
  return `clean${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
}
