/** Questions that are asked on a terminal, and what is done where nobody can be asked. Django: the same module's other classes. */
import { createInterface, type Interface } from 'node:readline';
import { runInNewContext } from 'node:vm';
import type { Field } from '../models/fields/base';
import { MigrationQuestioner, NOT_PROVIDED } from './questioner';
import type { ModelState } from './state';

/** Nothing is written: whoever was asked wants to change the models first. */
export class QuestionerExit extends Error {
  readonly status = 3;
}

const POPULATE = 'This is because the database needs something to populate existing rows.';
const DEFINE = 'Quit and manually define a default value in models.ts.';
const UNIQUE_HOWTO =
  'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#migrations-that-add-unique-fields';

/** Where questions are asked, and answers come from. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks whoever sits at the terminal. */
export class InteractiveMigrationQuestioner extends MigrationQuestioner {
  private reader: Interface | undefined;
  private typed: AsyncIterator<string> | undefined;

  constructor(
    specifiedApps: ReadonlySet<string>,
    private readonly dryRun: boolean,
    private readonly terminal: Terminal = { input: process.stdin, output: process.stdout },
  ) {
    super({}, specifiedApps);
  }

  /** The lines that are typed: opened with the first question, and kept, for several may come at once. */
  private get lines(): AsyncIterator<string> {
    if (this.reader === undefined) {
      this.reader = createInterface({ input: this.terminal.input });
      this.typed = this.reader[Symbol.asyncIterator]();
    }
    return this.typed as AsyncIterator<string>;
  }

  private async ask(prompt: string): Promise<string> {
    this.terminal.output.write(prompt);
    const line = await this.lines.next();
    if (line.done) throw new QuestionerExit('There is nobody to answer: use --no-input.');
    return line.value;
  }

  /** Nothing will be asked any more. */
  close(): void {
    this.reader?.close();
  }

  private async confirm(question: string): Promise<boolean> {
    for (let prompt = `${question} `; ; prompt = 'Please answer yes or no: ') {
      const answer = (await this.ask(prompt)).trim().toLowerCase();
      if (answer === '') return false;
      if (/^[yn]/.test(answer)) return answer.startsWith('y');
    }
  }

  /** @returns the number of the choice, from 1. */
  private async choose(question: string, choices: readonly string[]): Promise<number> {
    const list = choices.map((choice, at) => ` ${at + 1}) ${choice}\n`).join('');
    for (let prompt = `${question}\n${list}Select an option: `; ; prompt = 'Please select a valid option: ') {
      const answer = Number((await this.ask(prompt)).trim());
      if (Number.isInteger(answer) && answer >= 1 && answer <= choices.length) return answer;
    }
  }

  private async askDefault(otherwise = ''): Promise<unknown> {
    const write = (text: string): boolean => this.terminal.output.write(`${text}\n`);
    write('Please enter the default value as valid JavaScript.');
    if (otherwise) write(`Accept the default '${otherwise}' by pressing 'Enter' or provide another value.`);
    write("Type 'exit' to exit this prompt");
    for (;;) {
      const code = (await this.ask(otherwise ? `[default: ${otherwise}] >>> ` : '>>> ')).trim() || otherwise;
      if (code === '') {
        write("Please enter some code, or 'exit' (without quotes) to exit.");
      } else if (code === 'exit') {
        throw new QuestionerExit('');
      } else {
        try {
          return evaluate(code);
        } catch (error) {
          write(`Invalid input: ${String(error)}`);
        }
      }
    }
  }

  override async askNotNullAddition(fieldName: string, modelName: string): Promise<unknown> {
    if (this.dryRun) return null;
    const choice = await this.choose(
      `It is impossible to add a non-nullable field '${fieldName}' to ${modelName} without specifying a default. ` +
        `${POPULATE}\nPlease select a fix:`,
      [
        'Provide a one-off default now (will be set on all existing rows with a null value for this column)',
        DEFINE,
      ],
    );
    if (choice === 2) throw new QuestionerExit('');
    return this.askDefault();
  }

