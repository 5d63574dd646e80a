import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, resetSettings } from 'tsango/conf';
import { CheckRegistry, registry, Warning } from 'tsango/core/checks';
import { CommandError, callCommand, ManagementUtility } from 'tsango/core/management';
import { setSiteRoot } from 'tsango/utils/module_loading';

/** What a command prints. */
class Text {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

async function run(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new Text(), new Text()];
  const status = await new ManagementUtility(['/site/manage.ts', ...argv], { stdout, stderr }).execute();
  return { status, stdout: stdout.text, stderr: stderr.text };
}

const ANSWER = {
  pollIds: [1],
  deleting: false,
  interactive: true,
  format: 'text',
  tags: [] as string[],
  loud: 0,
  verbosity: 1,
};

beforeEach(() => {
  setSiteRoot(path.join(__dirname, 'site'));
  configure({ SECRET_KEY: 'x', INSTALLED_APPS: ['polls', 'other'] });
});
afterEach(() => {
  resetSettings();
  apps.reset();
  setSiteRoot(undefined);
});

describe('the command line', () => {
  it('lists the commands of each app', async () => {
    const { stdout, status } = await run('help');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^\nType 'manage\.ts help <subcommand>' for help on a specific subcommand\.\n\nAvailable subcommands:\n\n\[other\]\n {4}notone\n {4}sql\n\n\[polls\]\n {4}check\n {4}closepoll\n\n\[tsango\]\n/,
    );
    expect(await run()).toEqual({ status: 0, stdout, stderr: '' });
    expect(await run('--help')).toEqual({ status: 0, stdout, stderr: '' });
    expect((await run('help', '--commands')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['check', 'closepoll', 'runserver', 'sql']),
    );
  });

  it('prints the version', async () => {
    for (const argv of [['version'], ['--version'], ['closepoll', '--version']]) {
      expect(await run(...argv)).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
    }
  });

  it('shows the help of a command, its own options before the common ones', async () => {
    const { stdout } = await run('help', 'closepoll');
    expect(stdout).toMatch(
      /^usage: manage\.ts closepoll \[options\] <poll_id\.\.\.>\n\nCloses the specified/,
    );
    const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]);
    expect(flags).toEqual(
      ['--delete', '--noinput', '--format', '--tag', '--loud', '--name', '--version', '--verbosity'].concat([
        '--settings',
        '--pythonpath',
        '--traceback',
        '--no-color',
        '--force-color',
        '--help',
      ]),
    );
    expect(await run('closepoll', '--help')).toEqual({ status: 0, stdout, stderr: '' });
    expect(await run('closepoll', '1', '-h')).toEqual({ status: 0, stdout, stderr: '' });
  });

  it('says which command was likely meant', async () => {
    expect(await run('closepol')).toEqual({
      status: 1,
      stdout: '',
      stderr: "Unknown command: 'closepol'. Did you mean closepoll?\nType 'manage.ts help' for usage.\n",
    });
    expect((await run('xyz')).stderr).toBe("Unknown command: 'xyz'\nType 'manage.ts help' for usage.\n");
    expect((await run('help', 'runservr')).stderr).toContain('Did you mean runserver?');
    expect((await run('_helper')).stderr).toContain("Unknown command: '_helper'");
  });

  it.each([
    ['makemessages', 'catalogs of translations are not read yet.'],
    ['compilemessages', 'catalogs of translations are not read yet.'],
    ['createsuperuser', "add 'tsango.contrib.auth' to INSTALLED_APPS, which has it."],
  ])("says that Django's %s is not here, and names no other command in its place", async (name, instead) => {
    const stderr = `'${name}' is a command of Django's that is not here: ${instead}\n`;
    expect(await run(name)).toEqual({ status: 1, stdout: '', stderr });
    expect(await run('help', name)).toEqual({ status: 1, stdout: '', stderr });
  });

  it('parses arguments', async () => {
    const cases: [string[], object][] = [
      [['1'], {}],
      [['1', '2', '-3'.replace('-', '')], { pollIds: [1, 2, 3] }],
      [['--delete', '1', '--noinput'], { deleting: true, interactive: false }],
      [['--no-input', '1'], { interactive: false }],
      [['--format=json', '1', '-t', 'a', '--tag=b'], { format: 'json', tags: ['a', 'b'] }],
      [['-ll', '1', '--loud', '-v', '0'], { loud: 3, verbosity: 0 }],
      [['--verbosity=3', '--', '1'], { verbosity: 3 }],
      [['1', '--name', 'amrit'], { name: 'AMRIT' }],
    ];
    for (const [args, expected] of cases) {
      const { stdout, stderr } = await run('closepoll', ...args);
      expect([stderr, JSON.parse(stdout)]).toEqual(['', { ...ANSWER, ...expected }]);
    }
  });

  it.each([
    [[], "missing required argument 'poll_id'"],
    [['x'], "argument poll_id: invalid int value: 'x'"],
    [['1.5'], "argument poll_id: invalid int value: '1.5'"],
    [['1', '--bogus'], "unknown option '--bogus'"],
    [['1', '--delet'], "unknown option '--delet'\n(Did you mean --delete?)"],
    [['1', '--format', 'xml'], "argument --format: invalid choice: 'xml' (choose from 'text', 'json')"],
    [['1', '-v', '4'], 'argument -v/--verbosity: invalid choice: 4 (choose from 0, 1, 2, 3)'],
    [['1', '--name', 'A B'], "argument --name: not a name: 'A B'"],
    [['1', '--tag'], "option '-t, --tag <tags>' argument missing"],
  ])('refuses %j', async (args, message) => {
    expect(await run('closepoll', ...args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `usage: manage.ts closepoll [options] <poll_id...>\nmanage.ts closepoll: error: ${message}\n`,
    });
  });

  it('shows what a command refuses, with its exit status', async () => {
    expect(await run('closepoll', '0')).toEqual({
      status: 3,
      stdout: '',
      stderr: 'CommandError: Poll "0" does not exist\n',
    });
    await expect(run('closepoll', '0', '--traceback')).rejects.toThrow(CommandError);
    await expect(run('closepoll', '--', '-1')).rejects.toThrow(new RangeError('a bug'));
    expect(await run('closepoll', '1', '--no-color', '--force-color')).toEqual({
      status: 1,
      stdout: '',
      stderr: "CommandError: The --no-color and --force-color options can't be used together.\n",
    });
    await expect(run('notone')).rejects.toThrow(
      "'other.management.commands.notone' exports no Command: write 'export class Command extends BaseCommand { … }'.",
    );
  });

  it('colours only a terminal, unless told', async () => {
    const sql = '\x1b[33mBEGIN;\x1b[0m\nDROP TABLE x;\n\x1b[33mCOMMIT;\x1b[0m\n';
    expect((await run('sql', '--skip-checks')).stdout).toBe('BEGIN;\nDROP TABLE x;\nCOMMIT;\n');
    expect((await run('sql', '--skip-checks', '--force-color')).stdout).toBe(sql);
  });

  it('lists the framework’s commands when the settings are broken, and says why', async () => {
    resetSettings();
    apps.reset();
    process.env['TSANGO_SETTINGS_MODULE'] = 'nowhere.settings';
    try {
      const { stdout } = await run('help');
      expect(stdout).toContain('[tsango]\n    bundle\n    check\n');
      expect(stdout).toContain(
        'Note that only tsango core commands are listed as settings are not properly configured (error: Could not ' +
          "load the settings module 'nowhere.settings'",
      );
      await expect(run('closepoll', '1')).rejects.toThrow(
        "Could not load the settings module 'nowhere.settings'",
      );
    } finally {
      delete process.env['TSANGO_SETTINGS_MODULE'];
    }
  });

  it('takes --settings from anywhere in the line', async () => {
    resetSettings();
    apps.reset();
    try {
      await expect(run('closepoll', '1', '--settings=also.nowhere')).rejects.toThrow(
        "Could not load the settings module 'also.nowhere'",
      );
    } finally {
      delete process.env['TSANGO_SETTINGS_MODULE'];
    }
  });
});

