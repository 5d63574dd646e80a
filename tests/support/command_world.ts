/** A site as it was when a command was recorded: apps, their models and migrations, what is applied, what tables there are. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { Migration, swappableDependency } from 'tsango/db/migrations';
import { MigrationExecutor } from 'tsango/db/migrations/executor';
import { keyOf } from 'tsango/db/migrations/graph';
import { MigrationLoader } from 'tsango/db/migrations/loader';
import { MigrationRecorder } from 'tsango/db/migrations/recorder';
import { MigrationWriter } from 'tsango/db/migrations/writer';
import type { Options } from 'tsango/db/models';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { SQLITE_ENGINE } from './sqlite';
import { REPOSITORY } from './temporary_site';
import { operationOf, type RecordedModel, type RecordedOperation, stateOf } from './vector_operations';

type Pair = [app: string, name: string];
type Dependency = Pair | { $swappable: string; dep: Pair };

/** A migration, as recorded. */
export interface RecordedMigration {
  app: string;
  name: string;
  dependencies: Dependency[];
  run_before?: Dependency[];
  replaces?: Pair[];
  initial?: boolean | null;
  atomic?: boolean;
  operations?: RecordedOperation[];
}

/** The world before a command. */
export interface RecordedWorld {
  disk?: RecordedMigration[];
  models?: RecordedModel[];
  applied?: Pair[];
  tables?: string[];
  unmigrated_apps?: string[];
  settings?: { MIGRATION_MODULES?: Record<string, string>; DATABASE_ROUTERS?: string[] };
  options: { database?: string };
}

/** The router of the recorded tests: one model is in another database alone. */
const ROUTER = {
  allowMigrate: (db: string, _app: string, { modelName }: { modelName?: string }): boolean | undefined =>
    modelName === 'tribble' ? db === 'other' : db === 'default' ? undefined : false,
};

const pairOf = (dependency: Dependency): readonly string[] =>
  Array.isArray(dependency) ? dependency : swappableDependency(dependency.$swappable);

/** A migration by its recording. */
export function migrationOf(recorded: RecordedMigration): Migration {
  const { app, name, dependencies, run_before: runBefore = [], replaces = [], initial, atomic } = recorded;
  return new Migration(name, app).with({
    dependencies: dependencies.map(pairOf),
    runBefore: runBefore.map(pairOf),
    replaces,
    initial: initial ?? null,
    atomic: atomic ?? true,
    operations: (recorded.operations ?? []).map(operationOf),
  });
}

/** The classes that the models modules of a world export: they are made while the world is. */
const classes = new Map<string, object>();
Object.assign(globalThis, { recordedModels: classes });

/** The app that stands for Django's `django.contrib.auth`: of a name with dots, too. */
export const DOTTED_APP = 'packages.auth';

const folderOf = (label: string): string => (label === 'auth' ? DOTTED_APP.replace('.', '/') : label);

export class CommandWorld {
  readonly root = mkdtempSync(path.join(REPOSITORY, 'tests', '.site-'));
  private readonly restore: () => Promise<void>;