  override async askNotNullAlteration(fieldName: string, modelName: string): Promise<unknown> {
    if (this.dryRun) return null;
    const choice = await this.choose(
      `It is impossible to change a nullable field '${fieldName}' on ${modelName} to non-nullable without providing a ` +
        `default. ${POPULATE}\nPlease select a fix:`,
      [
        'Provide a one-off default now (will be set on all existing rows with a null value for this column)',
        'Ignore for now. Existing rows that contain NULL values will have to be handled manually, for example with a ' +
          'RunCode or RunSQL operation.',
        DEFINE,
      ],
    );
    if (choice === 3) throw new QuestionerExit('');
    return choice === 2 ? NOT_PROVIDED : this.askDefault();
  }

  override async askAutoNowAddAddition(fieldName: string, modelName: string): Promise<unknown> {
    if (this.dryRun) return null;
    const choice = await this.choose(
      `It is impossible to add the field '${fieldName}' with 'autoNowAdd: true' to ${modelName} without providing a ` +
        `default. ${POPULATE}\n`,
      ['Provide a one-off default now which will be set on all existing rows', DEFINE],
    );
    if (choice === 2) throw new QuestionerExit('');
    return this.askDefault('() => new Date()');
  }

  override async askUniqueCallableDefaultAddition(fieldName: string, modelName: string): Promise<void> {
    if (this.dryRun) return;
    const choice = await this.choose(
      `Callable default on unique field ${modelName}.${fieldName} will not generate unique values upon migrating.\n` +
        'Please choose how to proceed:\n',
      [
        'Continue making this migration as the first step in writing a manual migration to generate unique values ' +
          `described here: ${UNIQUE_HOWTO}.`,
        'Quit and edit field options in models.ts.',
      ],
    );
    if (choice === 2) throw new QuestionerExit('');
  }

  override askRename(modelName: string, oldName: string, newName: string, field: Field): Promise<boolean> {
    const kind = field.constructor.name;
    return this.confirm(`Was ${modelName}.${oldName} renamed to ${modelName}.${newName} (a ${kind})? [y/N]`);
  }

  override askRenameModel(oldModel: ModelState, newModel: ModelState): Promise<boolean> {
    return this.confirm(
      `Was the model ${oldModel.appLabel}.${oldModel.name} renamed to ${newModel.name}? [y/N]`,
    );
  }
}

/** What somebody typed, as a value. Its arrays and dates are this program's own, and not those of another realm. */
function evaluate(code: string): unknown {
  return runInNewContext(`(${code})`, { Array, Buffer, Date, JSON, Math, Number, Object, String, crypto });
}

/** Asks nobody: what cannot be known is left out, and said. */
export class NonInteractiveMigrationQuestioner extends MigrationQuestioner {
  constructor(
    specifiedApps: ReadonlySet<string>,
    private readonly log: (text: string) => void,
  ) {
    super({}, specifiedApps);
  }

  private refuse(fieldName: string, modelName: string, reason: string): never {
    this.log(`Field '${fieldName}' on model '${modelName}' not migrated: ${reason}.`);
    throw new QuestionerExit('');
  }

  override askNotNullAddition(fieldName: string, modelName: string): unknown {
    return this.refuse(
      fieldName,
      modelName,
      'it is impossible to add a non-nullable field without specifying a default',
    );
  }

  override askNotNullAlteration(fieldName: string, modelName: string): unknown {
    this.log(
      `Field '${fieldName}' on model '${modelName}' given a default of NOT PROVIDED and must be corrected.`,
    );
    return NOT_PROVIDED;
  }

  override askAutoNowAddAddition(fieldName: string, modelName: string): unknown {
    return this.refuse(
      fieldName,
      modelName,
      "it is impossible to add a field with 'autoNowAdd: true' without specifying a default",
    );
  }
}
