/** Django: `django.core.management.commands.sendtestemail`. */
import { hostname } from 'node:os';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  email: string[];
  managers: boolean;
  admins: boolean;
}

/** Sends a mail, to see whether it arrives. */
export class Command extends BaseCommand<Arguments> {
  override help = 'Sends a test email to the email addresses specified as arguments.';
  override missingArgsMessage: string | undefined =
    'You must specify some email recipients, or pass the --managers or --admin options.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('email', { nargs: '*', help: 'One or more email addresses to send a test email to.' });
    parser.addArgument('--managers', {
      action: 'storeTrue',
      help: 'Send a test email to the addresses specified in settings.MANAGERS.',
    });
    parser.addArgument('--admins', {
      action: 'storeTrue',
      help: 'Send a test email to the addresses specified in settings.ADMINS.',
    });
  }

  override async handle({ email, managers, admins }: Options<Arguments>): Promise<void> {
    if (email.length === 0 && !managers && !admins) throw new CommandError(this.missingArgsMessage as string);
    const mail = require('../../mail') as typeof import('../../mail');
    const subject = `Test email from ${hostname()} on ${new Date().toISOString()}`;
    await mail.sendMail(subject, "If you're reading this, it was successful.", null, email);
    if (managers) await mail.mailManagers(subject, 'This email was sent to the site managers.');
    if (admins) await mail.mailAdmins(subject, 'This email was sent to the site admins.');
  }
}
