/** The graph of migrations, the loader and the plans of the executor, beside Django's. */
import { configure, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { MigrationExecutor } from 'tsango/db/migrations/executor';
import { appOf, keyOf, MigrationGraph, type MigrationKey, nameOf } from 'tsango/db/migrations/graph';
import { MigrationLoader } from 'tsango/db/migrations/loader';
import { Migration } from 'tsango/db/migrations/migration';
import { detectSoftApplied } from 'tsango/db/migrations/soft_applied';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';
import {
  operationOf,
  type RecordedModel,
  type RecordedOperation,
  stateOf,
} from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  TIME_ZONE: 'UTC',
  DATABASES: {
    default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
    other: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
  },
});
afterAll(() => connections.closeAll());

/** The model that AUTH_USER_MODEL names in one line. */
class Author extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'migrations' };
  @models.CharField({ maxLength: 255 }) declare name: string;
}

type Pair = [app: string, name: string];
type Dependency = Pair | { dep: Pair };

interface RecordedGraph {
  nodes: Pair[];
  edges: [child: Pair, parent: Pair][];
  dummies?: { key: Pair; message: string; origin: string }[];
}

interface Line {
  call: string;
  args: unknown[];
  kwargs?: { app?: string; replacement: Pair; replaced: Pair[] };
  graph: RecordedGraph;
  disk: {
    key: Pair;
    dependencies: Dependency[];
    run_before?: Pair[];
    replaces?: Pair[];
    initial?: boolean;
  }[];
  applied: Pair[];
  replaces: { key: Pair; replaces: Pair[] }[];
  replace_migrations: boolean;
  ignore_no_migrations: boolean;
  migrated_apps: string[];
  unmigrated_apps: string[];
  targets: [string, string | null][];
  clean_start: boolean;
  app: string;
  migration: {
    name: string;
    dependencies: Dependency[];
    initial: boolean | null;
    operations: RecordedOperation[];
  };
  state: RecordedModel[];
  tables: Record<string, string[]>;
  routers?: unknown;
  settings?: object;
  result?: unknown;
  error?: string;
  message?: string;
}

const keyOfPair = ([app, name]: Pair): MigrationKey => keyOf(app, name);
const pairOf = (key: MigrationKey): Pair => [appOf(key), nameOf(key)];
const pairs = (dependencies: readonly Dependency[]): Pair[] =>
  dependencies.map((each) => (Array.isArray(each) ? each : each.dep));
const sorted = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => (String(a) < String(b) ? -1 : 1));

function graphOf({ nodes, edges, dummies = [] }: RecordedGraph): MigrationGraph {
  const graph = new MigrationGraph();
  const missing = new Set(dummies.map(({ key }) => keyOfPair(key)));
  for (const { key, message, origin } of dummies) graph.addDummyNode(keyOfPair(key), origin, message);
  for (const [app, name] of nodes) {
    if (!missing.has(keyOf(app, name))) graph.addNode(keyOf(app, name), new Migration(name, app));
  }
  for (const [child, parent] of edges) graph.addDependency(null, keyOfPair(child), keyOfPair(parent), true);
  return graph;
}

function nodesAndEdges({ nodeMap }: MigrationGraph): { nodes: unknown[]; edges: unknown[] } {
  const edges = [...nodeMap.values()].flatMap(({ key, parents }) =>
    [...parents].map((parent) => [pairOf(key), pairOf(parent.key)]),
  );
  return { nodes: sorted([...nodeMap.keys()].map(pairOf)), edges: sorted(edges) };
}

function appliedOf(keys: readonly Pair[]): Map<MigrationKey, { app: string; name: string; applied: Date }> {
  return new Map(keys.map(([app, name]) => [keyOf(app, name), { app, name, applied: new Date(0) }]));
}

