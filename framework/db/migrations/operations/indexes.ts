/** Operations on indexes and constraints. Django: `django.db.migrations.operations.models`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { Constraint, Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import type { ProjectState } from '../state';
import { Operation } from './base';

function indexOf(model: Options, name: string): Index {
  const index = model.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) throw new ValueError(`No index named ${name} on model ${model.objectName}`);
  return index;
}

function addIndexState(state: ProjectState, appLabel: string, modelName: string, index: Index): void {
  state.update(appLabel, modelName, (model) =>
    model.with({
      options: { ...model.options, indexes: [...(model.options.indexes ?? []), index.clone()] },
    }),
  );
}

/** Creates an index. It must have a name. */
export class AddIndex extends Operation {
  constructor(private readonly change: { modelName: string; index: Index }) {
    super();
    if (!change.index.name) {
      throw new ValueError(
        'Indexes passed to AddIndex operations require a name argument. ' +
          `<Index: fields=${JSON.stringify(change.index.fields)}> doesn't have one.`,
      );
    }
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    addIndexState(state, appLabel, this.change.modelName, this.change.index);
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.addIndex(model, this.change.index);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeIndex(model, this.change.index);
  }

  describe(): string {
    const { index, modelName } = this.change;
    return `Create index ${index.name} on field(s) ${index.describeFields()} of model ${modelName}`;
  }
}

/** Drops an index. */
export class RemoveIndex extends Operation {
  constructor(private readonly change: { modelName: string; name: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, name } = this.change;
    state.update(appLabel, modelName, (model) => {
      const indexes = model.options.indexes ?? [];
      if (!indexes.some((index) => index.name === name)) {
        throw new ValueError(`No index named ${name} on model ${model.name}`);
      }
      return model.with({
        options: { ...model.options, indexes: indexes.filter((index) => index.name !== name) },
      });
    });
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeIndex(model, indexOf(model, this.change.name));
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.addIndex(model, indexOf(model, this.change.name));
  }

  describe(): string {
    return `Remove index ${this.change.name} from ${this.change.modelName}`;
  }
}

function constraintOf(model: Options, name: string): Constraint {
  const found = model.constraints.find((candidate) => candidate.name === name);
  if (found === undefined) throw new ValueError(`No constraint named ${name} on model ${model.objectName}`);
  return found;
}

/** Creates a constraint. */
export class AddConstraint extends Operation {
  constructor(private readonly change: { modelName: string; constraint: Constraint }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, constraint } = this.change;
    state.update(appLabel, modelName, (model) =>
      model.with({
        options: { ...model.options, constraints: [...(model.options.constraints ?? []), constraint] },
      }),
    );
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.addConstraint(model, this.change.constraint);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeConstraint(model, this.change.constraint);
  }

  describe(): string {
    return `Create constraint ${this.change.constraint.name} on model ${this.change.modelName}`;
  }
}

/** Drops a constraint. */
export class RemoveConstraint extends Operation {
  constructor(private readonly change: { modelName: string; name: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, name } = this.change;
    state.update(appLabel, modelName, (model) =>
      model.with({
        options: {
          ...model.options,
          constraints: (model.options.constraints ?? []).filter((each) => each.name !== name),
        },
      }),
    );
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeConstraint(model, constraintOf(model, this.change.name));
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    _from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.addConstraint(model, constraintOf(model, this.change.name));
  }

  describe(): string {
    return `Remove constraint ${this.change.name} from model ${this.change.modelName}`;
  }
}
