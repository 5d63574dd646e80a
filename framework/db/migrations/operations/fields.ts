/** Operations on fields. Django: `django.db.migrations.operations.fields`. */
import { FieldDoesNotExist } from '../../../core/exceptions';
import type { Field } from '../../models/fields/base';
import type { ForeignObjectOptions } from '../../models/fields/related';
import type { Options } from '../../models/options';
import { type ProjectState, withTogether } from '../state';
import { fieldReferences, namesField } from '../utils';
import { type Creation, type DatabaseStep, Operation, OperationCategory } from './base';

/** An operation on a field of a model. */
export abstract class FieldOperation extends Operation {
  constructor(
    readonly modelName: string,
    readonly name: string,
    readonly field?: Field,
  ) {
    super();
  }

  get modelNameLower(): string {
    return this.modelName.toLowerCase();
  }

  get nameLower(): string {
    return this.name.toLowerCase();
  }

  isSameModelOperation(operation: FieldOperation): boolean {
    return this.modelNameLower === operation.modelNameLower;
  }

  isSameFieldOperation(operation: FieldOperation): boolean {
    return this.isSameModelOperation(operation) && this.nameLower === operation.nameLower;
  }

  override referencesModel(name: string, appLabel: string): boolean {
    return name.toLowerCase() === this.modelNameLower || this.fieldRefersTo(appLabel, name);
  }

  override referencesField(modelName: string, name: string, appLabel: string): boolean {
    if (modelName.toLowerCase() === this.modelNameLower) {
      if (name === this.name) return true;
      const { fromFields = [] } = (this.field?.options ?? {}) as Partial<ForeignObjectOptions>;
      if (fromFields.some((each) => namesField(each, name))) return true;
    }
    return this.fieldRefersTo(appLabel, modelName, name);
  }

  private fieldRefersTo(appLabel: string, modelName: string, fieldName?: string): boolean {
    if (this.field === undefined) return false;
    const own = { appLabel, modelName: this.modelNameLower };
    return fieldReferences(own, this.field, { appLabel, modelName: modelName.toLowerCase() }, fieldName);
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    return (
      super.reduce(operation, appLabel) || !operation.referencesField(this.modelName, this.name, appLabel)
    );
  }

  override foldInto(creation: Creation): readonly Operation[] | undefined {
    const folded = creation.nameLower === this.modelNameLower ? this.fold(creation) : undefined;
    return folded && [folded];
  }

  /** The model as it is created with what this operation does; undefined where that cannot be said. */
  protected fold(_creation: Creation): Operation | undefined {
    return undefined;
  }

  /** Makes the column. */
  protected async addColumn(
    [appLabel, editor, from, to]: DatabaseStep,
    fieldOf: (model: Options) => Field = (model) => model.getField(this.name),
  ): Promise<void> {
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model) await editor.addField(from.apps.getOptions(appLabel, this.modelName), fieldOf(model));
  }

  /** Drops the column. */
  protected async removeColumn([appLabel, editor, from]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model) await editor.removeField(model, model.getField(this.name));
  }

  /** Makes the column what its field is afterwards. */
  protected async alterColumn(
    [appLabel, editor, from, to]: DatabaseStep,
    oldName: string,
    fieldOf: (model: Options) => Field,
  ): Promise<void> {
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model === undefined) return;
    const before = from.apps.getOptions(appLabel, this.modelName);
    await editor.alterField(before, before.getField(oldName), fieldOf(model));
  }
}

/** A field, and what AddField and AlterField make of it. */
export interface FieldChange {
  modelName: string;
  name: string;
  field: Field;
  /** False: the default is for the rows that exist, and the field has none. */
  preserveDefault?: boolean;
}

/** An operation that gives a model a field, or another one. */
abstract class FieldDefinition extends FieldOperation {
  declare readonly field: Field;
  readonly preserveDefault: boolean;

  constructor({ modelName, name, field, preserveDefault = true }: FieldChange) {
    super(modelName, name, field);
    this.preserveDefault = preserveDefault;
  }

  override deconstruct(): readonly unknown[] {
    const { modelName, name, field, preserveDefault } = this;
    return [{ modelName, name, field, ...(!preserveDefault && { preserveDefault }) }];
  }

  /** The field as the statements need it: with the default that it will not keep. */
  protected fieldOf(model: Options): Field {
    if (this.preserveDefault) return model.getField(this.name);
    const field = this.field.clone();
    field.contributeTo(model, this.name);
    return field;
  }
}

/** Adds a column. */
export class AddField extends FieldDefinition {
  override readonly category = OperationCategory.ADDITION;

  stateForwards(appLabel: string, state: ProjectState): void {
    state.addField(appLabel, this.modelNameLower, this.name, this.field, this.preserveDefault);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.addColumn(step, (model) => this.fieldOf(model));
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.removeColumn(step);
  }

  describe(): string {
    return `Add field ${this.name} to ${this.modelName}`;
  }