describe('system checks before a command', () => {
  const messages: Warning[] = [];
  const check = (): Warning[] => messages;
  beforeAll(() => {
    registry.register(check, 'mytag');
  });
  afterEach(() => {
    messages.length = 0;
  });

  it('runs those that the command asks for and prints warnings', async () => {
    messages.push(new Warning('Odd.', { hint: 'Make it even.', obj: 'polls', id: 'polls.W001' }));
    expect(await run('sql')).toEqual({
      status: 0,
      stdout: 'BEGIN;\nDROP TABLE x;\nCOMMIT;\n',
      stderr:
        'System check identified some issues:\n\nWARNINGS:\npolls: (polls.W001) Odd.\n\tHINT: Make it even.\n',
    });
    expect((await run('sql', '--skip-checks')).stderr).toBe('');
  });

  it('does not run the command over an error', async () => {
    const { Error: CheckError } =
      jest.requireActual<typeof import('tsango/core/checks')>('tsango/core/checks');
    messages.push(new CheckError('Broken.'), new Warning('Odd.'));
    expect(await run('sql')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'SystemCheckError: System check identified some issues:\n\nERRORS:\n?: Broken.\n\nWARNINGS:\n?: Odd.\n',
    });
  });

  it('refuses a check that returns no list', async () => {
    const own = new CheckRegistry();
    own.register(function forgetful() {
      return undefined as never;
    });
    await expect(own.runChecks()).rejects.toThrow(
      "The function 'forgetful' did not return a list. All functions registered with the checks registry must return a list.",
    );
  });
});

describe('callCommand', () => {
  it('calls a command with its arguments and options', async () => {
    const stdout = new Text();
    const result = await callCommand('closepoll', 1, ['2', '3'], { delete: true, verbosity: 0, stdout });
    expect(JSON.parse(result ?? '')).toEqual({ ...ANSWER, pollIds: [1, 2, 3], deleting: true, verbosity: 0 });
    expect(stdout.text).toBe(`${result}\n`);
  });

  it('takes what a positional would hold by its name, and flags by theirs', async () => {
    const stdout = new Text();
    await callCommand('closepoll', { pollIds: [7], noInput: false, stdout });
    expect(JSON.parse(stdout.text)).toMatchObject({ pollIds: [7], interactive: false });
  });

  it('is an error for what is unknown or missing', async () => {
    await expect(callCommand('nothing')).rejects.toThrow(new CommandError("Unknown command: 'nothing'"));
    await expect(callCommand('closepoll')).rejects.toThrow(
      new CommandError("Error: missing required argument 'poll_id'"),
    );
    await expect(callCommand('closepoll', 1, { bogus: 1, secret: 2 })).rejects.toThrow(
      'Unknown option(s) for closepoll command: bogus. Valid options are: delete, ',
    );
  });

  it('skips the checks unless told', async () => {
    const stdout = new Text();
    const stderr = new Text();
    const check = (): Warning[] => [new Warning('Seen.')];
    registry.register(check, 'mytag');
    await callCommand('sql', { stdout, stderr });
    expect(stderr.text).toBe('');
    await callCommand('sql', { stdout, stderr, skipChecks: false });
    expect(stderr.text).toContain('?: Seen.');
  });
});
