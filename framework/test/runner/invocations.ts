/** How jest, vitest and `node:test` are started. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CommandError } from '../../core/management/errors';
import { getSiteRoot } from '../../utils/module_loading';
import { testFiles } from './labels';
import { type Invocation, namePattern, type RunnerOptions } from './options';

/** The file of a package's command, in the site. @throws CommandError if it is not installed. */
function commandOf(name: string, file: string): string {
  try {
    const manifest = createRequire(path.join(getSiteRoot(), 'manage.js')).resolve(`${name}/package.json`);
    return path.join(path.dirname(manifest), file);
  } catch (error) {
    throw new CommandError(
      `The tests run with ${name}, which is not installed. Run: npm install --save-dev ${name}`,
      {
        cause: error,
      },
    );
  }
}

function unsupported(name: string, options: RunnerOptions, refused: readonly (keyof RunnerOptions)[]): void {
  const flags = { reverse: '--reverse', failfast: '--failfast', shuffle: '--shuffle' } as Record<
    string,
    string
  >;
  const found = refused.find((option) => options[option] !== false && options[option] !== undefined);
  if (found !== undefined) throw new CommandError(`${name} has nothing like ${flags[found] ?? found}.`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** https://jestjs.io/docs/cli */
export function jest(places: readonly string[], options: RunnerOptions): Invocation {
  const { parallel, failfast, reverse, shuffle, verbosity } = options;
  const pattern = namePattern(options);
  const order = reverse ? 'reverse' : shuffle === undefined ? '' : String(shuffle);
  return {
    args: [
      commandOf('jest', 'bin/jest.js'),
      ...(parallel === undefined ? ['--runInBand'] : [`--maxWorkers=${parallel}`]),
      ...(failfast ? ['--bail'] : []),
      ...(pattern === undefined ? [] : ['--testNamePattern', pattern]),
      ...(shuffle === undefined ? [] : ['--randomize', `--seed=${shuffle}`]),
      ...(order === '' ? [] : ['--testSequencer', require.resolve('./jest_sequencer')]),
      ...(verbosity > 1 ? ['--verbose'] : verbosity === 0 ? ['--silent'] : []),
      ...places.map((place) => `${escaped(place)}(?:$|[/\\\\])`),
    ],
    env: { TSANGO_TEST_ORDER: order },
  };
}

/** https://vitest.dev/guide/cli */
export function vitest(places: readonly string[], options: RunnerOptions): Invocation {
  unsupported('vitest', options, ['reverse']);
  const { parallel, failfast, shuffle } = options;
  const pattern = namePattern(options);
  return {
    args: [
      commandOf('vitest', 'vitest.mjs'),
      'run',
      ...(parallel === undefined ? ['--no-file-parallelism'] : [`--maxWorkers=${parallel}`]),
      ...(failfast ? ['--bail=1'] : []),
      ...(pattern === undefined ? [] : ['--testNamePattern', pattern]),
      ...(shuffle === undefined ? [] : ['--sequence.shuffle', `--sequence.seed=${shuffle}`]),
      ...places,
    ],
  };
}

/** https://nodejs.org/api/test.html; what `tests/setup.ts` says comes first. */
export function nodeTest(places: readonly string[], options: RunnerOptions): Invocation {
  unsupported('node:test', options, ['failfast', 'shuffle']);
  const { parallel = 1, reverse } = options;
  const pattern = namePattern(options);
  const root = getSiteRoot();
  const files = [...new Set((places.length === 0 ? [root] : places).flatMap(testFiles))];
  if (files.length === 0) throw new CommandError('There are no tests: no *.test.ts, and no tests.ts.');
  const setup = ['tests/setup.ts', 'tests/setup.js'].map((file) => path.join(root, file)).find(existsSync);
  return {
    args: [
      ...(files.some((file) => /\.[cm]?ts$/.test(file)) ? ['--require', 'ts-node/register'] : []),
      ...(setup === undefined ? [] : ['--require', setup]),
      '--test',
      `--test-concurrency=${parallel}`,
      ...(pattern === undefined ? [] : [`--test-name-pattern=${pattern}`]),
      ...(reverse ? files.reverse() : files),
    ],
  };
}
