/** Settings that are others for a while. Django: `override_settings`, `modify_settings`. */
import { overrideSettings, type Settings, settings } from '../conf';
import type { MaybePromise } from '../utils/maybe_promise';

export { overrideSettings };

/** What happens to a list of strings: items come to its end or its beginning, or go. */
export interface ListChange {
  append?: string | readonly string[];
  prepend?: string | readonly string[];
  remove?: string | readonly string[];
}

/** The settings that are lists. */
type ListSettings = {
  [Name in keyof Settings as Settings[Name] extends readonly unknown[] ? Name : never]: ListChange;
};

/** Changes of lists, by the names of settings. */
export type ListChanges = Partial<ListSettings>;

/**
 * Runs `body` while lists of settings have items more, or fewer. An item that is there is not added again, one that is
 * not there is not removed.
 *
 * @example
 * ```ts
 * await modifySettings({ MIDDLEWARE: { remove: 'tsango.middleware.gzip.GZipMiddleware' } }, async () => { … });
 * ```
 * @throws TypeError for a setting that is no list.
 */
export function modifySettings<T>(changes: ListChanges, body: () => MaybePromise<T>): Promise<T>;
/** Changes them until the function that it returns is called. For `beforeEach` and `afterEach`. */
export function modifySettings(changes: ListChanges): () => Promise<void>;
export function modifySettings<T>(
  changes: ListChanges,
  body?: () => MaybePromise<T>,
): Promise<T> | (() => Promise<void>) {
  const values = Object.fromEntries(
    (Object.entries(changes) as [keyof Settings, ListChange][]).map(([name, change]) => [
      name,
      changed(name, change),
    ]),
  ) as Partial<Settings>;
  return body === undefined ? overrideSettings(values) : overrideSettings(values, body);
}

function changed(name: keyof Settings, change: ListChange): readonly unknown[] {
  const list: unknown = settings[name];
  if (!Array.isArray(list))
    throw new TypeError(`modifySettings() changes settings that are lists, and ${name} is none.`);
  const itemsOf = (items: string | readonly string[] = []): readonly string[] =>
    typeof items === 'string' ? [items] : items;
  const missing = (items: string | readonly string[] | undefined): readonly string[] =>
    itemsOf(items).filter((item) => !list.includes(item));
  const { append, prepend, remove } = change;
  const gone = itemsOf(remove);
  return [...missing(prepend), ...(list as unknown[]), ...missing(append)].filter(
    (item) => !gone.includes(item as string),
  );
}
