/** Operations on what stands in a model's Meta. Django: the second half of `django.db.migrations.operations.models`. */
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { NamedManagers } from '../../models/manager';
import type { MetaOptions, Options } from '../../models/options';
import type { ProjectState } from '../state';
import { type Creation, type DatabaseStep, type Operation, OperationCategory } from './base';
import { ModelOperation } from './models';

/** An operation that changes a model's Meta. It is undone by doing it from the other state. */
export abstract class ModelOptionOperation extends ModelOperation {
  override readonly category = OperationCategory.ALTERATION;

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const later = operation instanceof this.constructor && (operation as this).nameLower === this.nameLower;
    return later || operation.deletes(this.nameLower) ? [operation] : super.reduce(operation, appLabel);
  }

  override foldInto(creation: Creation): readonly Operation[] | undefined {
    const folded = creation.nameLower === this.nameLower ? this.fold(creation) : undefined;
    return folded && [folded];
  }

  /** The model as it is created with what this operation does; undefined where that cannot be said. */
  protected fold(_creation: Creation): Operation | undefined {
    return undefined;
  }

  async databaseForwards(...[appLabel, editor, from, to]: DatabaseStep): Promise<void> {
    const after = this.migratedModel(this.name, to, appLabel, editor);
    if (after) await this.alterTable(editor, from.apps.getOptions(appLabel, this.name), after);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.databaseForwards(...step);
  }

  /** What the change of Meta does to the table. */
  protected abstract alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void>;
}

/** Gives a model another table name. */
export class AlterModelTable extends ModelOptionOperation {
  readonly table: string | null;

  constructor({ name, table }: { name: string; table: string | null }) {
    super(name);
    this.table = table;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { table } = this;
    state.alterModelOptions(appLabel, this.nameLower, table === null ? {} : { dbTable: table }, ['dbTable']);
  }

  protected async alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    if (before.dbTable !== after.dbTable) await editor.alterDbTable(after, before.dbTable, after.dbTable);
    // Tables in between are named after this one.
    for (const [at, field] of before.localManyToMany.entries()) {
      const renamed = after.localManyToMany[at];
      if (!field.hasOwnTable || !renamed?.hasOwnTable) continue;
      await editor.alterDbTable(renamed.through, field.through.dbTable, renamed.through.dbTable);
    }
  }

  describe(): string {
    return `Rename table for ${this.name} to ${this.table ?? '(default)'}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_table`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, table: this.table }];
  }

  protected override fold(creation: Creation): Operation {
    const { dbTable: _before, ...options } = creation.options;
    return creation.with({ options: { ...options, ...(this.table !== null && { dbTable: this.table }) } });
  }
}

/** Gives a model's table another comment. */
export class AlterModelTableComment extends ModelOptionOperation {
  readonly tableComment: string | null;

  constructor({ name, tableComment }: { name: string; tableComment: string | null }) {
    super(name);
    this.tableComment = tableComment;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterModelOptions(appLabel, this.nameLower, this.meta, ['dbTableComment']);
  }

  private get meta(): MetaOptions {
    return this.tableComment === null ? {} : { dbTableComment: this.tableComment };
  }

  protected async alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    const [from, to] = [before, after].map(({ meta }) => meta.dbTableComment ?? null) as [
      string | null,
      string | null,
    ];
    if (from !== to) await editor.alterDbTableComment(after, from, to);
  }

  describe(): string {
    return `Alter ${this.name} table comment`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_table_comment`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, tableComment: this.tableComment }];
  }

  protected override fold(creation: Creation): Operation {
    const { dbTableComment: _before, ...options } = creation.options;
    return creation.with({ options: { ...options, ...this.meta } });
  }
}

/** Changes what of a model's Meta the table knows nothing of: names, ordering, permissions. */
export class AlterModelOptions extends ModelOptionOperation {
  static readonly OPTIONS = [
    'baseManagerName',
    'defaultManagerName',
    'defaultRelatedName',
    'getLatestBy',
    'managed',
    'ordering',
    'permissions',
    'defaultPermissions',
    'selectOnSave',
    'verboseName',
    'verboseNamePlural',
  ] as const;
  readonly options: MetaOptions;

  constructor({ name, options }: { name: string; options: MetaOptions }) {
    super(name);
    this.options = options;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterModelOptions(appLabel, this.nameLower, this.options, AlterModelOptions.OPTIONS);
  }

  override async databaseForwards(): Promise<void> {}

  protected async alterTable(): Promise<void> {}

  describe(): string {
    return `Change Meta options on ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_options`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, options: this.options }];
  }

  protected override fold(creation: Creation): Operation {
    const options: MetaOptions = { ...creation.options, ...this.options };
    for (const key of AlterModelOptions.OPTIONS) if (!(key in this.options)) delete options[key];
    return creation.with({ options });
  }
}

/** Says with respect to which foreign key the rows have an order, or that they have none any more. */
export class AlterOrderWithRespectTo extends ModelOptionOperation {
  readonly orderWithRespectTo: string | null;

  constructor({ name, orderWithRespectTo }: { name: string; orderWithRespectTo: string | null }) {
    super(name);
    this.orderWithRespectTo = orderWithRespectTo;
  }

  override referencesField(modelName: string, name: string, appLabel: string): boolean {
    const { orderWithRespectTo } = this;
    return this.referencesModel(modelName, appLabel) && [null, name].includes(orderWithRespectTo);
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { orderWithRespectTo } = this;
    state.alterModelOptions(
      appLabel,
      this.nameLower,
      orderWithRespectTo === null ? {} : { orderWithRespectTo },
      ['orderWithRespectTo'],
    );
  }

  protected async alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    const [had, has] = [before, after].map(({ meta }) => meta.orderWithRespectTo != null);
    if (had && !has) await editor.removeField(before, before.getField('_order'));
    if (has && !had) {
      // The rows that are there already come first.
      const column = after.getField('_order').clone({ default: 0 });
      column.contributeTo(after, '_order');
      await editor.addField(before, column);
    }
  }

  describe(): string {
    return `Set order_with_respect_to on ${this.name} to ${this.orderWithRespectTo ?? 'None'}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_order_with_respect_to`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, orderWithRespectTo: this.orderWithRespectTo }];
  }

  protected override fold(creation: Creation): Operation {
    const { orderWithRespectTo: _before, ...options } = creation.options;
    const { orderWithRespectTo } = this;
    return creation.with({
      options: { ...options, ...(orderWithRespectTo !== null && { orderWithRespectTo }) },
    });
  }
}

/** Gives the model other managers for the code of migrations. */
export class AlterModelManagers extends ModelOptionOperation {
  readonly managers: NamedManagers;

  constructor({ name, managers }: { name: string; managers: NamedManagers }) {
    super(name);
    this.managers = managers;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.update(appLabel, this.nameLower, (model) => model.with({ managers: this.managers }));
  }

  override async databaseForwards(): Promise<void> {}

  protected async alterTable(): Promise<void> {}

  describe(): string {
    return `Change managers on ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_managers`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, managers: this.managers }];
  }

  protected override fold(creation: Creation): Operation {
    return creation.with({ managers: this.managers });
  }
}
