/**
 * Random changes of models, detected, written, read, applied and undone: what is then in the database is what a database
 * has that got all at once, and no row is lost. `RANDOM_CHANGES=200 npx jest tests/db/migrations/random` tries more of them;
 * `RANDOM_SEED` repeats a failure.
 */
import fc from 'fast-check';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { MigrationAutodetector } from 'tsango/db/migrations/autodetector';
import type { Migration } from 'tsango/db/migrations/migration';
import { MigrationQuestioner } from 'tsango/db/migrations/questioner';
import { type ModelState, ProjectState } from 'tsango/db/migrations/state';
import '../settings';
import { type Engine, scratchDatabase } from '../../support/databases';
import { catalogOf } from '../../support/random_models/catalog';
import { type Change, changeOf, Picks } from '../../support/random_models/changes';
import { fill, keeps, valuesIn } from '../../support/random_models/rows';
import { APP, stateOf, valueFor, type World } from '../../support/random_models/world';
import { written } from '../../support/random_models/written';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

const RUNS = Number(process.env['RANDOM_CHANGES'] ?? 3);
const SEED = Number(process.env['RANDOM_SEED'] ?? 20_250_102);
const CHANGES = 30;

/** Knows what was renamed, and what rows get. */
class Author extends MigrationQuestioner {
  constructor(private readonly change: Change) {
    super();
  }

  override askRename(model: string, from: string, to: string): boolean {
    const [renamed, old, name] = this.change.renamedField ?? [];
    return renamed?.toLowerCase() === model && from === old && to === name;
  }

  override askRenameModel(from: ModelState, to: ModelState): boolean {
    const [old, name] = this.change.renamedModel ?? [];
    return from.name === old && to.name === name;
  }

  override askNotNullAddition(field: string, model: string): unknown {
    return this.answerFor(field, model);
  }

  override askNotNullAlteration(field: string, model: string): unknown {
    return this.answerFor(field, model);
  }

  private answerFor(field: string, model: string): unknown {
    const spec = this.change.world.find(({ name }) => name.toLowerCase() === model)?.fields.get(field);
    if (spec === undefined) throw new Error(`nobody knows ${model}.${field}`);
    return valueFor(spec, 1);
  }
}

interface Step {
  readonly change: Change;
  readonly before: World;
  readonly migrations: readonly { readonly from: ProjectState; readonly migration: Migration }[];
}

async function detect(from: ProjectState, to: ProjectState, change: Change): Promise<Migration[]> {
  const changes = await new MigrationAutodetector(from, to, new Author(change)).detectChanges();
  return changes.get(APP) ?? [];
}

async function apply(
  connection: DatabaseWrapper,
  from: ProjectState,
  migration: Migration,
): Promise<ProjectState> {
  let after = from;
  const editor = connection.schemaEditor({ atomic: true });
  await editor.run(async () => {
    after = await migration.apply(from.clone(), editor);
  });
  return after;
}

async function unapply(connection: DatabaseWrapper, from: ProjectState, migration: Migration): Promise<void> {
  const editor = connection.schemaEditor({ atomic: true });
  await editor.run(() => migration.unapply(from.clone(), editor));
}

/** Drops everything. */
async function empty(connection: DatabaseWrapper): Promise<void> {
  if (connection.vendor === 'sqlite') {
    await connection.close();
    return;
  }
  await connection.execute('DROP SCHEMA public CASCADE');
  await connection.execute('CREATE SCHEMA public');
}

/** The tables that a database has where these models come all at once. */
async function freshCatalog(world: World): Promise<unknown> {
  const fresh = connections.get('fresh');
  await empty(fresh);
  let state = new ProjectState();
  for (const migration of await detect(state, stateOf(world), { what: '', world })) {
    state = await apply(connections.get('fresh'), state, migration);
  }
  return catalogOf(connections.get('fresh'));
}

async function isWhole(connection: DatabaseWrapper): Promise<void> {
  if (connection.vendor !== 'sqlite') return;
  expect((await connection.execute('PRAGMA foreign_key_check')).rows).toEqual([]);
}

