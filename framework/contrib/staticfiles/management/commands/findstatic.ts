import { BaseCommand, type Options } from '../../../../core/management/base';
import type { CommandParser } from '../../../../core/management/parser';
import { find, findAll } from '../../finders';

interface Arguments {
  staticfile: string[];
  all: boolean;
}

/** Says which file serves a static name. Django: https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#findstatic */
export class Command extends BaseCommand<Arguments> {
  override help = 'Finds the absolute paths for the given static file(s).';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('staticfile', { nargs: '+', help: 'The names below STATIC_URL.' });
    parser.addArgument('--first', {
      dest: 'all',
      action: 'storeFalse',
      help: 'Only return the first match for each static file.',
    });
  }

  override handle({ staticfile, all, verbosity }: Options<Arguments>): void {
    for (const name of staticfile) {
      const searched: string[] = [];
      const first = find(name, all ? undefined : searched);
      const results = all ? findAll(name, searched) : first === undefined ? [] : [first];
      const locations =
        verbosity >= 2
          ? [`Looking in the following locations:`, ...searched.map((folder) => `  ${folder}`)]
          : [];
      if (results.length === 0) {
        this.stderr.write([`No matching file found for '${name}'.`, ...locations].join('\n\n'));
      } else if (verbosity >= 1) {
        const lines = results.map((file) => `  ${file}`);
        this.stdout.write([`Found '${name}' here:`, ...lines, ...locations].join('\n'));
      } else {
        this.stdout.write(results.join('\n'));
      }
    }
  }
}
