/** From operations, and what they wait for, to migrations. */
import { ValueError } from '../../../core/exceptions';
import type { MigrationGraph } from '../graph';
import { Migration } from '../migration';
import { optimize } from '../optimizer';
import { type Dependency, meets, type Planned } from './dependencies';

/** Puts the operations of an app in an order in which each finds what it waits for. Django: `TopologicalSorter`. */
function inOrder(app: string, planned: readonly Planned[]): Planned[] {
  const waiting = new Map<Planned, { count: number; followers: Planned[] }>();
  const nodeOf = (each: Planned): { count: number; followers: Planned[] } => {
    let node = waiting.get(each);
    if (node === undefined) {
      node = { count: 0, followers: [] };
      waiting.set(each, node);
    }
    return node;
  };
  for (const each of planned) {
    nodeOf(each);
    for (const dependency of each.dependencies) {
      if (dependency.app !== app) continue;
      for (const other of planned.filter(({ operation }) => meets(operation, dependency))) {
        nodeOf(each).count++;
        nodeOf(other).followers.push(each);
      }
    }
  }
  const done: Planned[] = [];
  let ready = [...waiting].filter(([, { count }]) => count === 0).map(([each]) => each);
  while (ready.length > 0) {
    done.push(...ready);
    const next: Planned[] = [];
    for (const each of ready) {
      for (const follower of nodeOf(each).followers) if (--nodeOf(follower).count === 0) next.push(follower);
    }
    ready = next;
  }
  if (done.length < planned.length) {
    throw new ValueError(
      `The operations of '${app}' wait for each other: ${planned.map(({ operation }) => operation.describe()).join('; ')}`,
    );
  }
  return done;
}

/** Migrations by app. */
export type DetectedMigrations = Map<string, Migration[]>;

/** Takes the operations into migrations, one an app where what they wait for allows it. */
export class MigrationPlan {
  readonly migrations: DetectedMigrations = new Map();
  private readonly left: Map<string, Planned[]>;
  /** Nothing can be taken whole any more: parts are. */
  private chopping = false;

  constructor(
    planned: ReadonlyMap<string, readonly Planned[]>,
    private readonly existingApps: ReadonlySet<string>,
    private readonly graph: MigrationGraph | undefined,
  ) {
    this.left = new Map([...planned].map(([app, each]) => [app, inOrder(app, each)]));
    this.build();
    this.finish();
  }

  private get count(): number {
    return [...this.left.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** @throws ValueError where operations of several apps wait for each other. */
  private build(): void {
    for (let count = this.count; count > 0; ) {
      for (const app of [...this.left.keys()].sort()) this.take(app);
      const left = this.count;
      if (left === count) {
        if (this.chopping) {
          const all = [...this.left.values()].flat().map(({ operation }) => operation.describe());
          throw new ValueError(`Cannot resolve operation dependencies: ${all.join('; ')}`);
        }
        this.chopping = true;
      }
      count = left;
    }
  }

  /** Takes the operations of an app, as far as what they wait for is there. */
  private take(app: string): void {
    const left = this.left.get(app) as Planned[];
    const dependencies = new Map<string, readonly string[]>();
    let taken = 0;
    for (const { dependencies: waits } of left) {
      const found = this.outside(app, waits);
      if (found === undefined) break;
      for (const each of found) dependencies.set(each.join('.'), each);
      taken++;
    }
    if (taken === 0 || (taken < left.length && !this.chopping)) return;
    const all = this.migrations.get(app) ?? [];
    const migration = new Migration(`auto_${all.length + 1}`, app);
    migration.dependencies = [...dependencies.values()];
    migration.operations = left.splice(0, taken).map(({ operation }) => operation);
    migration.initial = !this.existingApps.has(app);
    this.migrations.set(app, [...all, migration]);
    this.chopping = false;
  }

  /** The migrations of other apps that an operation waits for; undefined where one is not there yet. */
  private outside(app: string, waits: readonly Dependency[]): (readonly string[])[] | undefined {
    const found: (readonly string[])[] = [];
    for (const dependency of waits) {
      if (dependency.app === app) continue;
      const others = this.left.get(dependency.app) ?? [];
      if (others.some(({ operation }) => meets(operation, dependency))) return undefined;
      const known = this.migrations.get(dependency.app)?.at(-1);
      if (dependency.setting !== undefined) found.push(['__setting__', dependency.setting]);
      else if (known !== undefined) found.push([dependency.app, known.name]);
      else if (this.chopping) found.push([dependency.app, this.latest(dependency.app)]);
      else return undefined;
    }
    return found;
  }

  private latest(app: string): string {
    const [leaf] = this.graph?.leafNodes(app) ?? [];
    return leaf === undefined ? '__first__' : leaf.slice(leaf.indexOf('.') + 1);
  }

  private finish(): void {
    for (const [app, migrations] of this.migrations) {
      migrations.forEach((migration, at) => {
        const before = migrations[at - 1];
        if (before) migration.dependencies = [...migration.dependencies, [app, before.name]];
        migration.operations = optimize(migration.operations, app);
      });
    }
  }
}
