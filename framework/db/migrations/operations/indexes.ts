/** Operations on indexes. Django: `django.db.migrations.operations.models`. */
import { ValueError } from '../../../core/exceptions';
import type { Constraint } from '../../models/constraints';
import { Index } from '../../models/indexes';
import type { MetaOptions } from '../../models/options';
import type { ProjectState } from '../state';
import { type Creation, type DatabaseStep, Operation, OperationCategory } from './base';
import { unnamedIndex } from './index_together';

/** An operation on an index or a constraint of a model. */
export abstract class IndexOperation extends Operation {
  constructor(readonly modelName: string) {
    super();
  }

  get modelNameLower(): string {
    return this.modelName.toLowerCase();
  }

  override foldInto(creation: Creation): readonly Operation[] | undefined {
    const options = creation.nameLower === this.modelNameLower ? this.fold(creation.options) : undefined;
    return options && [creation.with({ options: { ...creation.options, ...options } })];
  }

  /** What of Meta a model is created with that has what this operation does; undefined where that cannot be said. */
  protected fold(_options: MetaOptions): MetaOptions | undefined {
    return undefined;
  }

  /** Whether an operation is on the same model. */
  protected isSameModel(operation: Operation): operation is IndexOperation {
    return operation instanceof IndexOperation && operation.modelNameLower === this.modelNameLower;
  }

  /** The index or the constraint, in a state that has it. */
  protected abstract itemIn(state: ProjectState, appLabel: string): Index | Constraint;

  /** Creates it. */
  protected async create([appLabel, editor, , to]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model === undefined) return;
    const item = this.itemIn(to, appLabel);
    await (item instanceof Index ? editor.addIndex(model, item) : editor.addConstraint(model, item));
  }

  /** Drops it. */
  protected async remove([appLabel, editor, from, to]: DatabaseStep): Promise<void> {
    const item = this.itemIn(from, appLabel);
    // A table that is remade without a constraint is what the model is from then on.
    const model = this.migratedModel(this.modelName, item instanceof Index ? from : to, appLabel, editor);
    if (model === undefined) return;
    await (item instanceof Index ? editor.removeIndex(model, item) : editor.removeConstraint(model, item));
  }
}

/** An operation whose index or constraint comes. */
export abstract class Addition extends IndexOperation {
  override readonly category = OperationCategory.ADDITION;

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.create(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.remove(step);
  }
}

/** An operation whose index or constraint goes. */
export abstract class Removal extends IndexOperation {
  override readonly category = OperationCategory.REMOVAL;
  readonly name: string;

  constructor({ modelName, name }: { modelName: string; name: string }) {
    super(modelName);
    this.name = name;
  }