  constructor(private readonly recorded: RecordedWorld) {
    const { models = [], disk = [], unmigrated_apps: unmigrated = [], settings = {} } = recorded;
    const modules = Object.entries(settings.MIGRATION_MODULES ?? {});
    const migrated = new Set(disk.map(({ app }) => app));
    for (const [app] of modules) migrated.add(app);
    const referred = disk.flatMap(({ dependencies }) => dependencies.map(pairOf)).map(([app = '']) => app);
    const without = new Set(
      [...unmigrated, ...referred, ...models.map(({ app }) => app)].filter((app) => !migrated.has(app)),
    );
    const labels = new Set([...migrated, ...without]);
    if (JSON.stringify(recorded).includes(DOTTED_APP)) labels.add('auth');
    const nowhere = modules.filter(([, module]) => module.includes('nonexistent'));
    for (const label of labels) {
      this.write(
        `${folderOf(label)}/models.js`,
        `module.exports = globalThis.recordedModels.get('${label}') ?? {};\n`,
      );
      if (migrated.has(label) && !nowhere.some(([app]) => app === label))
        mkdirSync(path.join(this.root, folderOf(label), 'migrations'));
    }
    setSiteRoot(this.root);
    this.restore = overrideSettings({
      INSTALLED_APPS: [...labels].map((label) => folderOf(label).replace('/', '.')),
      MIGRATION_MODULES: Object.fromEntries(nowhere),
      DATABASES: {
        default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
        other: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
      },
      DATABASE_ROUTERS: settings.DATABASE_ROUTERS === undefined ? [] : [ROUTER as never],
    });
    apps.reset();
    const rendered = stateOf(models).apps;
    for (const label of labels) {
      const own = models.filter(({ app }) => app === label);
      classes.set(label, Object.fromEntries(own.map(({ name }) => [name, rendered.getModel(label, name)])));
    }
    apps.populate();
    for (const migration of disk.map(migrationOf)) {
      const origins = new Map(migration.operations.map((operation) => [operation, 'here']));
      const writer = new MigrationWriter(migration, { origins });
      // That a migration is no first one is said by hand.
      const text = writer.asString();
      const said =
        migration.initial === false ? text.replace('Migration {\n', '$&  override initial = false;\n') : text;
      this.write(path.relative(this.root, writer.path), said);
    }
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), text);
  }

  get connection(): DatabaseWrapper {
    return connections.get(this.recorded.options.database ?? 'default');
  }

  /** Brings the database where it was. */
  async migrate(): Promise<void> {
    const { applied = [], tables = [] } = this.recorded;
    const wanted = new Set(applied.map(([app, name]) => keyOf(app, name)));
    const loader = await MigrationLoader.load(null, { replaceMigrations: false, ignoreNoMigrations: true });
    const executor = new MigrationExecutor(this.connection, loader);
    await executor.recorder.ensureSchema();
    const existing = new Set(tables);
    const plan = executor
      .migrationPlan(
        loader.graph
          .leafNodes()
          .map((key) => ({ app: key.split('.')[0] as string, name: key.slice(key.indexOf('.') + 1) })),
      )
      .filter(({ migration }) => wanted.has(migration.toString()) && migration.replaces.length === 0);
    try {
      await executor.migrate([], { plan });
    } catch {
      // What was recorded as applied without having been run: its tables are made below, as far as they were there.
    }
    const { introspection, ops } = this.connection;
    const missing = async (): Promise<string[]> => {
      const have = new Set(await introspection.tableNames());
      return [...existing].filter((name) => !have.has(name));
    };
    const models = this.described(loader);
    for (const table of await missing()) {
      const model = models.find(({ dbTable }) => dbTable.toLowerCase() === table.toLowerCase());
      if (model !== undefined) await this.create(model, existing);
    }
    for (const table of await missing()) {
      await this.connection.execute(`CREATE TABLE ${ops.quoteName(table)} (${ops.quoteName('id')} integer)`);
    }
    const recorder = new MigrationRecorder(this.connection);
    await this.connection.execute('DELETE FROM django_migrations');
    for (const [app, name] of applied) await recorder.recordApplied(app, name);
  }

  /** Makes a model's tables, under names that may have other capitals. */
  private async create(model: Options, tables: ReadonlySet<string>): Promise<void> {
    const names = new Map([...tables].map((table) => [table.toLowerCase(), table]));
    const exact = (sql: string): string =>
      sql.replace(/"([^"]+)"/g, (_, name: string) => `"${names.get(name.toLowerCase()) ?? name}"`);
    await this.connection
      .schemaEditor()
      .run(async (editor) => {
        const execute = editor.execute.bind(editor);
        editor.execute = (statement) => execute(exact(statement.toString()));
        await editor.createModel(model);
      })
      .catch(() => undefined);
  }

  /** The models as the migrations describe them, the last ones first. */
  private described(loader: MigrationLoader): Options[] {
    const keys = loader.graph.leafNodes().flatMap((leaf) => loader.graph.forwardsPlan(leaf));
    return [...new Set(keys)].reverse().flatMap((key) => {
      try {
        return loader.graph.makeState([key]).apps.all();
      } catch {
        // A migration of the recorded tests that fits to none.
        return [];
      }
    });
  }

  /** The tables that Django's recording tells of. */
  async tables(): Promise<string[]> {
    const names = await this.connection.introspection.tableNames();
    return names.filter((name) => name !== 'django_migrations').sort();
  }

  async applied(): Promise<string[]> {
    const applied = await new MigrationRecorder(this.connection).appliedMigrations();
    return [...applied.keys()].sort();
  }

  /** The files of migrations, as `app/name`, and what is in them. */
  files(): Map<string, string> {
    const names = readdirSync(this.root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /migrations\/[^/]*\.ts$/.test(name))
      .sort();
    return new Map(names.map((name) => [name, readFileSync(path.join(this.root, name), 'utf8')]));
  }

  async remove(): Promise<void> {
    await connections.closeAll();
    await this.restore();
    apps.reset();
    setSiteRoot(undefined);
    rmSync(this.root, { recursive: true, force: true });
  }
}
