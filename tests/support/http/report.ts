/** What a replay came to, against the list of what is otherwise here. */
import { reportArea } from '../vectors';
import { transcripts } from './facts';
import { type Outcome, replayApp } from './replay';

/** A transcript that ends otherwise, and why. */
export type Exceptions = Readonly<Record<string, string>>;

function sum(outcomes: readonly Outcome[]): Readonly<Record<Outcome['result'], number>> {
  const count = (result: Outcome['result']): number =>
    outcomes.filter((each) => each.result === result).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    custom: count('custom'),
    elsewhere: count('elsewhere'),
  };
}

/** What steps rested on that is not here, and how many did. */
function lacked(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { result, why = '' } of outcomes) {
    if (result !== 'elsewhere') continue;
    const [reason = ''] = why.replace(/^(Error|after): /, '').split('\n');
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `    ${count} ${reason}\n`).join('');
}

/**
 * Replays an app, prints `conformance <area>: <passed>/<total>`, and checks that what fails is what the list has, and that what
 * the list has fails.
 */
export async function expectReplayed(area: string, app: string, exceptions: Exceptions = {}): Promise<void> {
  expectOutcomes(
    area,
    await replayApp(app),
    transcripts(app).map(({ id }) => id),
    exceptions,
  );
}

/** The same of outcomes that are there. */
export function expectOutcomes(
  area: string,
  outcomes: readonly Outcome[],
  all: readonly string[],
  exceptions: Exceptions = {},
): void {
  const { passed, failed, custom, elsewhere } = sum(outcomes);
  reportArea(area, passed, passed + failed);
  process.stdout.write(
    `  ${custom} steps rest on Python, ${elsewhere} on parts that are not here\n${lacked(outcomes)}`,
  );
  const failures = outcomes.filter(({ result }) => result === 'failed');
  const ids = new Set(all);
  expect(
    failures.filter(({ id }) => !(id in exceptions)).map(({ id, step, why }) => `${id} ${step}: ${why}`),
  ).toEqual([]);
  const otherwise = new Set(failures.map(({ id }) => id));
  expect(Object.keys(exceptions).filter((id) => ids.has(id) && !otherwise.has(id))).toEqual([]);
  expect(passed + failed + custom + elsewhere).toBeGreaterThan(0);
}
