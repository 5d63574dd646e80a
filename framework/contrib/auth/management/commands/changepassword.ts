import { BaseCommand, type Options } from '../../../../core/management/base';
import { CommandError } from '../../../../core/management/errors';
import type { CommandParser } from '../../../../core/management/parser';
import { ValidationError } from '../../../../core/validation_error';
import { NobodyAnswers, Prompt } from '../../../../utils/prompts';
import type { AbstractBaseUser } from '../../base_user';
import { validatePassword } from '../../password_validation';
import { getUserModel } from '../../user_model';
import { getSystemUsername } from '../usernames';

interface Arguments {
  username: string | undefined;
  database: string;
  stdin?: NodeJS.ReadableStream;
}

const MAX_TRIES = 3;

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#changepassword */
export class Command extends BaseCommand<Arguments> {
  override help = "Change a user's password for django.contrib.auth.";
  override requiresMigrationsChecks = true;
  override requiresSystemChecks = [];
  override stealthOptions = ['stdin'];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('username', {
      nargs: '?',
      help: "Username to change password for; by default, it's the current username.",
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Specifies the database to use. Default is "default".',
    });
  }

  override async handle({
    username = getSystemUsername(),
    database,
    stdin = process.stdin,
  }: Options<Arguments>): Promise<string> {
    const { _defaultManager: users, USERNAME_FIELD } = getUserModel();
    const [user] = await users.using(database).filter({ [USERNAME_FIELD]: username } as never);
    if (user === undefined) throw new CommandError(`user '${username}' does not exist`);
    const name = String(user);
    this.stdout.write(`Changing password for user '${name}'`);
    const prompt = new Prompt({
      input: stdin,
      output: { write: (text) => this.stdout.write(text, undefined, '') },
    });
    try {
      const password = await this.newPassword(prompt, user as AbstractBaseUser);
      await (user as AbstractBaseUser).setPassword(password);
      await user.save({ using: database });
    } finally {
      prompt.close();
    }
    return `Password changed successfully for user '${name}'`;
  }

  private async newPassword(prompt: Prompt, user: AbstractBaseUser): Promise<string> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const first = await this.typed(prompt, 'Password: ');
      const second = await this.typed(prompt, 'Password (again): ');
      if (first !== second) {
        this.stdout.write('Passwords do not match. Please try again.');
        continue;
      }
      try {
        await validatePassword(second, user);
        return first;
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        this.stderr.write(error.messages.join('\n'));
      }
    }
    throw new CommandError(`Aborting password change for user '${String(user)}' after ${MAX_TRIES} attempts`);
  }

  private async typed(prompt: Prompt, text: string): Promise<string> {
    const password = await prompt.askSecretly(text).catch((error: unknown) => {
      throw error instanceof NobodyAnswers ? new CommandError('aborted: nobody types a password') : error;
    });
    if (password === '') throw new CommandError('aborted');
    return password;
  }
}
