/** A recorded site: its apps, settings, templates and files, and a database in memory. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings, type Settings } from 'tsango/conf';
import { globalSettings } from 'tsango/conf/global_settings';
import { ContentType } from 'tsango/contrib/contenttypes';
import { connections } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import type { ModelClass } from 'tsango/db/models/base';
import { importModule, moduleExists, packagePath, setSiteRoot } from 'tsango/utils/module_loading';
import { appOf } from '../declared_apps';
import { decode } from '../vector_values';
import { appFacts, files, type Json, lastName, NotThere, type Transcript, templates } from './facts';
import { SiteModels } from './models';
import { linkPorts } from './ports';

const CONTRIB = /^django\.contrib\.(\w+)/;
/** Settings that name the templates' folders: what a transcript rendered of them is in memory. */
const CONTEXT_PROCESSORS = 'context_processors';

/** One app of Django's tests, made of its description. */
export class RecordedSite {
  readonly models: SiteModels;
  /** Where the tests' files are: what a recording calls `$TESTS`. */
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-http-'));
  private installed = '';

  constructor(readonly app: string) {
    for (const file of files()) {
      const place = this.placed(file.path) as string;
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, Buffer.from(file.hex, 'hex'));
      utimesSync(place, file.mtime, file.mtime);
    }
    linkPorts(this.folder);
    this.models = new SiteModels(app);
  }

  /** Runs `body` while the site is there, its tables empty. */
  async run(body: (connection: DatabaseWrapper) => Promise<void>): Promise<void> {
    setSiteRoot(this.folder);
    const undo = overrideSettings({
      DATABASES: { default: { ENGINE: 'django.db.backends.sqlite3', NAME: ':memory:' } },
    });
    try {
      await this.with({}, async () => {
        const connection = connections.get();
        await this.createTables(connection);
        await body(connection);
      });
    } finally {
      await connections.closeAll();
      await undo();
      apps.reset();
      ContentType.objects.clearCache();
      setSiteRoot(undefined);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** Runs `body` under the app's settings and those that are given. */
  async with<T>(given: Json, body: () => Promise<T>, more: Partial<Settings> = {}): Promise<T> {
    const values = { ...this.settings(given), ...more };
    const undo = overrideSettings(values as Partial<Settings>);
    try {
      this.install(values.INSTALLED_APPS ?? []);
      return await body();
    } finally {
      await undo();
    }
  }

  private install(entries: NonNullable<Settings['INSTALLED_APPS']>): void {
    const key = entries.map((entry) => (typeof entry === 'string' ? entry : entry.name)).join();
    if (key === this.installed && apps.ready) return;
    this.installed = key;
    apps.reset();
    apps.populate(entries);
  }

  private async createTables(connection: DatabaseWrapper): Promise<void> {
    const tables = new Map<string, ModelClass>();
    for (const cls of this.models.all()) {
      const { dbTable, managed, proxy } = cls._meta;
      if (managed && !proxy && !tables.has(dbTable)) tables.set(dbTable, cls);
    }
    await connection.schemaEditor().run(async (editor) => {
      for (const { _meta: meta } of tables.values()) await editor.createModel(meta);
    });
  }

  /** The app's settings with others over them, as far as there are such settings. */
  settings(given: Json): Partial<Settings> {
    const { settings } = appFacts().get(this.app) as { settings: Json };
    const defaults = globalSettings() as unknown as Json;
    const values: Record<string, unknown> = {};
    for (const [name, json] of Object.entries({ ...settings, ...given })) {
      if (isUnset(json)) values[name] = defaults[name];
      else if (name === 'INSTALLED_APPS') values[name] = this.apps(decode(json) as string[]);
      else if (name in defaults && name !== 'TEMPLATES') values[name] = this.value(json, defaults[name]);
    }
    return { TIME_ZONE: 'America/Chicago', ...values };
  }

  private value(json: unknown, standard: unknown): unknown {
    const read = this.placed(decode(json));
    if (Array.isArray(read)) return read.filter((each) => typeof each !== 'string' || isUsable(each));
    return typeof read === 'string' && !isUsable(read) ? standard : read;
  }

  private placed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.placed(each));
    if (typeof value !== 'string') return value;
    return value.replace(/^\$TESTS/, this.folder).replace(/^\$TMP/, path.join(this.folder, 'tmp'));
  }

  /** Arguments of views that name files. */
  readonly place = (text: string): string => String(this.placed(text));

  private apps(entries: readonly string[]): NonNullable<Settings['INSTALLED_APPS']> {
    return entries.map((entry) => {
      const contrib = CONTRIB.exec(entry)?.[1];
      if (contrib !== undefined && packagePath(`django.contrib.${contrib}`) !== undefined) return entry;
      // What is not here has its tables all the same, so that its rows can be compared.
      const name = contrib ?? entry;
      mkdirSync(path.join(this.folder, ...name.split('.')), { recursive: true });
      return appOf(name, this.models.declared(lastName(name)), this.folder);
    });
  }

  /** TEMPLATES of a transcript: its own templates in memory, those of the apps that are here behind them. */
  templates({ templates: own = {} }: Transcript, given: Json): Settings['TEMPLATES'] {
    const { settings } = appFacts().get(this.app) as { settings: Json };
    const [{ BACKEND = '', OPTIONS = {} } = {}] = (given['TEMPLATES'] ?? settings['TEMPLATES']) as Json[];
    const sources = Object.fromEntries(
      Object.entries(own).map(([name, hash]) => [name, templates().get(hash)?.source ?? '']),
    );
    const options = decode(OPTIONS) as Readonly<Record<string, unknown[]>>;
    const processors = options[CONTEXT_PROCESSORS]?.filter((each) => isUsable(String(each)));
    const loaders = options['loaders'] ?? [
      ['django.template.loaders.locmem.Loader', sources],
      'django.template.loaders.app_directories.Loader',
    ];
    if (!moduleExists(String(BACKEND).replace(/\.\w+$/, '')))
      throw new NotThere(`the engine ${String(BACKEND)}`);
    return [
      { BACKEND, OPTIONS: { ...options, loaders, ...(processors && { context_processors: processors }) } },
    ] as never;
  }
}

const isUnset = (json: unknown): boolean => json !== null && typeof json === 'object' && '$unset' in json;

/** Whether a value of a setting is none that names Python: a class of the tests', or a part of Django that is not here. */
function isUsable(text: string): boolean {
  if (!/^\w+(\.\w+)+\.[A-Za-z_]\w*$/.test(text)) return true;
  return moduleExists(text) || exportsIt(text);
}

function exportsIt(text: string): boolean {
  const module = text.slice(0, text.lastIndexOf('.'));
  return moduleExists(module) && lastName(text) in importModule(module);
}

/** Parts of Django that settings name and that are not here. */
export function absentParts(settings: Json): string[] {
  return ['MIDDLEWARE', 'AUTHENTICATION_BACKENDS']
    .flatMap((name) => (Array.isArray(settings[name]) ? (settings[name] as string[]) : []))
    .filter((each) => typeof each === 'string' && each.startsWith('django.') && !isUsable(each));
}
