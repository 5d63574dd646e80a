/** Operations on indexes and constraints. Django: `django.db.migrations.operations.models`. */
import { ValueError } from '../../../core/exceptions';
import type { Constraint } from '../../models/constraints';
import { Index } from '../../models/indexes';
import type { ProjectState } from '../state';
import { type DatabaseStep, Operation } from './base';

/** An operation on an index or a constraint of a model. */
export abstract class IndexOperation extends Operation {
  constructor(readonly modelName: string) {
    super();
  }

  get modelNameLower(): string {
    return this.modelName.toLowerCase();
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
  protected async remove([appLabel, editor, from]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model === undefined) return;
    const item = this.itemIn(from, appLabel);
    await (item instanceof Index ? editor.removeIndex(model, item) : editor.removeConstraint(model, item));
  }
}

/** An operation whose index or constraint comes. */
abstract class Addition extends IndexOperation {
  databaseForwards(...step: DatabaseStep): Promise<void> {
    return this.create(step);
  }

  databaseBackwards(...step: DatabaseStep): Promise<void> {
    return this.remove(step);
  }
}

/** An operation whose index or constraint goes. */
abstract class Removal extends IndexOperation {
  readonly name: string;

  constructor({ modelName, name }: { modelName: string; name: string }) {
    super(modelName);
    this.name = name;
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
}

/** Creates a constraint. */
export class AddConstraint extends Addition {
  readonly constraint: Constraint;

  constructor({ modelName, constraint }: { modelName: string; constraint: Constraint }) {
    super(modelName);
    this.constraint = constraint;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.addConstraint(appLabel, this.modelNameLower, this.constraint);
  }

  protected itemIn(): Constraint {
    return this.constraint;
  }

  describe(): string {
    return `Create constraint ${this.constraint.name} on model ${this.modelName}`;
  }
}

/** Drops a constraint. */
export class RemoveConstraint extends Removal {
  stateForwards(appLabel: string, state: ProjectState): void {
    state.removeConstraint(appLabel, this.modelNameLower, this.name);
  }

  protected itemIn(state: ProjectState, appLabel: string): Constraint {
    return state.getModelState(appLabel, this.modelNameLower).getConstraintByName(this.name);
  }

  describe(): string {
    return `Remove constraint ${this.name} from model ${this.modelName}`;
  }
}