/** How a field is called after a change. */
function nameAfter({ renamedField }: Change, before: World): (model: number, field: string) => string {
  return (id, field) => {
    const [model, from, to] = renamedField ?? [];
    return before.find((each) => each.id === id)?.name === model && field === from ? (to as string) : field;
  };
}

type Rows = Awaited<ReturnType<typeof valuesIn>>;

/** What models and fields that were there before and are there now had, they have. */
function compareRows(step: Step, before: Rows, after: Rows): void {
  const rename = nameAfter(step.change, step.before);
  for (const model of step.before) {
    const now = step.change.world.find(({ id }) => id === model.id);
    if (now === undefined) continue;
    expect(after.get(model.id)?.get('id')).toEqual(before.get(model.id)?.get('id'));
    for (const [name, spec] of model.fields) {
      const later = now.fields.get(rename(model.id, name));
      if (later === undefined || !keeps(spec, later)) continue;
      expect(after.get(model.id)?.get(rename(model.id, name))).toEqual(before.get(model.id)?.get(name));
    }
  }
}

async function forwards(world: World, change: Change): Promise<Step> {
  const connection = connections.get();
  const rows = await valuesIn(connection, world);
  const migrations: Step['migrations'][number][] = [];
  let state = stateOf(world);
  const wanted = stateOf(change.world);
  for (const migration of await detect(state, wanted, change)) {
    const again = written(migration);
    migrations.push({ from: state, migration: again });
    state = await apply(connection, state, again);
  }
  const step = { change, before: world, migrations };
  expect(await detect(state, wanted, change)).toEqual([]);
  compareRows(step, rows, await valuesIn(connection, change.world));
  await fill(connection, state, world, change.world, nameAfter(change, world));
  await isWhole(connection);
  expect(await catalogOf(connection)).toEqual(await freshCatalog(change.world));
  return step;
}

async function backwards(step: Step): Promise<void> {
  const connection = connections.get();
  const rows = await valuesIn(connection, step.change.world);
  for (const { from, migration } of [...step.migrations].reverse())
    await unapply(connection, from, migration);
  compareRows(step, await valuesIn(connection, step.before), rows);
  await isWhole(connection);
  expect(await catalogOf(connection)).toEqual(await freshCatalog(step.before));
}

/** Where it went wrong. */
async function named<T>(what: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

function tryChanges(settings: () => { default: DatabaseSettings; fresh: DatabaseSettings }): void {
  let restore: () => Promise<void>;
  beforeAll(() => {
    restore = overrideSettings({
      DATABASES: settings(),
      MIGRATION_MODULES: { [APP]: 'tests.db.migrations' },
    });
  });
  afterAll(() => restore());

  it('leave what a database has that got them all at once', async () => {
    const one = fc.array(fc.nat(10_000), { minLength: 12, maxLength: 12 });
    const all = fc.array(one, { minLength: CHANGES, maxLength: CHANGES });
    await fc.assert(
      fc.asyncProperty(all, async (numbers) => {
        await empty(connections.get());
        const steps: Step[] = [];
        let world: World = [];
        for (const [serial, picks] of numbers.entries()) {
          const change = changeOf(world, new Picks(picks), serial);
          if (change === undefined) continue;
          const from = world;
          steps.push(await named(`${serial} ${change.what}`, () => forwards(from, change)));
          world = change.world;
        }
        for (const step of steps.reverse()) {
          await named(`back: ${step.change.what}`, () => backwards(step));
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: process.env['RANDOM_SHRINK'] === undefined },
    );
  }, 600_000);
}

describe('random changes on SQLite', () => {
  const memory = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' };
  tryChanges(() => ({ default: memory, fresh: memory }));
});

describeWith('postgresql' as Engine, 'random changes on PostgreSQL', () => {
  const [own, fresh] = [scratchDatabase('postgresql'), scratchDatabase('postgresql')];
  tryChanges(() => ({ default: own, fresh }));
});
