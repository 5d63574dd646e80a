/** Operations of the migration's author. Django: `django.db.migrations.operations.special`. */
import { ValueError } from '../../../core/exceptions';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import { prepareScript } from '../../backends/scripts';
import { type RouterHints, router } from '../../router';
import type { ProjectState, StateApps } from '../state';
import { Operation, OperationCategory } from './base';

/** Statements: a script, or a list of statements, each with parameters if it needs them. */
export type Sql = string | readonly (string | readonly [sql: string, params: readonly unknown[] | null])[];

/** What RunSQL takes besides its statements. */
export interface RunSqlOptions {
  /** What it means for the models. */
  stateOperations?: readonly Operation[];
  /** What routers are told. */
  hints?: RouterHints;
  elidable?: boolean;
}

/** Runs SQL. Placeholders are `?` on every database. */
export class RunSQL extends Operation {
  override readonly category = OperationCategory.SQL;
  /** Does nothing. */
  static readonly noop = '';

  /** @param reverseSql what undoes it; without it the migration cannot be unapplied. `RunSQL.noop`: nothing. */
  constructor(
    readonly sql: Sql,
    readonly reverseSql?: Sql,
    readonly options: RunSqlOptions = {},
  ) {
    super();
    this.elidable = options.elidable ?? false;
  }

  override get reversible(): boolean {
    return this.reverseSql !== undefined;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    for (const operation of this.options.stateOperations ?? []) operation.stateForwards(appLabel, state);
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    if (isAllowed(editor, appLabel, this.options)) await this.run(editor, this.sql);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    if (isAllowed(editor, appLabel, this.options)) await this.run(editor, this.reverseSql ?? RunSQL.noop);
  }

  private async run(editor: DatabaseSchemaEditor, sql: Sql): Promise<void> {
    const { vendor } = editor.connection;
    for (const entry of typeof sql === 'string' ? prepareScript(sql, vendor) : sql) {
      if (typeof entry === 'string') await editor.execute(entry);
      else if (entry.length === 2) await editor.executeWith(entry[0], entry[1] ?? []);
      else throw new ValueError(`Expected a 2-tuple but got ${(entry as readonly unknown[]).length}`);
    }
  }

  describe(): string {
    return 'Raw SQL operation';
  }

  override deconstruct(): readonly unknown[] {
    const { sql, reverseSql, options } = this;
    return withoutEmptyEnd([sql, reverseSql, options]);
  }
}

/** A function of a migration. `apps.getModel('app', 'Model')` is the model as it was at that point. */
export type MigrationCode = (apps: StateApps, schemaEditor: DatabaseSchemaEditor) => MaybePromise<unknown>;

/** What RunCode takes besides its functions. */
export interface RunCodeOptions {
  /** A transaction of its own; default: as the migration. */
  atomic?: boolean;
  /** What routers are told. */
  hints?: RouterHints;
  elidable?: boolean;
}

/** Runs a function. Django: `RunPython`. */
export class RunCode extends Operation {
  override readonly category = OperationCategory.CODE;
  override readonly reducesToSql = false;
  override readonly atomic: boolean | null;

  /** @param reverseCode what undoes it; without it the migration cannot be unapplied. `RunCode.noop`: nothing. */
  constructor(
    readonly code: MigrationCode,
    readonly reverseCode?: MigrationCode,
    readonly options: RunCodeOptions = {},
  ) {
    super();
    this.atomic = options.atomic ?? null;
    this.elidable = options.elidable ?? false;
  }

  /** Does nothing. */
  static noop(this: void): undefined {
    return undefined;
  }

  override get reversible(): boolean {
    return this.reverseCode !== undefined;
  }

  stateForwards(): void {}

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    if (isAllowed(editor, appLabel, this.options)) await this.code(from.apps, editor);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    if (isAllowed(editor, appLabel, this.options)) await this.reverseCode?.(from.apps, editor);
  }

  describe(): string {
    return 'Raw code operation';
  }

  override deconstruct(): readonly unknown[] {
    const { code, reverseCode, options } = this;
    return withoutEmptyEnd([code, reverseCode, options]);
  }
}

/** `RunCode` by the name that it has in Django. */
export const RunPython = RunCode;
export type RunPython = RunCode;

/** Whether the routers let an app's migration do what they are not told. */
function isAllowed(
  editor: DatabaseSchemaEditor,
  appLabel: string,
  options: { hints?: RouterHints },
): boolean {
  return router.allowMigrate(editor.connection.alias, appLabel, options.hints);
}

/** Arguments without those at their end that say nothing. */
function withoutEmptyEnd(args: readonly unknown[]): readonly unknown[] {
  const says = (arg: unknown): boolean =>
    arg !== undefined && !(typeof arg === 'object' && arg !== null && Object.keys(arg).length === 0);
  return args.slice(0, args.findLastIndex(says) + 1);
}

/** Does one thing to the database and says another of the models. */
export class SeparateDatabaseAndState extends Operation {
  constructor(
    private readonly operations: {
      databaseOperations?: readonly Operation[];
      stateOperations?: readonly Operation[];
    },
  ) {
    super();
  }

  /** What is done to the database. */
  get databaseOperations(): readonly Operation[] {
    return this.operations.databaseOperations ?? [];
  }

  override get reversible(): boolean {
    return this.databaseOperations.every((operation) => operation.reversible);
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    for (const operation of this.operations.stateOperations ?? []) operation.stateForwards(appLabel, state);
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    let before = from;
    for (const operation of this.databaseOperations) {
      const after = before.clone();
      operation.stateForwards(appLabel, after);
      await operation.databaseForwards(appLabel, editor, before, after);
      before = after;
    }
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const states = [to];
    for (const operation of this.databaseOperations) {
      const after = (states[states.length - 1] as ProjectState).clone();
      operation.stateForwards(appLabel, after);
      states.push(after);
    }
    const operations = [...this.databaseOperations];
    for (let i = operations.length - 1; i >= 0; i--) {
      const [before, after] = [states[i] as ProjectState, states[i + 1] as ProjectState];
      await (operations[i] as Operation).databaseBackwards(appLabel, editor, after, before);
    }
  }

  describe(): string {
    return 'Custom state/database change combination';
  }

  override deconstruct(): readonly unknown[] {
    return [this.operations];
  }
}
