/** What of recorded admins and sites is Python, written here: under the dotted name of the class, in `ports`. */
import type { AdminSite, ModelAdmin } from 'tsango/contrib/admin';
import type { Model } from 'tsango/db/models/base';
import type { RecordedAdmin, RecordedSite } from './admin';
import { ported, unported } from './ports';

/** What is written of an admin. */
export interface AdminPort {
  /** The needs that it meets, as recordings name them behind the model. */
  readonly ports: readonly string[];
  /** The columns that are functions, by their names. */
  readonly functions?: Readonly<Record<string, (row: Model) => unknown>>;
  extend?(Base: new (...args: never[]) => ModelAdmin<Model>): new (...args: never[]) => ModelAdmin<Model>;
}

/** What is written of a site. */
export interface SitePort {
  readonly ports: readonly string[];
  extend(Base: new (name?: string) => AdminSite): new (name?: string) => AdminSite;
}

const isPort = (value: unknown): value is AdminPort & SitePort =>
  typeof value === 'object' && value !== null && 'ports' in value;

/** What is written of a class. */
export function portOf(dotted: string): (AdminPort & SitePort) | undefined {
  const found = ported(dotted);
  return isPort(found) ? found : undefined;
}

/** The needs of a step that nobody has written, on a site with these admins. */
export function unportedOn(sites: readonly RecordedSite[], customs: readonly string[]): string[] {
  const classes = new Map<string, string[]>();
  const note = (key: string, cls: string): void => {
    classes.set(key, [...(classes.get(key) ?? []), cls]);
  };
  for (const site of sites) {
    note(`site:${site.name}`, site.class);
    for (const { model, class: cls } of site.admin as readonly RecordedAdmin[]) note(`admin:${model}`, cls);
  }
  return unported(customs).filter((custom) => {
    const [kind, name = '', ...rest] = custom.split(':');
    if (kind === 'view') {
      const method = name.slice(name.lastIndexOf('.') + 1);
      const port = portOf(name.slice(0, -method.length - 1));
      return !port?.ports.some((each) => each === method || each === `method:${method}`);
    }
    const need = rest.join(':');
    return !classes.get(`${kind}:${name}`)?.some((cls) => portOf(cls)?.ports.includes(need));
  });
}
