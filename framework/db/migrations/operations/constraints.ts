/** Operations on constraints. Django: the end of `django.db.migrations.operations.models`. */
import type { Constraint } from '../../models/constraints';
import type { MetaOptions } from '../../models/options';
import type { ProjectState } from '../state';
import { type Operation, OperationCategory } from './base';
import { Addition, IndexOperation, Removal } from './indexes';

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

  override get migrationNameFragment(): string {
    return `${this.modelNameLower}_${this.constraint.name.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ modelName: this.modelName, constraint: this.constraint }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const { modelName, constraint } = this;
    if (this.isSameModel(operation)) {
      if (operation instanceof RemoveConstraint && operation.name === constraint.name) return [];
      if (operation instanceof AlterConstraint && operation.name === constraint.name) {
        return [new AddConstraint({ modelName, constraint: operation.constraint })];
      }
    }
    return super.reduce(operation, appLabel);
  }

  protected override fold({ constraints = [] }: MetaOptions): MetaOptions {
    return { constraints: [...constraints, this.constraint] };
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

  protected override fold({ constraints = [] }: MetaOptions): MetaOptions {
    return { constraints: constraints.filter(({ name }) => name !== this.name) };
  }
}

/** Changes what of a constraint the database knows nothing of: the message where it does not hold. */
export class AlterConstraint extends IndexOperation {
  override readonly category = OperationCategory.ALTERATION;
  readonly name: string;
  readonly constraint: Constraint;

  constructor({ modelName, name, constraint }: { modelName: string; name: string; constraint: Constraint }) {
    super(modelName);
    this.name = name;
    this.constraint = constraint;
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterConstraint(appLabel, this.modelNameLower, this.name, this.constraint);
  }

  protected itemIn(): Constraint {
    return this.constraint;
  }

  async databaseForwards(): Promise<void> {}

  async databaseBackwards(): Promise<void> {}

  describe(): string {
    return `Alter constraint ${this.name} on ${this.modelName}`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.modelNameLower}_${this.constraint.name.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    const { modelName, name, constraint } = this;
    return [{ modelName, name, constraint }];
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const later = operation instanceof AlterConstraint || operation instanceof RemoveConstraint;
    return later && this.isSameModel(operation) && operation.name === this.name
      ? [operation]
      : super.reduce(operation, appLabel);
  }
}
