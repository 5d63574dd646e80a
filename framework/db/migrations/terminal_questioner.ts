/** Questions that are asked on a terminal, and what is done where nobody can be asked. Django: the same module's other classes. */
import { runInNewContext } from 'node:vm';
import { Prompt, type Terminal } from '../../utils/prompts';
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

/** Asks whoever sits at the terminal. */
export class InteractiveMigrationQuestioner extends MigrationQuestioner {
  private readonly prompt: Prompt;

  constructor(
    specifiedApps: ReadonlySet<string>,
    private readonly dryRun: boolean,
    terminal?: Terminal,
  ) {
    super({}, specifiedApps);
    this.prompt = new Prompt(terminal);
  }

  /** Nothing will be asked any more. */
  close(): void {
    this.prompt.close();
  }

  private async askDefault(otherwise = ''): Promise<unknown> {
    const write = (text: string): void => this.prompt.write(text);
    write('Please enter the default value as valid JavaScript.');
    if (otherwise) write(`Accept the default '${otherwise}' by pressing 'Enter' or provide another value.`);
    write("Type 'exit' to exit this prompt");
    for (;;) {
      const code =
        (await this.prompt.ask(otherwise ? `[default: ${otherwise}] >>> ` : '>>> ')).trim() || otherwise;
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
    const choice = await this.prompt.choose(
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
    const choice = await this.prompt.choose(
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
    const choice = await this.prompt.choose(
      `It is impossible to add the field '${fieldName}' with 'autoNowAdd: true' to ${modelName} without providing a ` +
        `default. ${POPULATE}`,
      ['Provide a one-off default now which will be set on all existing rows', DEFINE],
    );
    if (choice === 2) throw new QuestionerExit('');
    return this.askDefault('() => new Date()');
  }

  override async askUniqueCallableDefaultAddition(fieldName: string, modelName: string): Promise<void> {
    if (this.dryRun) return;
    const choice = await this.prompt.choose(
      `Callable default on unique field ${modelName}.${fieldName} will not generate unique values upon migrating.\n` +
        'Please choose how to proceed:',
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
    return this.prompt.confirm(
      `Was ${modelName}.${oldName} renamed to ${modelName}.${newName} (a ${kind})? [y/N]`,
    );
  }

  override askMerge(_appLabel: string): Promise<boolean> {
    return this.prompt.confirm(
      '\nMerging will only work if the operations printed above do not conflict\nwith each other (working on different ' +
        'fields or models)\nShould these migration branches be merged? [y/N]',
    );
  }

  override askRenameModel(oldModel: ModelState, newModel: ModelState): Promise<boolean> {
    return this.prompt.confirm(
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
