/** Where a form's data comes from. */
import { isPlainObject } from '../python/dict';

/** Data by name: `request.POST`, `request.FILES`, a Map. `getlist` gives every value of a name, where there may be several. */
export interface DataSource {
  get(name: string): unknown;
  has(name: string): boolean;
  getlist?(name: string): unknown;
}

/** What a form takes as data: a source, or an object of values by HTML's names. */
export type FormData = DataSource | Readonly<Record<string, unknown>>;

/** A plain object as a source. */
class ObjectData implements DataSource {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  get(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }
}

/** Nothing at all. */
export const NO_DATA: DataSource = { get: () => undefined, has: () => false, getlist: () => [] };

/** Anything that a form takes, as a source. */
export function dataSource(data: FormData | null | undefined): DataSource {
  if (data === null || data === undefined) return NO_DATA;
  return isPlainObject(data) ? new ObjectData(data as Record<string, unknown>) : (data as DataSource);
}
