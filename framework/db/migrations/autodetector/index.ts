/** What has to be done for the models to become others. Django: `django.db.migrations.autodetector`. */
import type { MigrationGraph } from '../graph';
import { Migration } from '../migration';
import { MigrationQuestioner } from '../questioner';
import type { ProjectState } from '../state';
import { Detection } from './detection';
import * as fields from './fields';
import * as indexes from './indexes';
import * as models from './models';
import * as options from './options';
import { type DetectedMigrations, MigrationPlan } from './plan';

export type { DetectedMigrations } from './plan';

/** What `changes` takes. */
export interface ChangesOptions {
  /** Only these apps, and those that they need. */
  readonly trimToApps?: ReadonlySet<string>;
  /** Apps without migrations that are to get some. */
  readonly convertApps?: ReadonlySet<string>;
  /** What the migrations are called after their numbers. */
  readonly migrationName?: string;
}

/** The number that a migration's name begins with; of one that is squashed the last of those that it stands for. */
export function parseNumber(name: string): number | null {
  const [, squashed] = /_squashed_(\d+)(?!.*_squashed_\d)/.exec(name) ?? [];
  const [first] = /^\d+/.exec(name) ?? [];
  const digits = squashed ?? first;
  return digits === undefined ? null : Number(digits);
}

/** Compares two states. */
export class MigrationAutodetector {
  constructor(
    private readonly from: ProjectState,
    private readonly to: ProjectState,
    private readonly questioner: MigrationQuestioner = new MigrationQuestioner(),
  ) {}

  /** The migrations that lead from the one state to the other, named and numbered as the graph goes on. */
  async changes(
    graph: MigrationGraph,
    { trimToApps, convertApps, migrationName }: ChangesOptions = {},
  ): Promise<DetectedMigrations> {
    const detected = await this.detectChanges({ graph, ...(convertApps && { convertApps }) });
    const arranged = await this.arrangeForGraph(detected, graph, migrationName);
    return trimToApps === undefined ? arranged : this.trimToApps(arranged, trimToApps);
  }

  /** The migrations by app, without names. */
  async detectChanges({
    convertApps = new Set(),
    graph,
  }: {
    convertApps?: ReadonlySet<string>;
    graph?: MigrationGraph;
  } = {}): Promise<DetectedMigrations> {
    const detection = new Detection(this.from, this.to, this.questioner, convertApps);
    await models.renameModels(detection);
    fields.prepareFields(detection);
    models.deleteModels(detection);
    models.createModels(detection);
    models.changeProxies(detection);
    options.alterOptions(detection);
    options.alterManagers(detection);
    options.alterTableComments(detection);
    const renames = await fields.findRenamedFields(detection);
    const changes = indexes.findIndexChanges(detection);
    indexes.removeIndexes(detection, changes);
    fields.renameFields(detection, renames);
    indexes.renameIndexes(detection, changes);
    options.removeTogether(detection);
    fields.removeFields(detection);
    await fields.addFields(detection);
    await fields.alterFields(detection);
    options.alterOrders(detection);
    options.alterTogether(detection);
    indexes.addIndexes(detection, changes);
    options.alterTables(detection);
    const existingApps = new Set([...this.from.models.values()].map(({ appLabel }) => appLabel));
    return new MigrationPlan(detection.planned, existingApps, graph).migrations;
  }

  /** Names and numbers the migrations of each app after those that it has. */
  async arrangeForGraph(
    changes: DetectedMigrations,
    graph: MigrationGraph,
    migrationName?: string,
  ): Promise<DetectedMigrations> {
    const leaves = graph.leafNodes();
    const renamed = new Map<string, readonly [app: string, name: string]>();
    const arranged: DetectedMigrations = new Map();
    for (const [app, migrations] of changes) {
      const leaf = leaves.find((key) => key.slice(0, key.indexOf('.')) === app)?.slice(app.length + 1);
      if (leaf === undefined && !(await this.questioner.askInitial(app))) {
        for (const { name } of migrations) renamed.set(`${app}.${name}`, [app, '__first__']);
        continue;
      }
      const first = leaf === undefined ? 1 : (parseNumber(leaf) ?? 0) + 1;
      arranged.set(
        app,
        migrations.map((migration, at) => {
          const suggested =
            at === 0 && leaf === undefined ? 'initial' : migration.suggestName().slice(0, 100);
          const name = `${String(first + at).padStart(4, '0')}_${migrationName || suggested}`;
          renamed.set(`${app}.${migration.name}`, [app, name]);
          const { operations, initial, dependencies } = migration;
          return Object.assign(new Migration(name, app), {
            operations,
            initial,
            dependencies: at === 0 && leaf !== undefined ? [...dependencies, [app, leaf]] : dependencies,
          });
        }),
      );
    }
    for (const migration of [...arranged.values()].flat()) {
      migration.dependencies = migration.dependencies.map((each) => renamed.get(each.join('.')) ?? each);
    }
    return arranged;
  }

  /** Leaves out the apps that are not asked for, as far as the others do not need them. */
  trimToApps(changes: DetectedMigrations, apps: ReadonlySet<string>): DetectedMigrations {
    const needed = new Set(apps);
    // A set that grows is gone through to its end.
    for (const app of needed) {
      for (const { dependencies } of changes.get(app) ?? []) {
        for (const [other] of dependencies) if (other !== undefined) needed.add(other);
      }
    }
    return new Map([...changes].filter(([app]) => needed.has(app)));
  }
}
