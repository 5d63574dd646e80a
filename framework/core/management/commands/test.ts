/** Django: `django.core.management.commands.test`. */
import { availableParallelism } from 'node:os';
import { settings } from '../../../conf';
import { importSetting } from '../../../utils/module_loading';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  args: string[];
  interactive: boolean;
  failfast: boolean;
  testrunner: string | undefined;
  keepdb: boolean;
  reverse: boolean;
  shuffle: number | true | undefined;
  parallel: number | true | undefined;
  tags: string[] | undefined;
  excludeTags: string[] | undefined;
  testNamePatterns: string[] | undefined;
  debugMode: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#test */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Discover and run tests in the specified files, folders or apps, or in the whole site. Each process has databases of its own.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('args', {
      metavar: 'test_label',
      nargs: '*',
      help: 'Paths of files and folders of tests, labels of apps, or dotted names.',
    });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Accepted for compatibility: a test database that is there already is made anew without a question.',
    });
    parser.addArgument('--failfast', {
      action: 'storeTrue',
      help: 'Tells tsango to stop running the test suite after first failed test.',
    });
    parser.addArgument('--testrunner', {
      help: 'Tells tsango to use the specified test runner class instead of the one specified by the TEST_RUNNER setting.',
    });
    parser.addArgument('--keepdb', {
      action: 'storeTrue',
      help: 'Preserves the test DB between runs.',
    });
    parser.addArgument('-r', '--reverse', {
      action: 'storeTrue',
      help: 'Runs the files of tests in reverse order.',
    });
    parser.addArgument('--shuffle', {
      nargs: '?',
      type: integer,
      metavar: 'SEED',
      help: 'Shuffles the order of files and tests. The seed that was used is printed.',
    });
    parser.addArgument('--parallel', {
      nargs: '?',
      type: processes,
      metavar: 'N',
      help: 'Run tests in so many processes; "auto" or no number: in as many as there are cores.',
    });
    parser.addArgument('--tag', {
      action: 'append',
      dest: 'tags',
      help: 'Run only tests whose name, or that of a describe around it, has the tag: @slow. Can be used multiple times.',
    });
    parser.addArgument('--exclude-tag', {
      action: 'append',
      dest: 'excludeTags',
      help: 'Do not run tests with the specified tag. Can be used multiple times.',
    });
    parser.addArgument('-k', {
      action: 'append',
      dest: 'testNamePatterns',
      help: 'Only run tests whose name holds the text, in which * stands for anything. Can be used multiple times.',
    });
    parser.addArgument('--debug-mode', { action: 'storeTrue', help: 'Sets settings.DEBUG to true.' });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { args, shuffle, parallel, tags = [], excludeTags = [], testNamePatterns = [], ...rest } = options;
    const Runner = importSetting(options.testrunner ?? settings.TEST_RUNNER) as new (
      options: object,
    ) => {
      runTests(labels: readonly string[]): Promise<number>;
    };
    const seed = shuffle === true ? Math.floor(Math.random() * 2 ** 31) : shuffle;
    if (seed !== undefined) this.stdout.write(`Using shuffle seed: ${seed}`);
    const runner = new Runner({
      ...rest,
      tags,
      excludeTags,
      testNamePatterns,
      shuffle: seed,
      parallel: parallel === true ? availableParallelism() : parallel,
    });
    const status = await runner.runTests(args);
    if (status !== 0) throw new CommandError('', { returncode: status });
  }
}

function integer(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || text.trim() === '') throw new Error(`invalid int value: '${text}'`);
  return number;
}

function processes(text: string): number {
  if (text === 'auto') return availableParallelism();
  const number = integer(text);
  if (number < 1) throw new Error(`'${text}' is not an integer or the string 'auto'`);
  return number;
}
