/** Operations on whole models. Django: `django.db.migrations.operations.models`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { MetaOptions, Options } from '../../models/options';
import { ModelState, type ProjectState } from '../state';
import { fieldReferences } from '../utils';
import { type DatabaseStep, Operation } from './base';

/** An operation on a model. */
export abstract class ModelOperation extends Operation {
  constructor(readonly name: string) {
    super();
  }

  get nameLower(): string {
    return this.name.toLowerCase();
  }

  override referencesModel(name: string, _appLabel: string): boolean {
    return name.toLowerCase() === this.nameLower;
  }

  /** Makes the table. */
  protected async createTable([appLabel, editor, , to]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.name, to, appLabel, editor);
    if (model) await editor.createModel(model);
  }

  /** Drops the table. */
  protected async deleteTable([appLabel, editor, from]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.name, from, appLabel, editor);
    if (model) await editor.deleteModel(model);
  }
}

/** What CreateModel takes. */
export interface CreateModelOptions {
  name: string;
  fields: readonly (readonly [name: string, field: Field])[];
  options?: MetaOptions;
}

/** Creates a model's table. */
export class CreateModel extends ModelOperation {
  readonly fields: CreateModelOptions['fields'];
  readonly options: MetaOptions;

  constructor({ name, fields, options = {} }: CreateModelOptions) {
    super(name);
    this.fields = fields;
    this.options = options;
    const names = fields.map(([field]) => field);
    const twice = names.find((field, i) => names.indexOf(field) !== i);
    if (twice !== undefined) {
      throw new ValueError(`Found duplicate value ${twice} in CreateModel fields argument.`);
    }
  }

  override referencesModel(name: string, appLabel: string): boolean {
    const own = { appLabel, modelName: this.nameLower };
    const target = { appLabel, modelName: name.toLowerCase() };
    return (
      super.referencesModel(name, appLabel) ||
      this.fields.some(([, field]) => fieldReferences(own, field, target))
    );
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.addModel(new ModelState(appLabel, this.name, new Map(this.fields), this.options));
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.createTable(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.deleteTable(step);
  }

  describe(): string {
    return `Create model ${this.name}`;
  }
}

/** Drops a model's table. */
export class DeleteModel extends ModelOperation {
  constructor({ name }: { name: string }) {
    super(name);
  }

  /** The model that goes may refer to any. */
  override referencesModel(_name: string, _appLabel: string): boolean {
    return true;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.getModelState(appLabel, this.name);
    state.removeModel(appLabel, this.nameLower);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.deleteTable(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.createTable(step);
  }

  describe(): string {
    return `Delete model ${this.name}`;
  }
}

/** Renames what is named after a model in its many-to-many tables. */
async function renameThroughs(editor: DatabaseSchemaEditor, from: Options, to: Options): Promise<void> {
  for (const [i, field] of from.localManyToMany.entries()) {
    const renamed = to.localManyToMany[i];
    if (renamed && field.hasOwnTable && renamed.hasOwnTable) await renameThrough(editor, field, renamed);
  }
}

async function renameThrough(
  editor: DatabaseSchemaEditor,
  from: ManyToManyField,
  to: ManyToManyField,
): Promise<void> {
  const [old, made] = [from.through, to.through];
  await editor.alterDbTable(old, old.dbTable, made.dbTable);
  for (const [i, field] of old.localFields.entries()) {
    const renamed = made.localFields[i];
    if (renamed && renamed.column !== field.column) await editor.alterField(made, field, renamed);
  }
}

/** Renames a model, and its table where the name of that follows. */
export class RenameModel extends ModelOperation {
  readonly oldName: string;
  readonly newName: string;

  constructor({ oldName, newName }: { oldName: string; newName: string }) {
    super(oldName);
    this.oldName = oldName;
    this.newName = newName;
  }

  override referencesModel(name: string, _appLabel: string): boolean {
    return [this.oldName, this.newName].some((each) => each.toLowerCase() === name.toLowerCase());
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.renameModel(appLabel, this.oldName, this.newName);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.rename(step, this.oldName, this.newName);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.rename(step, this.newName, this.oldName);
  }

  private async rename(
    [appLabel, editor, from, to]: DatabaseStep,
    oldName: string,
    newName: string,
  ): Promise<void> {
    const before = from.apps.getOptions(appLabel, oldName);
    const after = this.migratedModel(newName, to, appLabel, editor);
    if (after === undefined || before.dbTable === after.dbTable) return;
    await editor.alterDbTable(after, before.dbTable, after.dbTable);
    // What refers to the model is named after it: foreign keys, and columns of tables in between.
    for (const { appLabel: app, modelName, localFields, localManyToMany } of from.apps.all()) {
      if (app === appLabel && modelName === before.modelName) continue;
      const owner = to.apps.find(`${app}.${modelName}`);
      if (!owner) continue;
      for (const field of [...localFields, ...localManyToMany]) {
        if (!field.isRelation() || field.toKey !== before.key || !owner.hasField(field.name)) continue;
        await editor.alterField(owner, field, owner.getField(field.name));
      }
    }
    await renameThroughs(editor, before, after);
  }

  describe(): string {
    return `Rename model ${this.oldName} to ${this.newName}`;
  }
}

/** An operation that changes a model's Meta. It is undone by doing it from the other state. */
export abstract class ModelOptionOperation extends ModelOperation {
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
    await renameThroughs(editor, before, after);
  }

  describe(): string {
    return `Rename table for ${this.name} to ${this.table ?? '(default)'}`;
  }
}

/** Changes what of a model's Meta the table knows nothing of: names, ordering, permissions. */
export class AlterModelOptions extends ModelOptionOperation {
  static readonly OPTIONS = [
    'managed',
    'ordering',
    'verboseName',
    'verboseNamePlural',
    'getLatestBy',
    'permissions',
    'defaultPermissions',
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
}

/** Sets which groups of fields no two rows share. */
export class AlterUniqueTogether extends ModelOptionOperation {
  readonly uniqueTogether: readonly (readonly string[])[];

  constructor({
    name,
    uniqueTogether,
  }: { name: string; uniqueTogether: readonly (readonly string[])[] | null }) {
    super(name);
    this.uniqueTogether = uniqueTogether ?? [];
  }

  override referencesField(modelName: string, name: string, appLabel: string): boolean {
    const { uniqueTogether } = this;
    return (
      this.referencesModel(modelName, appLabel) &&
      (uniqueTogether.length === 0 || uniqueTogether.some((fields) => fields.includes(name)))
    );
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterModelOptions(appLabel, this.nameLower, { uniqueTogether: this.uniqueTogether });
  }

  protected alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    return editor.alterUniqueTogether(after, before.uniqueTogether, after.uniqueTogether);
  }

  describe(): string {
    return `Alter unique_together for ${this.name} (${this.uniqueTogether.length} constraint(s))`;
  }
}
