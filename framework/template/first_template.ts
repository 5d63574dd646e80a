/** The first of several templates: what `selectTemplate` is, for one engine and for all. */
import { TemplateDoesNotExist } from './exceptions';

/** Who has templates by name. */
interface Finder<T> {
  /** Whether it is known that there is none of that name. */
  lacks(name: string): boolean;
  /** @throws TemplateDoesNotExist */
  getTemplate(name: string): T;
}

/**
 * The first of `names` that one of the finders has.
 *
 * Most of several are missing at each rendering: the error of one, with its stack, is made where nobody has any.
 *
 * @param failed the error that says so, of the errors of each.
 * @throws TemplateDoesNotExist
 */
export function firstTemplate<T>(
  names: readonly string[],
  finders: readonly Finder<T>[],
  failed: (chain: TemplateDoesNotExist[]) => TemplateDoesNotExist,
): T {
  const chain: TemplateDoesNotExist[] = [];
  for (const passOver of names.length === 1 ? [false] : [true, false]) {
    chain.length = 0;
    for (const name of names) {
      for (const finder of finders) {
        if (passOver && finder.lacks(name)) continue;
        try {
          return finder.getTemplate(name);
        } catch (error) {
          if (!(error instanceof TemplateDoesNotExist)) throw error;
          chain.push(error);
        }
      }
    }
  }
  throw failed(chain);
}