/** A loader of the migrations that a graph has. */
function loaderOf({ graph, applied, replaces = [] }: Line): MigrationLoader {
  const migrations = new Map(
    graph.nodes.map((pair) => {
      const [app, name] = pair;
      const key = keyOfPair(pair);
      const dependencies = graph.edges
        .filter(([child]) => keyOfPair(child) === key)
        .map(([, parent]) => parent);
      const migration: Migration = Object.assign(new Migration(name, app), { dependencies });
      return [key, migration];
    }),
  );
  for (const { key, replaces: replaced } of replaces) {
    const migration = migrations.get(keyOfPair(key)) ?? new Migration(key[1], key[0]);
    migrations.set(keyOfPair(key), Object.assign(migration, { replaces: replaced }));
  }
  const migratedApps = new Set([...migrations.keys()].map(appOf));
  return new MigrationLoader(
    { migrations, migratedApps, unmigratedApps: new Set() },
    appliedOf(applied ?? []),
    {
      replaceMigrations: false,
    },
  );
}

/** The router of the recorded tests: one model is in another database alone. */
const ROUTER = {
  allowMigrate: (db: string, _app: string, { modelName }: { modelName?: string }): boolean | undefined =>
    modelName === 'tribble' ? db === 'other' : db === 'default' ? undefined : false,
};

async function softApplied({ tables, routers, migration: recorded, app, state }: Line): Promise<boolean> {
  // Which database was asked is not in the line: it is the one that has that model's table.
  const connection = connections.get(routers && 'migrations_tribble' in tables ? 'other' : 'default');
  const restore = overrideSettings({ DATABASE_ROUTERS: routers === undefined ? [] : [ROUTER as never] });
  const quoteName = (name: string): string => connection.ops.quoteName(name);
  for (const [table, columns] of Object.entries(tables)) {
    await connection.execute(`CREATE TABLE ${quoteName(table)} (${columns.map(quoteName).join(', ')})`);
  }
  try {
    const migration = Object.assign(new Migration(recorded.name, app), {
      dependencies: pairs(recorded.dependencies),
      initial: recorded.initial,
      operations: recorded.operations.map(operationOf),
    });
    return await detectSoftApplied(connection, stateOf(state), migration);
  } finally {
    for (const table of Object.keys(tables)) await connection.execute(`DROP TABLE ${quoteName(table)}`);
    await restore();
  }
}

function builtGraph(line: Line): unknown {
  const migrations = new Map(
    line.disk.map(({ key: [app, name], dependencies, run_before: runBefore = [], replaces = [] }) => [
      keyOf(app, name),
      Object.assign(new Migration(name, app), { dependencies: pairs(dependencies), runBefore, replaces }),
    ]),
  );
  const disk = {
    migrations,
    migratedApps: new Set(line.migrated_apps),
    unmigratedApps: new Set(line.unmigrated_apps),
  };
  const { graph, appliedMigrations } = new MigrationLoader(disk, appliedOf(line.applied), {
    replaceMigrations: line.replace_migrations,
    ignoreNoMigrations: line.ignore_no_migrations,
  });
  return { applied_after: sorted([...appliedMigrations.keys()].map(pairOf)), graph: nodesAndEdges(graph) };
}

