/** Operations on whole models. Django: `django.db.migrations.operations.models`. */

import { ValueError } from '../../../core/exceptions';
import type { Field } from '../../models/fields/base';
import { referenceKey } from '../../models/fields/related';
import { Manager, type NamedManagers } from '../../models/manager';
import { modelKey } from '../../models/model_key';
import { type HistoricalMeta, ModelState, type ProjectState } from '../state';
import { fieldReferences } from '../utils';
import { type Creation, type DatabaseStep, Operation, OperationCategory } from './base';
import { createIndexTogether } from './index_together';

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

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    return super.reduce(operation, appLabel) || this.canReduceThrough(operation, appLabel);
  }

  /** Whether a later operation may come before this one. */
  protected canReduceThrough(operation: Operation, appLabel: string): boolean {
    return !operation.referencesModel(this.name, appLabel);
  }

  /** Makes the table. */
  protected async createTable([appLabel, editor, , to]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.name, to, appLabel, editor);
    if (model === undefined) return;
    await editor.createModel(model);
    await createIndexTogether(editor, model);
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
  options?: HistoricalMeta;
  /** The models that it extends, as `'app.Model'`; also the model whose rows a proxy shows. */
  bases?: readonly string[];
  /** Managers for the code of migrations, by name. */
  managers?: NamedManagers;
}

/** @throws ValueError where a list has something twice. */
function refuseTwice(values: readonly string[], what: string): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined)
    throw new ValueError(`Found duplicate value ${twice} in CreateModel ${what} argument.`);
}

/** Whether these are the managers that every model has. */
function isPlain(managers: NamedManagers): boolean {
  const [[name, manager] = []] = managers;
  return managers.length === 1 && name === 'objects' && manager?.constructor === Manager;
}

/** Creates a model's table. */
export class CreateModel extends ModelOperation implements Creation {
  override readonly category = OperationCategory.ADDITION;
  readonly fields: CreateModelOptions['fields'];
  readonly options: HistoricalMeta;
  readonly bases: readonly string[];
  readonly managers: NamedManagers;

  /** @throws ValueError where a field, a base or a manager is there twice. */
  constructor({ name, fields, options = {}, bases = [], managers = [] }: CreateModelOptions) {
    super(name);
    this.fields = fields;
    this.options = options;
    this.bases = bases;
    this.managers = managers;
    refuseTwice(
      fields.map(([field]) => field),
      'fields',
    );
    refuseTwice(
      bases.map((base) => modelKey(base)),
      'bases',
    );
    refuseTwice(
      managers.map(([manager]) => manager),
      'managers',
    );
  }

  override referencesModel(name: string, appLabel: string): boolean {
    const own = { appLabel, modelName: this.nameLower };
    const target = { appLabel, modelName: name.toLowerCase() };
    return (
      super.referencesModel(name, appLabel) ||
      this.bases.some((base) => referenceKey(base, own) === `${appLabel}.${target.modelName}`) ||
      this.fields.some(([, field]) => fieldReferences(own, field, target))
    );
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { name, fields, options, bases, managers } = this;
    state.addModel(new ModelState(appLabel, name, new Map(fields), options, bases, managers));
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.createTable(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.deleteTable(step);
  }

  describe(): string {
    return `Create ${this.options.proxy ? 'proxy ' : ''}model ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return this.nameLower;
  }

  override deconstruct(): readonly unknown[] {
    const { name, fields, options, bases, managers } = this;
    return [
      {
        name,
        fields,
        ...(Object.keys(options).length > 0 && { options }),
        ...(bases.length > 0 && { bases }),
        ...(managers.length > 0 && !isPlain(managers) && { managers }),
      },
    ];
  }

  with(changes: Partial<CreateModelOptions>): CreateModel {
    const { name, fields, options, bases, managers } = this;
    return new CreateModel({ name, fields, options, bases, managers, ...changes });
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    if (operation.deletes(this.nameLower) && !this.options.proxy) return [];
    return operation.foldInto(this) ?? super.reduce(operation, appLabel);
  }
}

/** Drops a model's table. */
export class DeleteModel extends ModelOperation {
  override readonly category = OperationCategory.REMOVAL;

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

  override get migrationNameFragment(): string {
    return `delete_${this.nameLower}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name }];
  }

  override deletes(modelName: string): boolean {
    return modelName === this.nameLower;
  }
}

/** Renames a model, and its table where the name of that follows. */
export class RenameModel extends ModelOperation {
  override readonly category = OperationCategory.ALTERATION;
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
    if (after === undefined) return;
    // A model that extends this one under its old name cannot be made: nothing is done before that is said.
    for (const key of to.models.keys()) to.apps.find(key);
    await editor.alterDbTable(after, before.dbTable, after.dbTable);
    // What refers to the model is named after it: foreign keys, and columns of tables in between.
    for (const { appLabel: app, modelName, localFields, localManyToMany } of from.apps.all()) {
      const isOwn = app === appLabel && modelName === before.modelName;
      const owner = isOwn ? after : to.apps.find(`${app}.${modelName}`);
      if (!owner) continue;
      for (const field of [...localFields, ...localManyToMany]) {
        if (!field.isRelation() || field.toKey !== before.key || !owner.hasField(field.name)) continue;
        await editor.alterField(owner, field, owner.getField(field.name));
      }
    }
    for (const [at, field] of before.localManyToMany.entries()) {
      const renamed = after.localManyToMany[at];
      // One to the model itself refers to it, and was changed above.
      if (!renamed?.hasOwnTable || renamed.toKey === after.key) continue;
      await editor.alterManyToMany(after, field, renamed);
    }
  }

  describe(): string {
    return `Rename model ${this.oldName} to ${this.newName}`;
  }

  override get migrationNameFragment(): string {
    return `rename_${this.oldName.toLowerCase()}_${this.newName.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ oldName: this.oldName, newName: this.newName }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const { oldName, newName } = this;
    if (operation instanceof RenameModel && newName.toLowerCase() === operation.oldName.toLowerCase()) {
      return [new RenameModel({ oldName, newName: operation.newName })];
    }
    // It is the new name that a later operation may mean.
    return (
      Operation.prototype.reduce.call(this, operation, appLabel) ||
      !operation.referencesModel(newName, appLabel)
    );
  }

  override foldInto(creation: Creation): readonly Operation[] | undefined {
    return creation.nameLower === this.nameLower ? [creation.with({ name: this.newName })] : undefined;
  }
}