  override get migrationNameFragment(): string {
    return `${this.modelNameLower}_${this.nameLower}`;
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    if (operation instanceof FieldOperation && this.isSameFieldOperation(operation)) {
      const { modelName, field } = this;
      if (operation instanceof AlterField) {
        return [new AddField({ modelName, name: operation.name, field: operation.field })];
      }
      if (operation instanceof RemoveField) return [];
      if (operation instanceof RenameField) {
        return [new AddField({ modelName, name: operation.newName, field })];
      }
    }
    return super.reduce(operation, appLabel);
  }

  protected override fold(creation: Creation): Operation {
    return creation.with({ fields: [...creation.fields, [this.name, this.field]] });
  }
}

/** Drops a column. */
export class RemoveField extends FieldOperation {
  override readonly category = OperationCategory.REMOVAL;

  constructor({ modelName, name }: { modelName: string; name: string }) {
    super(modelName, name);
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.removeField(appLabel, this.modelNameLower, this.name);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.removeColumn(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.addColumn(step);
  }

  describe(): string {
    return `Remove field ${this.name} from ${this.modelName}`;
  }

  override get migrationNameFragment(): string {
    return `remove_${this.modelNameLower}_${this.nameLower}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ modelName: this.modelName, name: this.name }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    return operation.deletes(this.modelNameLower) ? [operation] : super.reduce(operation, appLabel);
  }

  protected override fold(creation: Creation): Operation {
    const { orderWithRespectTo, ...rest } = withTogether(creation.options, (names) =>
      names.filter((name) => name !== this.nameLower),
    );
    const isGone = orderWithRespectTo === undefined || orderWithRespectTo === this.nameLower;
    return creation.with({
      fields: creation.fields.filter(([name]) => name.toLowerCase() !== this.nameLower),
      options: { ...rest, ...(!isGone && { orderWithRespectTo }) },
    });
  }
}

/** Changes a column: its type, whether it takes NULL, its index, … */
export class AlterField extends FieldDefinition {
  override readonly category = OperationCategory.ALTERATION;

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterField(appLabel, this.modelNameLower, this.name, this.field, this.preserveDefault);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.alterColumn(step, this.name, (model) => this.fieldOf(model));
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.alterColumn(step, this.name, (model) => model.getField(this.name));
  }

  describe(): string {
    return `Alter field ${this.name} on ${this.modelName}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.modelNameLower}_${this.nameLower}`;
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    if (operation instanceof FieldOperation && this.isSameFieldOperation(operation)) {
      const { modelName, field } = this;
      if (operation instanceof AlterField || operation instanceof RemoveField) return [operation];
      if (operation instanceof RenameField && field.options.dbColumn === undefined) {
        return [operation, new AlterField({ modelName, name: operation.newName, field })];
      }
    }
    return super.reduce(operation, appLabel);
  }

  protected override fold(creation: Creation): Operation {
    return creation.with({
      fields: creation.fields.map(([name, field]) => [name, name === this.name ? this.field : field]),
    });
  }
}

/** Renames a column. */
export class RenameField extends FieldOperation {
  override readonly category = OperationCategory.ALTERATION;
  readonly oldName: string;
  readonly newName: string;

  constructor({ modelName, oldName, newName }: { modelName: string; oldName: string; newName: string }) {
    super(modelName, oldName);
    this.oldName = oldName;
    this.newName = newName;
  }

  override referencesField(modelName: string, name: string, appLabel: string): boolean {
    const names = [this.oldName, this.newName].map((each) => each.toLowerCase());
    return this.referencesModel(modelName, appLabel) && names.includes(name.toLowerCase());
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    if (!state.getModelState(appLabel, this.modelName).fields.has(this.oldName)) {
      throw new FieldDoesNotExist(`${appLabel}.${this.modelNameLower} has no field named '${this.oldName}'`);
    }
    state.renameField(appLabel, this.modelNameLower, this.oldName, this.newName);
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.alterColumn(step, this.oldName, (model) => model.getField(this.newName));
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.alterColumn(step, this.newName, (model) => model.getField(this.oldName));
  }

  describe(): string {
    return `Rename field ${this.oldName} on ${this.modelName} to ${this.newName}`;
  }

  override get migrationNameFragment(): string {
    return `rename_${this.oldName.toLowerCase()}_${this.modelNameLower}_${this.newName.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    const { modelName, oldName, newName } = this;
    return [{ modelName, oldName, newName }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const { modelName, oldName, newName } = this;
    if (
      operation instanceof RenameField &&
      this.isSameModelOperation(operation) &&
      newName.toLowerCase() === operation.oldName.toLowerCase()
    ) {
      return [new RenameField({ modelName, oldName, newName: operation.newName })];
    }
    // Neither the old nor the new name may be meant.
    return (
      Operation.prototype.reduce.call(this, operation, appLabel) ||
      ![oldName, newName].some((name) => operation.referencesField(modelName, name, appLabel))
    );
  }

  protected override fold(creation: Creation): Operation {
    const renamed = (name: string): string => (name === this.oldName ? this.newName : name);
    const { orderWithRespectTo } = creation.options;
    return creation.with({
      fields: creation.fields.map(([name, field]) => [renamed(name), field]),
      options: {
        ...withTogether(creation.options, (names) => names.map(renamed)),
        ...(orderWithRespectTo !== undefined && { orderWithRespectTo: renamed(orderWithRespectTo) }),
      },
    });
  }
}
