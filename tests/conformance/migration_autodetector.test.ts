/** What has to be done for models to become others, beside Django's autodetector. */
import { configure, overrideSettings } from 'tsango/conf';
import { Migration, type Operation } from 'tsango/db/migrations';
import { MigrationAutodetector, parseNumber } from 'tsango/db/migrations/autodetector';
import { MigrationGraph } from 'tsango/db/migrations/graph';
import { MigrationQuestioner, NOT_PROVIDED } from 'tsango/db/migrations/questioner';
import { ProjectState } from 'tsango/db/migrations/state';
import { comparable } from '../support/comparable_operations';
import {
  decode,
  NotYet,
  operationOf,
  type RecordedModel,
  type RecordedOperation,
  stateOf,
} from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  TIME_ZONE: 'UTC',
});

interface RecordedMigration {
  name: string;
  dependencies: ([string, string] | { $swappable: string })[];
  initial: boolean | null;
  operations: RecordedOperation[];
}

interface Line {
  call: string;
  before: RecordedModel[];
  after: (RecordedModel | string)[];
  real_apps?: string[] | { before: string[] };
  settings?: { AUTH_USER_MODEL?: string };
  convert_apps?: string[] | null;
  graph?: { nodes: [string, string][]; edges: [[string, string], [string, string]][] } | null;
  questioner: { asks: { ask: string; args: unknown[]; answer: unknown }[] };
  trim_to?: string[] | null;
  migration_name?: string | null;
  changes: Record<string, RecordedMigration[]>;
  apps: string[];
  name: string;
  initial: boolean;
  operations: RecordedOperation[];
  result: unknown;
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Answers as the recorded one did, and notes what it was asked. */
function recorded(asks: Line['questioner']['asks']): { questioner: MigrationQuestioner; asked: string[] } {
  const asked: string[] = [];
  const left = [...asks];
  const answer = (question: string): unknown => {
    asked.push(question);
    const next = left.shift();
    if (next === undefined || camelCase(next.ask) !== question) {
      throw new Error(`asked ${question}, not ${next?.ask}`);
    }
    const value = next.answer as { $not_provided?: boolean } | null;
    return value !== null && typeof value === 'object' && value.$not_provided ? NOT_PROVIDED : decode(value);
  };
  const questioner = new Proxy(new MigrationQuestioner(), {
    get: (target, name) =>
      typeof name === 'string' && name.startsWith('ask') ? () => answer(name) : Reflect.get(target, name),
  });
  return { questioner, asked };
}

function graphOf(graph: Line['graph']): MigrationGraph {
  const made = new MigrationGraph();
  for (const [app, name] of graph?.nodes ?? []) made.addNode(`${app}.${name}`, new Migration(name, app));
  for (const [child, parent] of graph?.edges ?? []) {
    made.addDependency(null, `${child.join('.')}`, `${parent.join('.')}`, true);
  }
  return made;
}

interface Shown {
  name: string;
  dependencies: string[];
  initial: boolean | null;
  operations: unknown[];
}

function shown(migrations: Iterable<[string, readonly Migration[]]>): Record<string, Shown[]> {
  return Object.fromEntries(
    [...migrations]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([app, all]) => [
        app,
        all.map(({ name, dependencies, initial, operations }) => ({
          name,
          dependencies: dependencies.map((each) => each.join('.')).sort(),
          initial,
          operations: operations.map(comparable),
        })),
      ]),
  );
}

function expected(result: Record<string, RecordedMigration[]>): Record<string, Shown[]> {
  return Object.fromEntries(
    Object.entries(result)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([app, all]) => [
        app,
        all.map(({ name, dependencies, initial, operations }) => ({
          name,
          dependencies: dependencies
            .map((each) => (Array.isArray(each) ? each.join('.') : `__setting__.${each.$swappable}`))
            .sort(),
          initial,
          operations: operations.map(operationOf).map(comparable),
        })),
      ]),
  );
}

