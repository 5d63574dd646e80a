import { BaseCommand, type Options } from '../../../../core/management/base';
import { CommandError } from '../../../../core/management/errors';
import type { CommandParser } from '../../../../core/management/parser';
import { ValidationError } from '../../../../core/validation_error';
import type { Field } from '../../../../db/models/fields/base';
import { camelCase } from '../../../../utils/module_loading';
import { Prompt } from '../../../../utils/prompts';
import { capfirst } from '../../../../utils/text';
import type { BaseUserManager } from '../../base_user';
import { validatePassword } from '../../password_validation';
import { getUserModel } from '../../user_model';
import { getDefaultUsername } from '../usernames';

/** Besides these the fields that the model asks for, each by its name. */
interface Arguments extends Record<string, unknown> {
  interactive: boolean;
  database: string;
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean };
}

type Values = Record<string, unknown>;

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#createsuperuser */
export class Command extends BaseCommand<Arguments> {
  override help = 'Used to create a superuser.';
  override requiresMigrationsChecks = true;
  override stealthOptions = ['stdin'];
  private readonly model = getUserModel();
  private readonly username = this.fieldOf(this.model.USERNAME_FIELD);
  private readonly required = this.model.REQUIRED_FIELDS.map((name) => this.fieldOf(name));

  override addArguments(parser: CommandParser): void {
    const { name } = this.username;
    parser.addArgument(`--${name}`, { help: 'Specifies the login for the superuser.' });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help:
        `Tells tsango to NOT prompt the user for input of any kind. You must use --${name} with --noinput, along with ` +
        'an option for any other required field. Superusers created with --noinput will not be able to log in until ' +
        "they're given a valid password.",
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Specifies the database to use. Default is "default".',
    });
    for (const field of this.required) {
      parser.addArgument(`--${field.name}`, { help: `Specifies the ${field.name} for the superuser.` });
    }
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { database, interactive, stdin = process.stdin, verbosity } = options;
    if (interactive && (stdin === process.stdin ? !stdin.isTTY : stdin.isTTY === false)) {
      this.stdout.write(
        'Superuser creation skipped due to not running in a TTY. You can run `manage.ts createsuperuser` in your ' +
          'project to create one manually.',
      );
      return;
    }
    const values = interactive ? await this.asked(options, stdin) : await this.given(options);
    const users = this.model._defaultManager.dbManager(database) as unknown as BaseUserManager & {
      createSuperuser?(values: Values): Promise<unknown>;
    };
    if (users.createSuperuser === undefined) {
      throw new CommandError(
        `The manager ${users.constructor.name} of ${this.model.name} has no createSuperuser(): it makes the user of an ` +
          'object of its values.',
      );
    }
    await users.createSuperuser(values);
    if (verbosity >= 1) this.stdout.write('Superuser created successfully.');
  }

  /** What options and environment say. @throws CommandError for what is missing or will not do. */
  private async given(options: Options<Arguments>): Promise<Values> {
    const { environment } = this;
    const username = this.option(options, this.username) ?? environment(this.username.name);
    if (username === undefined) {
      throw new CommandError(`You must use --${this.username.name} with --noinput.`);
    }
    const fault = await this.faultOf(username, options.database);
    if (fault !== undefined) throw new CommandError(fault);
    const values: Values = { [this.model.USERNAME_FIELD]: username };
    if (this.hasPassword) values['password'] = environment('password') ?? null;
    for (const field of this.required) {
      const value = this.option(options, field) || environment(field.name);
      if (!value) {
        if (field.blank && value === '') continue;
        throw new CommandError(`You must use --${field.name} with --noinput.`);
      }
      values[camelCase(field.name)] = await this.cleaned(field, value);
    }
    return values;
  }

  /** What somebody types. */
  private async asked(options: Options<Arguments>, input: NodeJS.ReadableStream): Promise<Values> {
    const prompt = new Prompt({ input, output: { write: (text) => this.stdout.write(text, undefined, '') } });
    try {
      const username = await this.askUsername(prompt, options);
      const values: Values = { [this.model.USERNAME_FIELD]: username };
      for (const field of this.required) {
        const value = this.option(options, field);
        values[camelCase(field.name)] =
          value === undefined ? await this.ask(prompt, field) : await this.cleaned(field, value);
      }
      if (this.hasPassword) values['password'] = await this.askPassword(prompt, { ...values });
      return values;
    } finally {
      prompt.close();
    }
  }

  private async askUsername(prompt: Prompt, options: Options<Arguments>): Promise<unknown> {
    const { database } = options;
    const standard = await getDefaultUsername(database);
    let username: unknown = this.option(options, this.username);
    if (username === '') {
      throw new CommandError(`${capfirst(String(this.username.verboseName))} cannot be blank.`);
    }
    for (;;) {
      username ??= await this.ask(prompt, this.username, standard);
      const fault = await this.faultOf(username, database);
      if (fault === undefined) return username;
      this.stderr.write(fault);
      username = undefined;
    }
  }

  /** Asks until the answer will do. */
  private async ask(prompt: Prompt, field: Field, standard = ''): Promise<unknown> {
    const offer = standard === '' ? '' : ` (leave blank to use '${standard}')`;
    for (;;) {
      const answer = await prompt.ask(`${capfirst(String(field.verboseName))}${offer}: `);
      try {
        return await field.clean(answer === '' ? standard : answer);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        this.stderr.write(`Error: ${error.messages.join('; ')}`);
      }
    }
  }

  private async askPassword(prompt: Prompt, values: Values): Promise<string> {
    for (;;) {
      const first = await prompt.askSecretly('Password: ');
      const second = await prompt.askSecretly('Password (again): ');
      if (first !== second) {
        this.stderr.write("Error: Your passwords didn't match.");
        continue;
      }
      if (first.trim() === '') {
        this.stderr.write("Error: Blank passwords aren't allowed.");
        continue;
      }
      try {
        await validatePassword(second, values);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        this.stderr.write(error.messages.join('\n'));
        const answer = await prompt.ask('Bypass password validation and create user anyway? [y/N]: ');
        if (answer.toLowerCase() !== 'y') continue;
      }
      return first;
    }
  }

  /** What is wrong with a user name. */
  private async faultOf(username: unknown, database: string): Promise<string | undefined> {
    const name = String(this.username.verboseName);
    if (!username) return `${capfirst(name)} cannot be blank.`;
    const { USERNAME_FIELD, _defaultManager: users } = this.model;
    if (
      await users
        .using(database)
        .filter({ [USERNAME_FIELD]: username } as never)
        .exists()
    ) {
      return `Error: That ${name} is already taken.`;
    }
    try {
      await this.username.clean(username);
      return undefined;
    } catch (error) {
      if (error instanceof ValidationError) return error.messages.join('; ');
      throw error;
    }
  }

  private async cleaned(field: Field, value: unknown): Promise<unknown> {
    try {
      return await field.clean(value);
    } catch (error) {
      if (error instanceof ValidationError) throw new CommandError(error.messages.join('; '));
      throw error;
    }
  }

  private readonly environment = (name: string): string | undefined =>
    process.env[`DJANGO_SUPERUSER_${name.toUpperCase()}`];

  private option(options: Arguments, field: Field): string | undefined {
    return options[camelCase(field.name)] as string | undefined;
  }

  private get hasPassword(): boolean {
    return this.model._meta.findField('password') !== undefined;
  }

  /** A field by its name or its property. */
  private fieldOf(name: string): Field {
    const { _meta: meta } = this.model;
    return meta.fieldsByProperty.get(name) ?? meta.getField(name);
  }
}
