/** Django: `django.db.migrations.operations.base`. */
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import { connections } from '../../connections';
import type { Options } from '../../models/options';
import type { ProjectState } from '../state';

/** Where an operation works on a database: `from` and `to` are the states before and after, in its direction. */
export type DatabaseStep = [
  appLabel: string,
  editor: DatabaseSchemaEditor,
  from: ProjectState,
  to: ProjectState,
];

/** One step of a migration. */
export abstract class Operation {
  /** Whether it can be undone. */
  get reversible(): boolean {
    return true;
  }
  /** Whether `sqlmigrate` can show it. */
  readonly reducesToSql: boolean = true;
  /** A transaction of its own where the migration has none; null: if the migration is atomic. */
  readonly atomic: boolean | null = false;

  /** Changes the state as the operation changes the models. */
  abstract stateForwards(appLabel: string, state: ProjectState): void;
  /** Does it. */
  abstract databaseForwards(...step: DatabaseStep): Promise<void>;
  /** Undoes it: `from` is the state with it, `to` the state without. */
  abstract databaseBackwards(...step: DatabaseStep): Promise<void>;
  /** What it does, for people. */
  abstract describe(): string;

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
    return model.canMigrate(connections.get(connectionAlias));
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
