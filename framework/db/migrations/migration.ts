/** A migration file. Django: `django.db.migrations.migration`. */

import { localtime } from '../../utils/timezone';
import type { DatabaseSchemaEditor } from '../backends/base/schema';
import { IrreversibleError } from './exceptions';
import type { Operation } from './operations/base';
import type { ProjectState } from './state';

/** A name that is made of several operations is cut before it is longer. */
const MAX_SUGGESTED_LENGTH = 52;

/** The minute, in the site's time zone, for the name of a migration that has no better one. */
export function migrationTimestamp(): string {
  const { year, month, day, hour, minute } = localtime();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${year}${two(month)}${two(day)}_${two(hour)}${two(minute)}`;
}

/** Migrations, as pairs of app label and name. */
export type Dependencies = readonly (readonly string[])[];

/** A dependency on the model that a setting names. */
export type SwappableDependency = readonly [app: string, name: string] & {
  /** What the setting said. */
  readonly setting: string;
};

/**
 * What a migration depends on whose models refer to the one that a setting names: the first migration of that model's app.
 *
 * @example `override dependencies = [migrations.swappableDependency(settings.AUTH_USER_MODEL)]`
 */
export function swappableDependency(model: string): SwappableDependency {
  const pair = [model.slice(0, model.indexOf('.')), '__first__'] as const;
  return Object.defineProperty(pair, 'setting', { value: model }) as unknown as SwappableDependency;
}

/**
 * The base of every migration. A file `migrations/0001_initial.ts` exports a subclass named `Migration`.
 *
 * @example
 * ```ts
 * import * as migrations from 'tsango/db/migrations';
 * import * as models from 'tsango/db/models';
 *
 * export class Migration extends migrations.Migration {
 *   override initial = true;
 *   override operations = [
 *     new migrations.CreateModel({
 *       name: 'Article',
 *       fields: [
 *         ['id', new models.BigAutoField({ autoCreated: true, primaryKey: true, serialize: false, verboseName: 'ID' })],
 *         ['headline', new models.CharField({ maxLength: 200 })],
 *       ],
 *     }),
 *   ];
 * }
 * ```
 */
export class Migration {
  /** What it does, in order. */
  operations: readonly Operation[] = [];
  /** What must be applied before: `[['sampleapp', '0001_initial']]`; `'__first__'` and `'__latest__'` are names, too. */
  dependencies: Dependencies = [];
  /** What must be applied after. */
  runBefore: Dependencies = [];
  /** The migrations of the same app that this one, squashed, replaces. */
  replaces: Dependencies = [];
  /** Whether `--fake-initial` looks for its tables; null: if it depends on none of its own app. */
  initial: boolean | null = null;
  /** One transaction for everything, where the database can. */
  atomic = true;

  constructor(
    readonly name: string,
    readonly appLabel: string,
  ) {}

  toString(): string {
    return `${this.appLabel}.${this.name}`;
  }

  /** The same with something else about it. */
  with(changes: Partial<MigrationParts> & { name?: string }): Migration {
    const { operations, dependencies, runBefore, replaces, initial, atomic } = this;
    const { name = this.name, ...parts } = changes;
    const own = { operations, dependencies, runBefore, replaces, initial, atomic };
    return Object.assign(new Migration(name, this.appLabel), own, parts);
  }

  /** What it may be called after its number: what its operations do. */
  suggestName(): string {
    if (this.initial) return 'initial';
    const fragments = this.operations.flatMap(({ migrationNameFragment: fragment }) =>
      fragment ? [fragment.replace(/[^\p{L}\p{N}_]+/gu, '_')] : [],
    );
    const [first, ...others] = fragments;
    if (first === undefined || fragments.length !== this.operations.length)
      return `auto_${migrationTimestamp()}`;
    let name = first;
    for (const fragment of others) {
      const longer = `${name}_${fragment}`;
      if (longer.length > MAX_SUGGESTED_LENGTH) return `${name}_and_more`;
      name = longer;
    }
    return name;
  }

  /** The state after this migration. `preserve` leaves the given one as it is. */
  mutateState(state: ProjectState, preserve = true): ProjectState {
    const after = preserve ? state.clone() : state;
    for (const operation of this.operations) operation.stateForwards(this.appLabel, after);
    return after;
  }

  /** Runs the operations. `state` becomes the state afterwards. */
  async apply(state: ProjectState, editor: DatabaseSchemaEditor): Promise<ProjectState> {
    for (const operation of this.operations) {
      if (editor.collectSql && !this.comment(operation, editor)) continue;
      editor.begins(operation.describe());
      const before = state.clone();
      operation.stateForwards(this.appLabel, state);
      await this.runOperation(operation, editor, () =>
        operation.databaseForwards(this.appLabel, editor, before, state),
      );
    }
    return state;
  }

  /**
   * Undoes the operations, last first.
   *
   * @param state the state before the migration.
   * @throws IrreversibleError if one of them cannot be undone; nothing has been then.
   */
  async unapply(state: ProjectState, editor: DatabaseSchemaEditor): Promise<void> {
    const toRun: { operation: Operation; before: ProjectState; after: ProjectState }[] = [];
    let at = state;
    for (const operation of this.operations) {
      if (!operation.reversible) {
        throw new IrreversibleError(
          `Operation ${operation.toString()} in ${this.toString()} is not reversible`,
        );
      }
      const before = at.clone();
      at = at.clone();
      operation.stateForwards(this.appLabel, at);
      toRun.unshift({ operation, before, after: at });
    }
    for (const { operation, before, after } of toRun) {
      if (editor.collectSql && !this.comment(operation, editor)) continue;
      editor.begins(operation.describe());
      await this.runOperation(operation, editor, () =>
        operation.databaseBackwards(this.appLabel, editor, after, before),
      );
    }
  }

  private async runOperation(
    operation: Operation,
    editor: DatabaseSchemaEditor,
    body: () => Promise<void>,
  ): Promise<void> {
    // A transaction of its own for code that wants one, where the migration as a whole has none.
    const own = operation.atomic === true || (this.atomic && operation.atomic !== false);
    if (!editor.atomicMigration && own && !editor.collectSql) await editor.connection.atomic(body);
    else await body();
  }

  /** Heads an operation's statements; says whether there are any. */
  private comment(operation: Operation, editor: DatabaseSchemaEditor): boolean {
    editor.collectedSql.push('--', `-- ${operation.describe()}`, '--');
    if (!operation.reducesToSql) editor.collectedSql.push('-- THIS OPERATION CANNOT BE WRITTEN AS SQL');
    return operation.reducesToSql;
  }
}

/** What a migration says of itself. */
export type MigrationParts = Pick<
  Migration,
  'operations' | 'dependencies' | 'runBefore' | 'replaces' | 'initial' | 'atomic'
>;

/** A class that `Migration` is the base of. */
export type MigrationClass = new (name: string, appLabel: string) => Migration;
