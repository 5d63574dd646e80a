/** The recorded sites and visits of `vectors/http`, by what they are asked for. */
import { vectors } from '../vectors';

export type Json = Readonly<Record<string, unknown>>;

/** A step of this kind needs Python that no recording holds, or a part that is not here. */
export class NotThere extends Error {}

/** One test method that used the client. */
export interface Transcript {
  readonly id: string;
  readonly app: string;
  readonly site: string;
  readonly now: string;
  readonly settings: Json;
  readonly templates?: Readonly<Record<string, string>>;
  readonly steps: readonly Json[];
}

/** A model's description. */
export interface RecordedModel {
  readonly app: string;
  readonly name: string;
  readonly table: string;
  readonly fields: readonly (readonly [name: string, cls: string, kwargs: Json, args?: unknown[]])[];
  readonly options: Json;
  readonly bases: readonly string[];
  readonly str?: unknown;
  readonly get_absolute_url?: Json;
  readonly runs?: readonly string[];
  readonly custom_fields?: unknown;
}

/** A node of a URLconf. */
export interface UrlNode {
  readonly route?: string;
  readonly regex?: string;
  readonly translated?: boolean;
  readonly name?: string | null;
  readonly defaults?: Json;
  readonly view?: Json;
  readonly namespace?: string;
  readonly app_name?: string;
  readonly children?: readonly UrlNode[];
  readonly admin_site?: string;
  readonly i18n_patterns?: unknown;
}

interface Table {
  readonly hash: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

function indexed<T extends Json>(file: string, key: string): () => ReadonlyMap<string, T> {
  let found: ReadonlyMap<string, T> | undefined;
  return () => {
    found ??= new Map(vectors<T>(`http/${file}`).map((row) => [String(row[key]), row]));
    return found;
  };
}

export const bodies = indexed('bodies', 'hash');
export const tables = indexed<Table & Json>('tables', 'hash');
export const templates = indexed<{ source: string } & Json>('templates', 'hash');
export const sites = indexed<{ urlconf: readonly UrlNode[] } & Json>('sites', 'site');
export const appFacts = indexed<{ settings: Json; installed_apps: readonly string[] } & Json>('apps', 'app');
export const transcripts = (app: string): Transcript[] =>
  vectors<Transcript>('http/transcripts').filter((each) => each.app === app);
export const modelsOf = (app: string): RecordedModel[] =>
  vectors<RecordedModel>('http/models').filter(({ runs }) => runs?.includes(app));

/** Django's names as TypeScript's. */
export const camelCase = (name: string): string =>
  name.replace(/(?<=[A-Za-z0-9])_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** The last part of a dotted name. */
export const lastName = (dotted: string): string => dotted.slice(dotted.lastIndexOf('.') + 1);
