/** Django: `django.db.migrations.operations.base`. */
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { ProjectState } from '../state';

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
  abstract databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void>;
  /** Undoes it: `from` is the state with it, `to` the state without. */
  abstract databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void>;
  /** What it does, for people. */
  abstract describe(): string;

  toString(): string {
    return `<${this.constructor.name}>`;
  }
}
