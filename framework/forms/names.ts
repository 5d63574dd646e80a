/** Names of fields: `ccMyself` in TypeScript is `cc_myself` in HTML and for Django. */

import { camelCase } from '../utils/module_loading';

interface Names {
  readonly html: string;
  readonly pretty: string;
  readonly method: string;
}

const cache = new Map<string, Names>();
const MAX_CACHED = 5000;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Everything that follows from a field's name, calculated once. */
function namesOf(name: string): Names {
  let found = cache.get(name);
  if (found === undefined) {
    const html = /^[a-z][A-Za-z0-9]*$/.test(name)
      ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      : name;
    found = {
      html,
      pretty: capitalized(html.replaceAll('_', ' ').toLowerCase()),
      method: `clean${capitalized(camelCase(name))}`,
    };
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(name, found);
  }
  return found;
}

/** Django's name of a field: `ccMyself` is `cc_myself`; a name that has underscores or begins with a capital stays. */
export function htmlName(name: string): string {
  return namesOf(name).html;
}

/** `first_name` as `First name`: a label where none is given. Django: `pretty_name`. */
export function prettyName(name: string): string {
  return namesOf(name).pretty;
}

/** The method of a form that cleans a field: `cleanCcMyself`. */
export function cleanMethodName(name: string): string {
  return namesOf(name).method;
}