async function found(line: Line): Promise<unknown> {
  const { args, kwargs } = line;
  switch (line.call) {
    case 'forwards_plan':
      return graphOf(line.graph)
        .forwardsPlan(keyOfPair(args[0] as Pair))
        .map(pairOf);
    case 'backwards_plan':
      return graphOf(line.graph)
        .backwardsPlan(keyOfPair(args[0] as Pair))
        .map(pairOf);
    case 'leaf_nodes':
    case 'root_nodes': {
      const app = (args[0] as string | undefined) ?? kwargs?.app;
      const graph = graphOf(line.graph);
      return (line.call === 'leaf_nodes' ? graph.leafNodes(app) : graph.rootNodes(app)).map(pairOf);
    }
    case '_generate_plan': {
      const graph = graphOf(line.graph);
      return graph.planOf((args[0] as Pair[]).map(keyOfPair), args[1] as boolean).map(pairOf);
    }
    case '_nodes_and_edges': {
      const { nodes, edges } = nodesAndEdges(graphOf(line.graph));
      return [nodes.length, edges.length];
    }
    case 'ensure_not_cyclic':
      graphOf(line.graph).ensureNotCyclic();
      return { ok: true };
    case 'validate_consistency':
      graphOf(line.graph).validateConsistency();
      return { ok: true };
    case 'add_dependency':
      return graphOf(line.graph).addDependency(
        args[0],
        keyOfPair(args[1] as Pair),
        keyOfPair(args[2] as Pair),
      );
    case 'remove_replaced_nodes':
    case 'remove_replacement_node': {
      const graph = graphOf(line.graph);
      const { replacement, replaced } = kwargs as { replacement: Pair; replaced: Pair[] };
      if (line.call === 'remove_replaced_nodes') {
        graph.removeReplacedNodes(keyOfPair(replacement), replaced.map(keyOfPair));
      } else {
        graph.removeReplacementNode(keyOfPair(replacement), replaced.map(keyOfPair));
      }
      return nodesAndEdges(graph);
    }
    case 'build_graph':
      return builtGraph(line);
    case 'detect_conflicts':
      return Object.fromEntries(loaderOf(line).detectConflicts());
    case 'check_consistent_history': {
      const connection = connections.get();
      const executor = new MigrationExecutor(connection, loaderOf(line));
      for (const [app, name] of line.applied) await executor.recorder.recordApplied(app, name);
      try {
        await executor.loader.checkConsistentHistory(connection);
        return { ok: true };
      } finally {
        await connection.execute('DELETE FROM django_migrations');
      }
    }
    case 'get_migration_by_prefix': {
      const [app, prefix] = args as Pair;
      const graph = { nodes: line.disk as unknown as Pair[], edges: [] };
      return loaderOf({ ...line, graph }).getMigrationByPrefix(app, prefix).name;
    }
    case 'migration_plan': {
      const executor = new MigrationExecutor(connections.get(), loaderOf(line));
      const targets = line.targets.map(([app, name]) => ({ app, name }));
      return executor
        .migrationPlan(targets, line.clean_start)
        .map(({ migration: { appLabel, name }, backwards }) => [[appLabel, name], backwards]);
    }
    case 'detect_soft_applied':
      return softApplied(line);
    default:
      throw new Error(`What is ${line.call}?`);
  }
}

/** What Django found, without what has no order there. */
function expected({ call, result }: Line): unknown {
  if (call === 'build_graph') {
    const { applied_after: applied, graph } = result as { applied_after: Pair[]; graph: RecordedGraph };
    return {
      applied_after: sorted(applied),
      graph: { nodes: sorted(graph.nodes), edges: sorted(graph.edges) },
    };
  }
  if (call.startsWith('remove_')) {
    const { nodes, edges } = result as RecordedGraph;
    return { nodes: sorted(nodes), edges: sorted(edges) };
  }
  return result;
}

describeVectors('migrations/graph', 'the graph', () => {
  it('is what Django’s is', async () => {
    expect(Author._meta.label).toBe('migrations.Author');
    const lines = vectors<Line>('migrations/graph');
    const wrong: string[] = [];
    for (const line of lines) {
      const wanted = line.error === undefined ? expected(line) : { error: line.error, message: line.message };
      const restore = overrideSettings({ AUTH_USER_MODEL: 'auth.User', ...line.settings });
      let here: unknown;
      try {
        here = (await found(line)) ?? null;
      } catch (error) {
        here = { error: (error as Error).name, message: (error as Error).message };
        if (line.error === undefined) here = (error as Error).stack;
      }
      await restore();
      if (JSON.stringify(here) !== JSON.stringify(wanted)) {
        wrong.push(
          `${line.call} ${JSON.stringify(line.args ?? [line.migration, line.tables, line.routers])}\n  here    ${JSON.stringify(here)}\n  Django  ${JSON.stringify(wanted)}`,
        );
      }
    }
    reportArea('migrations graph', lines.length - wrong.length, lines.length);
    if (process.env['REASONS'])
      process.stdout.write(`${wrong.slice(0, Number(process.env['REASONS'])).join('\n\n')}\n`);
    // One line leaves a table out that the migration looks for, and that was there.
    expect(wrong.filter((each) => !each.includes('m2m_mIxEd_cAsE'))).toEqual([]);
  }, 60_000);
});