function migrationsOf(changes: Record<string, RecordedMigration[]>): Map<string, Migration[]> {
  return new Map(
    Object.entries(changes).map(([app, all]) => [
      app,
      all.map(({ name, dependencies, initial, operations }) =>
        Object.assign(new Migration(name, app), {
          dependencies: dependencies.map((each) =>
            Array.isArray(each) ? each : ['__setting__', each.$swappable],
          ),
          initial,
          operations: operations.map(operationOf),
        }),
      ),
    ]),
  );
}

/** What is found here, and what Django found. */
async function both(line: Line): Promise<[unknown, unknown]> {
  switch (line.call) {
    case 'parse_number':
      return [parseNumber(line.name), line.result];
    case 'suggest_name': {
      const migration = Object.assign(new Migration('some_migration', 'app'), {
        initial: line.initial,
        operations: line.operations.map((each): Operation => operationOf(each)),
      });
      return [migration.suggestName(), line.result];
    }
    case 'trim_to_apps': {
      const detector = new MigrationAutodetector(new ProjectState(), new ProjectState());
      const kept = detector.trimToApps(migrationsOf(line.changes), new Set(line.apps));
      const names = [...kept].map(([app, all]) => [app, all.map(({ name }) => name)]);
      return [Object.fromEntries(names.sort()), line.result];
    }
    case 'arrange_for_graph': {
      const { questioner } = recorded(line.questioner.asks);
      const detector = new MigrationAutodetector(new ProjectState(), new ProjectState(), questioner);
      const arranged = await detector.arrangeForGraph(
        migrationsOf(line.changes),
        graphOf(line.graph),
        line.migration_name ?? undefined,
      );
      return [shown(arranged), expected(line.result as Record<string, RecordedMigration[]>)];
    }
    default: {
      const before = new ProjectState(
        stateOf(line.before).models,
        new Set(Array.isArray(line.real_apps) ? line.real_apps : line.real_apps?.before),
      );
      const { questioner, asked } = recorded(line.questioner.asks);
      const detector = new MigrationAutodetector(before, stateOf(line.after, line.before), questioner);
      const convertApps = new Set(line.convert_apps ?? []);
      const found =
        line.call === 'changes'
          ? await detector.changes(graphOf(line.graph), {
              convertApps,
              ...(line.trim_to && { trimToApps: new Set(line.trim_to) }),
              ...(line.migration_name && { migrationName: line.migration_name }),
            })
          : await detector.detectChanges({ convertApps, ...(line.graph && { graph: graphOf(line.graph) }) });
      return [
        [shown(found), asked],
        [
          expected(line.result as Record<string, RecordedMigration[]>),
          line.questioner.asks.map(({ ask }) => camelCase(ask)),
        ],
      ];
    }
  }
}

describeVectors('migrations/autodetector', 'the autodetector', () => {
  it('finds what Django’s finds', async () => {
    jest.useFakeTimers({ now: new Date('2025-01-02T03:04:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
    const lines = vectors<Line & { error?: string }>('migrations/autodetector');
    const wrong: string[] = [];
    const missing = new Map<string, number>();
    let agree = 0;
    for (const line of lines) {
      try {
        const restore = overrideSettings({ AUTH_USER_MODEL: 'auth.User', ...line.settings } as never);
        const [found, wanted] = (await both(line).finally(restore)).map((each) => JSON.stringify(each));
        if (found === wanted) agree++;
        else wrong.push(`${line.call}\n  here    ${found}\n  Django  ${wanted}`);
      } catch (error) {
        if (error instanceof NotYet) missing.set(error.message, (missing.get(error.message) ?? 0) + 1);
        else wrong.push(`${line.call}\n  here    ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
    jest.useRealTimers();
    reportArea('migrations autodetector', agree, lines.length);
    if (process.env['REASONS']) {
      const list = [...missing].sort(([, one], [, other]) => other - one).slice(0, 30);
      process.stdout.write(
        `${wrong.length} wrong\n${list.map(([what, count]) => `${count} ${what}`).join('\n')}\n`,
      );
      process.stdout.write(`${wrong.slice(0, Number(process.env['REASONS'])).join('\n\n')}\n`);
    }
    expect(agree).toBeGreaterThanOrEqual(lines.length * 0.997);
    // A base that is abstract in Django alone; validators, which are no part of a state here.
    expect(wrong.length).toBeLessThanOrEqual(2);
  }, 60_000);
});
