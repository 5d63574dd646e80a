/** What only a person can know about a change of models. Django: `django.db.migrations.questioner`. */
import type { MaybePromise } from '../../utils/maybe_promise';
import type { Field } from '../models/fields/base';
import type { ModelState } from './state';

/** The answer that a field keeps what it has, and gets no default for the rows that exist. */
export const NOT_PROVIDED: unique symbol = Symbol('NOT_PROVIDED');

/** Answers the questions of the autodetector. This one asks nobody. */
export class MigrationQuestioner {
  /** @param defaults answers by the name of their question, for tests and programs. */
  constructor(
    protected readonly defaults: Readonly<Record<string, unknown>> = {},
    /** The apps that were named on the command line. */
    protected readonly specifiedApps: ReadonlySet<string> = new Set(),
  ) {}

  protected answer<T>(question: string, otherwise: T): T {
    return Object.hasOwn(this.defaults, question) ? (this.defaults[question] as T) : otherwise;
  }

  /** Whether an app without migrations gets its first. */
  askInitial(appLabel: string): MaybePromise<boolean> {
    return this.specifiedApps.has(appLabel) || this.answer('askInitial', false);
  }

  /** What the rows that exist get in a new column that takes no NULL. */
  askNotNullAddition(_fieldName: string, _modelName: string): MaybePromise<unknown> {
    return null;
  }

  /** What the rows that exist get in a column that takes no NULL any more; NOT_PROVIDED: there is none. */
  askNotNullAlteration(_fieldName: string, _modelName: string): MaybePromise<unknown> {
    return null;
  }

  /** Whether a field is an old one under another name. */
  askRename(_modelName: string, _oldName: string, _newName: string, _field: Field): MaybePromise<boolean> {
    return this.answer('askRename', false);
  }

  /** Whether a model is an old one under another name. */
  askRenameModel(_oldModel: ModelState, _newModel: ModelState): MaybePromise<boolean> {
    return this.answer('askRenameModel', false);
  }

  /** Whether the branches of an app's migrations are to be merged. */
  askMerge(_appLabel: string): MaybePromise<boolean> {
    return this.answer('askMerge', false);
  }

  /** What the rows that exist get in a new column with the time of their creation. */
  askAutoNowAddAddition(_fieldName: string, _modelName: string): MaybePromise<unknown> {
    return null;
  }

  /** Says that a unique column whose default is calculated needs a migration by hand. */
  askUniqueCallableDefaultAddition(_fieldName: string, _modelName: string): MaybePromise<void> {}
}
