import { settings } from '../../../../conf';
import { BaseCommand, type Options } from '../../../../core/management/base';
import { CommandError } from '../../../../core/management/errors';
import type { CommandParser } from '../../../../core/management/parser';
import { sessionStore } from '../../engine';
import { NotImplementedError } from '../../exceptions';

interface Arguments {
  batchSize: string;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#clearsessions */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Removes expired sessions from the store. Can be run as a cron job, and while the site runs.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--batch-size', {
      default: '1000',
      help: 'Sessions removed at a time, each batch in a transaction of its own. Default is 1000.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const batchSize = Number(options.batchSize);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new CommandError(`--batch-size must be a positive number, not '${options.batchSize}'.`);
    }
    const watched = options.verbosity > 0 && this.stdout.isatty();
    let removed: number;
    try {
      removed = await sessionStore().clearExpired({
        batchSize,
        progress: (count) => {
          if (watched) this.stdout.write(`\rRemoved ${count} expired sessions…`, null, '');
        },
      });
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      throw new CommandError(
        `Session engine '${settings.SESSION_ENGINE}' doesn't support clearing expired sessions.`,
      );
    }
    if (options.verbosity === 0) return;
    if (watched) this.stdout.write('\r\x1b[K', null, '');
    this.stdout.write(`Removed ${removed} expired session${removed === 1 ? '' : 's'}.`);
  }
}
