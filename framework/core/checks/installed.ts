import { type Dotted, settings } from '../../conf';
import { canonicalName, importSetting, importString } from '../../utils/module_loading';

/** Whether a list of dotted names or classes has an entry, in either spelling (`django.…`, `tsango.…`). */
function lists(entries: readonly Dotted[], dotted: string): boolean {
  const className = dotted.slice(dotted.lastIndexOf('.') + 1);
  return entries.some((entry) =>
    typeof entry === 'string' ? canonicalName(entry) === dotted : entry.name === className,
  );
}

/** Whether MIDDLEWARE has that middleware. A subclass of it is not it, as in Django. */
export function hasMiddleware(dotted: string): boolean {
  return lists(settings.MIDDLEWARE, dotted);
}

/** Whether INSTALLED_APPS has that app. */
export function hasApp(dotted: string): boolean {
  return lists(settings.INSTALLED_APPS, dotted);
}

/** The place in a list of classes of the one that a dotted name names, or of one that extends it; -1 without. */
export function placeOf(entries: readonly Dotted[], dotted: string): number {
  const wanted = importString(dotted) as abstract new () => object;
  return entries.findIndex((entry) => {
    try {
      const found: unknown = importSetting(entry);
      return found === wanted || (typeof found === 'function' && found.prototype instanceof wanted);
    } catch {
      return false; // Another check says what cannot be loaded.
    }
  });
}
