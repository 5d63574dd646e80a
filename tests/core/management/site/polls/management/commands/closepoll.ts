import { BaseCommand, CommandError, type CommandParser, type Options } from 'tsango/core/management';

interface Arguments {
  pollIds: number[];
  delete: boolean;
  interactive: boolean;
  format: string;
  tags: string[] | undefined;
  loud: number;
  name: string | undefined;
}

export class Command extends BaseCommand<Arguments> {
  override help = 'Closes the specified poll for voting';
  override requiresSystemChecks = [];
  override stealthOptions = ['secret'];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('pollIds', { metavar: 'poll_id', nargs: '+', type: 'int', help: 'Which polls' });
    parser.addArgument('--delete', { action: 'storeTrue', help: 'Delete poll instead of closing it' });
    parser.addArgument('--noinput', '--no-input', { action: 'storeFalse', dest: 'interactive' });
    parser.addArgument('--format', { default: 'text', choices: ['text', 'json'] });
    parser.addArgument('-t', '--tag', { action: 'append', dest: 'tags' });
    parser.addArgument('--loud', '-l', { action: 'count' });
    parser.addArgument('--name', {
      type: (text) => {
        if (!/^[a-z]+$/.test(text)) throw new Error(`not a name: '${text}'`);
        return text.toUpperCase();
      },
    });
  }

  override handle(options: Options<Arguments>): string {
    if (options.pollIds.includes(0)) throw new CommandError('Poll "0" does not exist', { returncode: 3 });
    if (options.pollIds.includes(-1)) throw new RangeError('a bug');
    const { pollIds, delete: deleting, interactive, format, tags = [], loud, name, verbosity } = options;
    return JSON.stringify({ pollIds, deleting, interactive, format, tags, loud, name, verbosity });
  }
}
