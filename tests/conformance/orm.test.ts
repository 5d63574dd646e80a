/** Queries that a real Django carried out over its own test suite's models, asked of ours. */
import { apps as registry } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { StateApps } from 'tsango/db/migrations/state';
import { Duration } from 'tsango/utils/duration';
import { SQLITE_ENGINE } from '../support/sqlite';
import { camelCase, loadRows, NotYet, recordedModels } from '../support/vector_models';
import { type Call, QueryBuilder, type RecordedChain } from '../support/vector_queries';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import '../db/settings';

type Json = Readonly<Record<string, unknown>>;

interface Recorded extends RecordedChain {
  readonly id: string;
  readonly app: string;
  readonly data: string;
  readonly terminal: Call | null;
  readonly ordered?: boolean;
  readonly result?: unknown;
  readonly error?: { class: string; message: string };
  readonly after?: Json;
  readonly tz?: Json;
  readonly registered?: unknown;
}

/** So many agree, at least. It only grows. */
const FLOOR = 870;

function isClose(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}

function groupBy<T>(all: readonly T[], key: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return groups;
}

/** Whether a value is what was recorded. */
function same(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'number') return typeof actual === 'number' && isClose(expected, actual);
  if (typeof expected !== 'object' || expected === null) return expected === (actual ?? null);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, at) => same(each, actual[at]))
    );
  }
  const json = expected as Json;
  if ('$float' in json) return isClose(Number(json['$float']), actual as number);
  if ('$tuple' in json) return same(json['$tuple'], actual);
  if ('$bytes' in json)
    return actual instanceof Uint8Array && Buffer.from(actual).toString('hex') === json['$bytes'];
  if ('$timedelta' in json) return actual instanceof Duration && String(decode(json)) === String(actual);
  if ('$datetime' in json) {
    return actual instanceof Date && new Date(`${json['$datetime']}Z`).getTime() === actual.getTime();
  }
  for (const name of ['$decimal', '$date', '$time', '$uuid', '$bigint']) {
    if (name in json) return String(json[name]) === String(actual);
  }
  if (typeof actual !== 'object' || actual === null) return false;
  const row = actual as Record<string, unknown>;
  if ('$obj' in json) return sameInstance(json, row);
  return (
    Object.keys(row).length === Object.keys(json).length &&
    Object.entries(json).every(([name, value]) => same(value, row[name]))
  );
}

function sameInstance(json: Json, row: Record<string, unknown>): boolean {
  const all: [string, unknown][] = [
    ...Object.entries((json['fields'] ?? {}) as Json).map(([k, v]): [string, unknown] => [camelCase(k), v]),
    ...Object.entries((json['annotations'] ?? {}) as Json),
    ...Object.entries((json['related'] ?? {}) as Json).map(([k, v]): [string, unknown] => [camelCase(k), v]),
  ];
  const [, pk] = json['$obj'] as [string, unknown];
  if (json['deferred'] !== undefined && (json['deferred'] as unknown[]).length > 0) return false;
  return same(pk, row['pk']) && all.every(([name, value]) => same(value, row[name]));
}

function sameRows(expected: unknown, actual: unknown, ordered: boolean): boolean {
  if (ordered || !Array.isArray(expected) || !Array.isArray(actual)) return same(expected, actual);
  const left = [...actual];
  return (
    expected.length === left.length &&
    expected.every((each) => {
      const at = left.findIndex((row) => same(each, row));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    })
  );
}

async function finish(builder: QueryBuilder, recorded: Recorded): Promise<unknown> {
  const query = builder.build(recorded);
  const [method, args, kwargs] = recorded.terminal ?? ['iterate', [], {}];
  const call = (name: string, ...all: unknown[]): unknown =>
    (query[name] as (...args: unknown[]) => unknown)(...all);
  switch (method) {
    case 'iterate':
      return query;
    case 'count':
    case 'exists':
    case 'first':
    case 'last':
      return call(method);
    case 'get': {
      const given = args.map((each) => builder.value(each));
      const named = builder.named(kwargs);
      return call('get', ...given, ...(Object.keys(named).length > 0 ? [named] : []));
    }
    case 'aggregate': {
      const given = args.map((each) => builder.value(each));
      const names = given.map((each) => [(each as { defaultAlias: string }).defaultAlias, each]);
      return call('aggregate', { ...Object.fromEntries(names), ...builder.named(kwargs) });
    }
    default:
      throw new NotYet(`the method ${method}`);
  }
}

