/** The recorded sites and visits of `vectors/http`, by what they are asked for. */
import { once } from 'tsango/utils/module_loading';
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
  readonly needs_custom: boolean;
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
  /** Its place among the models of a run. */
  readonly order?: Readonly<Record<string, number>>;
  readonly custom_fields?: unknown;
  /** Django's abstract models among its bases. */
  readonly django_bases?: readonly string[];
  /** Relations without columns. */
  readonly virtual?: readonly (readonly [name: string, cls: string, kwargs: Json])[];
  readonly members?: Readonly<Record<string, { readonly kind: string; readonly is?: unknown }>>;
  readonly managers?: readonly (readonly [name: string, cls: string])[];
  readonly attrs?: Json;
}

/** A file that views serve, or translations are read from. */
export interface RecordedFile {
  readonly path: string;
  readonly mtime: number;
  readonly hex: string;
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
const allTranscripts = once(() => vectors<Transcript>('http/transcripts'));
const allModels = once(() => vectors<RecordedModel>('http/models'));
export const files = once(() => vectors<RecordedFile & Json>('http/files'));

/** The apps that have transcripts, in alphabetical order. */
export const recordedApps = (): string[] => [...new Set(allTranscripts().map(({ app }) => app))].sort();
export const transcripts = (app: string): Transcript[] => allTranscripts().filter((each) => each.app === app);
/** The models of an app's run, Django's own among them, in their order. */
export const modelsOf = (app: string): RecordedModel[] =>
  allModels()
    .filter(({ runs }) => runs?.includes(app))
    .sort((one, other) => (one.order?.[app] ?? 0) - (other.order?.[app] ?? 0));

/** The last part of a dotted name. */
export const lastName = (dotted: string): string => dotted.slice(dotted.lastIndexOf('.') + 1);

/** @throws Error where two values are not the same. */
export function same(what: string, said: unknown, wanted: unknown): void {
  const [ours, theirs] = [JSON.stringify(said), JSON.stringify(wanted)];
  if (ours !== theirs) throw new Error(`${what}:\n    here:   ${ours}\n    django: ${theirs}`);
}
