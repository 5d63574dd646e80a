/** Operations on whole models. Django: `django.db.migrations.operations.models`. */

import { ValueError } from '../../../core/exceptions';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { MetaOptions, Options } from '../../models/options';
import { ModelState, type ProjectState } from '../state';
import { Operation } from './base';

/** What CreateModel takes. */
export interface CreateModelOptions {
  name: string;
  fields: readonly (readonly [name: string, field: Field])[];
  options?: MetaOptions;
}

/** Creates a model's table. */
export class CreateModel extends Operation {
  constructor(private readonly model: CreateModelOptions) {
    super();
    const names = model.fields.map(([name]) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new ValueError(`Found duplicate value ${twice} in CreateModel fields argument.`);
    }
  }

  get name(): string {
    return this.model.name;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { name, fields, options = {} } = this.model;
    state.setModel(new ModelState(appLabel, name, new Map(fields), options));
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.name);
    if (model.managed) await editor.createModel(model);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.name);
    if (model.managed) await editor.deleteModel(model);
  }

  describe(): string {
    return `Create model ${this.name}`;
  }
}

/** Drops a model's table. */
export class DeleteModel extends Operation {
  constructor(private readonly model: { name: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.getModelState(appLabel, this.model.name);
    state.removeModel(appLabel, this.model.name);
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.model.name);
    if (model.managed) await editor.deleteModel(model);
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.model.name);
    if (model.managed) await editor.createModel(model);
  }

  describe(): string {
    return `Delete model ${this.model.name}`;
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

async function renameTables(editor: DatabaseSchemaEditor, from: Options, to: Options): Promise<void> {
  if (from.dbTable !== to.dbTable) await editor.alterDbTable(to, from.dbTable, to.dbTable);
  for (const [i, field] of from.localManyToMany.entries()) {
    const renamed = to.localManyToMany[i];
    if (renamed && field.hasOwnTable && renamed.hasOwnTable) await renameThrough(editor, field, renamed);
  }
}

/** Renames a model, and its table where the name of that follows. */
export class RenameModel extends Operation {
  constructor(private readonly names: { oldName: string; newName: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.renameModel(appLabel, this.names.oldName, this.names.newName);
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    await this.rename(appLabel, editor, from, to, this.names.oldName, this.names.newName);
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    await this.rename(appLabel, editor, from, to, this.names.newName, this.names.oldName);
  }

  private async rename(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
    oldName: string,
    newName: string,
  ): Promise<void> {
    const before = from.apps.getOptions(appLabel, oldName);
    const after = to.apps.getOptions(appLabel, newName);
    if (!after.managed || before.dbTable === after.dbTable) return;
    if (before.dbTable !== after.dbTable) await editor.alterDbTable(after, before.dbTable, after.dbTable);
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
    for (const [i, field] of before.localManyToMany.entries()) {
      const renamed = after.localManyToMany[i];
      if (renamed && field.hasOwnTable && renamed.hasOwnTable) await renameThrough(editor, field, renamed);
    }
  }

  describe(): string {
    return `Rename model ${this.names.oldName} to ${this.names.newName}`;
  }
}

/** Gives a model another table name. */
export class AlterModelTable extends Operation {
  constructor(private readonly change: { name: string; table: string | null }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.update(appLabel, this.change.name, (model) => {
      const { dbTable: _old, ...rest } = model.options;
      return model.with({
        options: this.change.table === null ? rest : { ...rest, dbTable: this.change.table },
      });
    });
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const after = to.apps.getOptions(appLabel, this.change.name);
    if (after.managed) await renameTables(editor, from.apps.getOptions(appLabel, this.change.name), after);
  }

  databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    return this.databaseForwards(appLabel, editor, from, to);
  }

  describe(): string {
    return `Rename table for ${this.change.name} to ${this.change.table ?? '(default)'}`;
  }
}

/** Changes what of a model's Meta the table knows nothing of: names, ordering, permissions. */
export class AlterModelOptions extends Operation {
  static readonly OPTIONS = [
    'managed',
    'ordering',
    'verboseName',
    'verboseNamePlural',
    'getLatestBy',
    'permissions',
    'defaultPermissions',
  ] as const;

  constructor(private readonly change: { name: string; options: MetaOptions }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.update(appLabel, this.change.name, (model) => {
      const options: MetaOptions = { ...model.options };
      for (const name of AlterModelOptions.OPTIONS) if (!(name in this.change.options)) delete options[name];
      return model.with({ options: { ...options, ...this.change.options } });
    });
  }

  async databaseForwards(): Promise<void> {}

  async databaseBackwards(): Promise<void> {}

  describe(): string {
    return `Change Meta options on ${this.change.name}`;
  }
}

/** Sets which groups of fields no two rows share. */
export class AlterUniqueTogether extends Operation {
  constructor(
    private readonly change: { name: string; uniqueTogether: readonly (readonly string[])[] | null },
  ) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.update(appLabel, this.change.name, (model) =>
      model.with({ options: { ...model.options, uniqueTogether: this.change.uniqueTogether ?? [] } }),
    );
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const after = to.apps.getOptions(appLabel, this.change.name);
    if (!after.managed) return;
    const before = from.apps.getOptions(appLabel, this.change.name);
    await editor.alterUniqueTogether(after, before.uniqueTogether, after.uniqueTogether);
  }

  databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    return this.databaseForwards(appLabel, editor, from, to);
  }

  describe(): string {
    return `Alter unique_together for ${this.change.name} (${this.change.uniqueTogether?.length ?? 0} constraint(s))`;
  }
}
