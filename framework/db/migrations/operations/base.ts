/** Django: `django.db.migrations.operations.base`. */
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import { connections } from '../../connections';
import type { Field } from '../../models/fields/base';
import type { NamedManagers } from '../../models/manager';
import type { Options } from '../../models/options';
import { router } from '../../router';
import type { HistoricalMeta, ProjectState } from '../state';

/** Where an operation works on a database: `from` and `to` are the states before and after, in its direction. */
export type DatabaseStep = [
  appLabel: string,
  editor: DatabaseSchemaEditor,
  from: ProjectState,
  to: ProjectState,
];

/** What an operation does, as the sign that stands in front of its description. Django: `OperationCategory`. */
export enum OperationCategory {
  ADDITION = '+',
  REMOVAL = '-',
  ALTERATION = '~',
  CODE = 'p',
  SQL = 's',
  MIXED = '?',
}

/** CreateModel, as what follows it sees it. */
export interface Creation {
  readonly nameLower: string;
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly options: HistoricalMeta;
  /** The same model, created otherwise. */
  with(changes: {
    name?: string;
    fields?: Creation['fields'];
    options?: HistoricalMeta;
    managers?: NamedManagers;
  }): Operation;
}

/** One step of a migration. Nothing of it changes once it is made. */
export abstract class Operation {
  /** Whether it can be undone. */
  get reversible(): boolean {
    return true;
  }
  /** Whether `sqlmigrate` can show it. */
  readonly reducesToSql: boolean = true;
  /** A transaction of its own where the migration has none; null: if the migration is atomic. */
  readonly atomic: boolean | null = false;
  /** Whether it can be left out when migrations are squashed. */
  elidable = false;
  readonly category: OperationCategory = OperationCategory.MIXED;

  /** Changes the state as the operation changes the models. */
  abstract stateForwards(appLabel: string, state: ProjectState): void;
  /** Does it. */
  abstract databaseForwards(...step: DatabaseStep): Promise<void>;
  /** Undoes it: `from` is the state with it, `to` the state without. */
  abstract databaseBackwards(...step: DatabaseStep): Promise<void>;
  /** What it does, for people. */
  abstract describe(): string;

  /** The same, behind the sign of its category. */
  formattedDescription(): string {
    return `${this.category} ${this.describe()}`;
  }

  /** What a migration of this operation is named after; null: nothing. */
  get migrationNameFragment(): string | null {
    return null;
  }

  /** What its constructor takes to make the same again. @throws Error for an operation that does not say. */
  deconstruct(): readonly unknown[] {
    throw new Error(
      `${this.constructor.name} cannot be written into a migration: give it a method deconstruct() that returns ` +
        'the arguments of its constructor.',
    );
  }

  /**
   * What can stand for this operation and a later one: operations, or whether the later one may come first.
   *
   * @param appLabel the app of both.
   */
  reduce(operation: Operation, _appLabel: string): readonly Operation[] | boolean {
    if (this.elidable) return [operation];
    return operation.elidable ? [this] : false;
  }

  /** What creating that model comes to with this operation; undefined where the operation is of something else. */
  foldInto(_creation: Creation): readonly Operation[] | undefined {
    return undefined;
  }

  /** Whether it takes the model of that name (in lower case) away. */
  deletes(_modelName: string): boolean {
    return false;
  }

  /** Whether it may have to do with a model, of the operation's own app unless named otherwise. In doubt it has. */
  referencesModel(_name: string, _appLabel: string): boolean {
    return true;
  }

  /** Whether it may have to do with a field. In doubt it has. */
  referencesField(modelName: string, _name: string, appLabel: string): boolean {
    return this.referencesModel(modelName, appLabel);
  }

  /** Whether a model's table is for migrations to change. */
  allowMigrateModel(connectionAlias: string, model: Options): boolean {
    return (
      model.canMigrate(connections.get(connectionAlias)) && router.allowMigrateModel(connectionAlias, model)
    );
  }

  /** A model as it is in a state; undefined where its table is not for migrations to change. */
  protected migratedModel(
    name: string,
    state: ProjectState,
    appLabel: string,
    editor: DatabaseSchemaEditor,
  ): Options | undefined {
    const model = state.apps.getOptions(appLabel, name);
    return this.allowMigrateModel(editor.connection.alias, model) ? model : undefined;
  }

  toString(): string {
    return `<${this.constructor.name}>`;
  }
}