describeVectors(['orm/queries', 'orm/models', 'orm/data'], 'queries as Django answers them', () => {
  it('answers as many as before, and more', async () => {
    registry.reset();
    const restore = overrideSettings({
      DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
      INSTALLED_APPS: [],
      USE_TZ: false,
      TIME_ZONE: 'UTC',
    });
    registry.populate();
    const all = vectors<Recorded>('orm/queries');
    const data = new Map(
      vectors<{ id: string; rows: Record<string, Json[]> }>('orm/data').map((each) => [each.id, each.rows]),
    );
    const labels = groupBy(
      vectors<{ app: string; models: { label: string; auto_created: boolean }[] }>('orm/models'),
      ({ app }) => app,
    );
    const counts = { passed: 0, failed: 0, unsupported: 0 };
    const reasons = new Map<string, number>();
    for (const [app, queries] of groupBy(all, (each) => each.app)) {
      const own = (labels.get(app) ?? []).flatMap(({ models }) =>
        models.filter((each) => !each.auto_created).map(({ label }) => label),
      );
      let apps: StateApps;
      const connection = connections.get();
      await connection.close();
      try {
        apps = recordedModels(own);
        for (const model of apps.all()) {
          await connection.schemaEditor().run((editor) => editor.createModel(model));
        }
      } catch (error) {
        const why = `models of ${app}: ${String(error).slice(0, 120)}`;
        reasons.set(why, (reasons.get(why) ?? 0) + queries.length);
        counts.unsupported += queries.length;
        continue;
      }
      const builder = new QueryBuilder(apps);
      for (const [id, group] of groupBy(queries, (each) => each.data)) {
        try {
          await loadRows(connection, apps, data.get(id) ?? {});
        } catch (error) {
          // Answers over rows that are not there would say nothing.
          const why = `rows of ${app}: ${String(error).slice(0, 120)}`;
          reasons.set(why, (reasons.get(why) ?? 0) + group.length);
          counts.unsupported += group.length;
          continue;
        }
        for (const recorded of group) await answer(builder, recorded, counts, reasons);
      }
    }
    await restore();
    registry.reset();
    reportArea('orm', counts.passed, all.length);
    if (process.env['REASONS']) {
      const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 25);
      process.stdout.write(
        `${JSON.stringify(counts)}\n${most.map(([why, n]) => `${n} ${why}`).join('\n')}\n`,
      );
    }
    expect(counts.passed).toBeGreaterThanOrEqual(FLOOR);
  }, 300_000);
});

async function answer(
  builder: QueryBuilder,
  recorded: Recorded,
  counts: { passed: number; failed: number; unsupported: number },
  reasons: Map<string, number>,
): Promise<void> {
  const note = (why: string): void => {
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  };
  try {
    if (recorded.after !== undefined || recorded.tz !== undefined || recorded.registered !== undefined) {
      throw new NotYet('writes, time zones, lookups of its own');
    }
    const result = await finish(builder, recorded);
    const ok = recorded.error === undefined && sameRows(recorded.result, result, recorded.ordered !== false);
    if (!ok) note(`other result ${recorded.id.split('.')[0]}`);
    counts[ok ? 'passed' : 'failed'] += 1;
  } catch (error) {
    const { name, message } = error as Error;
    const { error: wanted } = recorded;
    if (error instanceof NotYet) {
      counts.unsupported += 1;
      note(`not yet: ${message}`);
    } else if (wanted?.message === message && (wanted.class === name || wanted.class.endsWith(`.${name}`))) {
      counts.passed += 1;
    } else {
      counts.failed += 1;
      note(`${name}: ${message.slice(0, 90)}`);
    }
  }
}