  override get migrationNameFragment(): string {
    return `remove_${this.modelNameLower}_${this.name.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ modelName: this.modelName, name: this.name }];
  }

  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.remove(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.create(step);
  }
}

/** Creates an index. It must have a name. */
export class AddIndex extends Addition {
  readonly index: Index;

  constructor({ modelName, index }: { modelName: string; index: Index }) {
    super(modelName);
    if (!index.name) {
      throw new ValueError(
        'Indexes passed to AddIndex operations require a name argument. ' +
          `<Index: fields=${JSON.stringify(index.fields)}> doesn't have one.`,
      );
    }
    this.index = index;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.addIndex(appLabel, this.modelNameLower, this.index);
  }

  protected itemIn(): Index {
    return this.index;
  }

  describe(): string {
    const { index, modelName } = this;
    return `Create index ${index.name} on ${index.describeFields()} ${index.expressions.length > 0 ? 'on' : 'of'} model ${modelName}`;
  }

  override get migrationNameFragment(): string {
    return `${this.modelNameLower}_${this.index.name.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ modelName: this.modelName, index: this.index }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const { modelName, index } = this;
    if (operation instanceof RemoveIndex && operation.name === index.name) return [];
    if (operation instanceof RenameIndex && operation.oldName === index.name) {
      return [new AddIndex({ modelName, index: renamed(index, operation.newName) })];
    }
    return super.reduce(operation, appLabel);
  }

  protected override fold({ indexes = [] }: MetaOptions): MetaOptions {
    return { indexes: [...indexes, this.index] };
  }
}

/** Drops an index. */
export class RemoveIndex extends Removal {
  stateForwards(appLabel: string, state: ProjectState): void {
    state.removeIndex(appLabel, this.modelNameLower, this.name);
  }

  protected itemIn(state: ProjectState, appLabel: string): Index {
    return state.getModelState(appLabel, this.modelNameLower).getIndexByName(this.name);
  }

  describe(): string {
    return `Remove index ${this.name} from ${this.modelName}`;
  }

  protected override fold({ indexes = [] }: MetaOptions): MetaOptions {
    return { indexes: indexes.filter(({ name }) => name !== this.name) };
  }
}

/** The same index under another name. */
function renamed(index: Index, name: string): Index {
  return Object.assign(index.clone(), { name });
}

/** What RenameIndex takes: `oldName`, or `oldFields` of an index that had no name. */
export interface IndexRename {
  modelName: string;
  newName: string;
  oldName?: string;
  oldFields?: readonly string[];
}

/** Gives an index another name. */
export class RenameIndex extends IndexOperation {
  override readonly category = OperationCategory.ALTERATION;
  readonly newName: string;
  readonly oldName: string | undefined;
  readonly oldFields: readonly string[] | undefined;

  /** @throws ValueError unless one of `oldName` and `oldFields` is given. */
  constructor({ modelName, newName, oldName, oldFields }: IndexRename) {
    super(modelName);
    if (!oldName && !oldFields?.length) {
      throw new ValueError('RenameIndex requires one of old_name and old_fields arguments to be set.');
    }
    if (oldName && oldFields?.length) {
      throw new ValueError('RenameIndex.old_name and old_fields are mutually exclusive.');
    }
    this.newName = newName;
    this.oldName = oldName;
    this.oldFields = oldFields;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelNameLower, newName: name, oldName, oldFields: fields } = this;
    if (oldName) state.renameIndex(appLabel, modelNameLower, oldName, name);
    else if (fields) {
      // The group that the index was of is none any more.
      const key = fields.join('\0');
      const { indexTogether = [] } = state.getModelState(appLabel, modelNameLower).options;
      const kept = indexTogether.filter((group) => group.join('\0') !== key);
      state.alterModelOptions(appLabel, modelNameLower, kept.length > 0 ? { indexTogether: kept } : {}, [
        'indexTogether',
      ]);
      state.addIndex(appLabel, modelNameLower, new Index({ fields, name }));
    }
  }

  protected itemIn(state: ProjectState, appLabel: string): Index {
    return state.getModelState(appLabel, this.modelNameLower).getIndexByName(this.newName);
  }

  async databaseForwards(...step: DatabaseStep): Promise<void> {
    const [appLabel, editor, from] = step;
    const { oldName, oldFields: fields } = this;
    if (oldName) {
      await this.rename(step, from.getModelState(appLabel, this.modelNameLower).getIndexByName(oldName));
      return;
    }
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model === undefined || fields === undefined) return;
    await this.rename(step, await unnamedIndex(editor, model, fields));
  }

  /** An index that had no name keeps the one it got. */
  async databaseBackwards(...step: DatabaseStep): Promise<void> {
    if (this.oldName) await this.rename(step, this.itemIn(step[2], step[0]), this.oldName);
  }

  private async rename(
    [appLabel, editor, , to]: DatabaseStep,
    index: Index,
    name = this.newName,
  ): Promise<void> {
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model && index.name !== name) await editor.renameIndex(model, index, renamed(index, name));
  }

  describe(): string {
    const { oldName, oldFields = [], modelName, newName } = this;
    if (oldName) return `Rename index ${oldName} on ${modelName} to ${newName}`;
    const fields = oldFields.map((field) => `'${field}'`).join(', ');
    return `Rename unnamed index for (${fields}${oldFields.length === 1 ? ',' : ''}) on ${modelName} to ${newName}`;
  }

  override get migrationNameFragment(): string {
    const newName = this.newName.toLowerCase();
    if (this.oldName) return `rename_${this.oldName.toLowerCase()}_${newName}`;
    return `rename_${this.modelNameLower}_${this.oldFields?.join('_')}_${newName}`;
  }

  override deconstruct(): readonly unknown[] {
    return [this.given()];
  }

  private given(newName = this.newName): IndexRename {
    const { modelName, oldName, oldFields } = this;
    return { modelName, newName, ...(oldName && { oldName }), ...(oldFields && { oldFields }) };
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    if (
      operation instanceof RenameIndex &&
      this.isSameModel(operation) &&
      operation.oldName?.toLowerCase() === this.newName.toLowerCase()
    ) {
      return [new RenameIndex(this.given(operation.newName))];
    }
    return super.reduce(operation, appLabel);
  }
}
