/**
 * Templates of a real Django, read where it is installed: they are rendered there and here with the same data. What
 * the pages of its admin gave to each template is recorded by `record_templates.py`.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { configure, resetSettings } from 'tsango/conf';
import { len } from 'tsango/python';
import { tuple } from 'tsango/python/types';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { Library } from 'tsango/template/library';
import { Node } from 'tsango/template/node';
import { overrideUrlconf, type UrlconfModule } from 'tsango/urls';
import { markSafe } from 'tsango/utils/safestring';
import { describeWith, SERVICES } from '../support/services';
import { buildUrlconf } from '../support/urlconfs';
import { decode } from '../support/vector_values';

interface RecordedObject {
  attributes: Record<string, unknown>;
  text: string;
  safe: boolean;
  items?: unknown[];
  tuple?: boolean;
  entries?: [unknown, unknown][];
}

interface Recording {
  name: string | null;
  source: string;
  names: Record<string, unknown>;
  objects: Record<string, RecordedObject>;
  tags: { output: string; set: Record<string, unknown> }[];
  output: string;
}

interface Recorded {
  django: string;
  urlconf: Parameters<typeof buildUrlconf>[0];
  recordings: Recording[];
}

/** Makes JavaScript values of what was recorded. */
class Reader {
  private readonly made = new Map<string, unknown>();

  constructor(private readonly objects: Record<string, RecordedObject>) {}

  read(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const { $object: key } = value as { $object?: string };
    return key === undefined ? decode(value) : this.object(key);
  }

  private object(key: string): unknown {
    if (this.made.has(key)) return this.made.get(key);
    const recorded = this.objects[key] as RecordedObject;
    const { attributes, text, safe } = recorded;
    const made: object = recorded.entries ? new Map() : recorded.items ? [] : {};
    const prototype = Object.create(
      recorded.entries ? Map.prototype : recorded.items ? Array.prototype : {},
    ) as object;
    if (!recorded.entries && !recorded.items) {
      Object.defineProperty(prototype, 'toString', { value: () => text });
    }
    if (safe) Object.defineProperty(prototype, 'toHTML', { value: () => text });
    this.made.set(key, made);
    if (recorded.entries) {
      for (const [name, item] of recorded.entries)
        (made as Map<unknown, unknown>).set(this.read(name), this.read(item));
    }
    if (recorded.items) {
      for (const item of recorded.items) (made as unknown[]).push(this.read(item));
      if (recorded.tuple) this.made.set(key, tuple(made as unknown[]));
    }
    for (const [name, item] of Object.entries(attributes)) {
      Object.defineProperty(prototype, name, { get: () => this.read(item), configurable: true });
    }
    Object.setPrototypeOf(made, recorded.tuple ? Object.getPrototypeOf(this.made.get(key)) : prototype);
    return this.made.get(key);
  }
}

/** The tags of the admin's own libraries, which are Python: each gives what it gave there. */
let replies: Recording['tags'] = [];
let reader: Reader;

class ReplyNode extends Node {
  override render(context: Context): string {
    const reply = replies.shift();
    if (reply === undefined) throw new Error('a tag was rendered once more than in Django');
    for (const [name, value] of Object.entries(reply.set)) context.set(name, reader.read(value));
    return reply.output;
  }
}

function libraries(): Record<string, Library> {
  const tags: Record<string, string[]> = {
    admin_list: [
      'pagination',
      'result_list',
      'date_hierarchy',
      'search_form',
      'admin_list_filter',
      'admin_actions',
      'change_list_object_tools',
      'paginator_number',
    ],
    admin_modify: ['prepopulated_fields_js', 'submit_row', 'change_form_object_tools'],
    admin_urls: ['add_preserved_filters'],
    log: ['get_admin_log'],
  };
  const made = Object.fromEntries(
    Object.entries(tags).map(([name, names]) => {
      const library = new Library();
      for (const tag of names) library.tag(tag, () => new ReplyNode());
      return [name, library];
    }),
  );
  const { admin_urls: urls, admin_modify: modify } = made as { admin_urls: Library; admin_modify: Library };
  urls.filter('admin_urlname', (value: { app_label: string; model_name: string }, argument: unknown) =>
    markSafe(`admin:${value.app_label}_${value.model_name}_${argument}`),
  );
  urls.filter('admin_urlquote', (value: unknown) => encodeURIComponent(String(value)));
  modify.filter('cell_count', () => 1);
  return made;
}

/** What older versions of Django have built in, and their templates use. */
function older(): Library {
  const library = new Library();
  library.filter('length_is', (value: unknown, count: unknown) =>
    value === null ? '' : len(value) === Number(count),
  );
  return library;
}

function folders(django: string): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === 'gis') continue;
      const inner = path.join(folder, entry.name);
      if (entry.name === 'templates') found.push(inner);
      else visit(inner);
    }
  };
  visit(django);
  return found;
}

describeWith('django', "Django's own templates", () => {
  let recorded: Recorded;
  let urlconf: UrlconfModule;
  let engine: Engine;

  beforeAll(() => {
    configure({ SECRET_KEY: 'test', USE_TZ: false, TIME_ZONE: 'UTC', STATIC_URL: '/static/', DEBUG: true });
    const output = execFileSync(SERVICES.python, [path.join(__dirname, 'record_templates.py')], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PYTHONWARNINGS: 'ignore' },
    });
    recorded = JSON.parse(output) as Recorded;
    urlconf = buildUrlconf(recorded.urlconf);
    engine = new Engine({
      dirs: folders(recorded.django),
      builtins: [older()],
      libraries: {
        ...Object.fromEntries(
          ['cache', 'i18n', 'l10n', 'static', 'tz'].map((name) => [name, `tsango.templatetags.${name}`]),
        ),
        ...libraries(),
      },
    });
  });
  afterAll(() => resetSettings());

  it('render the same HTML with the same data', () => {
    const differences: string[] = [];
    for (const recording of recorded.recordings) {
      reader = new Reader(recording.objects);
      replies = [...recording.tags];
      const values = Object.fromEntries(
        Object.entries(recording.names).map(([name, value]) => [name, reader.read(value)]),
      );
      const template =
        recording.name === null ? engine.fromString(recording.source) : engine.getTemplate(recording.name);
      let output: unknown;
      try {
        output = overrideUrlconf(urlconf, () => template.render(new Context(values)));
      } catch (error) {
        output = `${(error as Error).stack}`;
      }
      if (output !== recording.output) differences.push(difference(recording, String(output)));
    }
    expect(differences).toEqual([]);
    const names = new Set(recorded.recordings.map(({ name }) => name));
    expect(names.size).toBeGreaterThanOrEqual(50);
    expect(recorded.recordings.length).toBeGreaterThanOrEqual(100);
  });

  it('all parse', () => {
    let count = 0;
    const visit = (root: string, folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory()) visit(root, file);
        else if (/\.(?:html|txt)$/.test(file) && !/"(?:admin_doc|log)/.test(file)) {
          engine.getTemplate(path.relative(root, file));
          count++;
        }
      }
    };
    for (const folder of folders(recorded.django)) visit(folder, folder);
    expect(count).toBeGreaterThanOrEqual(60);
  });
});

function difference({ name, source, output }: Recording, got: string): string {
  let at = 0;
  while (at < got.length && got[at] === output[at]) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 200));
  return `${name ?? source.slice(0, 40)} at ${at}: Django has ${around(output)}, here is ${around(got)}`;
}
