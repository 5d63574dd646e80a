/** Operations on fields. Django: `django.db.migrations.operations.fields`. */
import { FieldDoesNotExist } from '../../../core/exceptions';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { Field } from '../../models/fields/base';
import type { ProjectState } from '../state';
import { Operation } from './base';

/** Adds a column. */
export class AddField extends Operation {
  /** @param change.preserveDefault false: the default is for the rows that exist, and the field has none. */
  constructor(readonly change: { modelName: string; name: string; field: Field; preserveDefault?: boolean }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, name, field, preserveDefault = true } = this.change;
    state.update(appLabel, modelName, (model) =>
      model.with({
        fields: new Map([...model.fields, [name, preserveDefault ? field : withoutDefault(field)]]),
      }),
    );
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const { modelName, name, field, preserveDefault = true } = this.change;
    const model = to.apps.getOptions(appLabel, modelName);
    if (!model.managed) return;
    const before = from.apps.getOptions(appLabel, modelName);
    if (preserveDefault) {
      await editor.addField(before, model.getField(name));
      return;
    }
    const withDefault = field.clone();
    withDefault.contributeTo(model, name);
    await editor.addField(before, withDefault);
  }

  async databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeField(model, model.getField(this.change.name));
  }

  describe(): string {
    return `Add field ${this.change.name} to ${this.change.modelName}`;
  }
}

function withoutDefault(field: Field): Field {
  const copy = field.clone();
  const { default: _default, ...options } = field.options;
  return Object.assign(copy, { options });
}

/** Drops a column. */
export class RemoveField extends Operation {
  constructor(private readonly change: { modelName: string; name: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.update(appLabel, this.change.modelName, (model) => {
      model.getField(this.change.name);
      const fields = new Map(model.fields);
      fields.delete(this.change.name);
      return model.with({ fields });
    });
  }

  async databaseForwards(appLabel: string, editor: DatabaseSchemaEditor, from: ProjectState): Promise<void> {
    const model = from.apps.getOptions(appLabel, this.change.modelName);
    if (model.managed) await editor.removeField(model, model.getField(this.change.name));
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (!model.managed) return;
    await editor.addField(
      from.apps.getOptions(appLabel, this.change.modelName),
      model.getField(this.change.name),
    );
  }

  describe(): string {
    return `Remove field ${this.change.name} from ${this.change.modelName}`;
  }
}

/** Changes a column: its type, whether it takes NULL, its index, … */
export class AlterField extends Operation {
  constructor(
    private readonly change: { modelName: string; name: string; field: Field; preserveDefault?: boolean },
  ) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, name, field, preserveDefault = true } = this.change;
    state.update(appLabel, modelName, (model) => {
      model.getField(name);
      const changed = preserveDefault ? field : withoutDefault(field);
      return model.with({
        fields: new Map([...model.fields].map(([each, old]) => [each, each === name ? changed : old])),
      });
    });
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const { modelName, name, field, preserveDefault = true } = this.change;
    const model = to.apps.getOptions(appLabel, modelName);
    if (!model.managed) return;
    const before = from.apps.getOptions(appLabel, modelName);
    let after = model.getField(name);
    if (!preserveDefault) {
      after = field.clone();
      after.contributeTo(model, name);
    }
    await editor.alterField(before, before.getField(name), after);
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (!model.managed) return;
    const before = from.apps.getOptions(appLabel, this.change.modelName);
    await editor.alterField(before, before.getField(this.change.name), model.getField(this.change.name));
  }

  describe(): string {
    return `Alter field ${this.change.name} on ${this.change.modelName}`;
  }
}

/** Renames a column. */
export class RenameField extends Operation {
  constructor(private readonly change: { modelName: string; oldName: string; newName: string }) {
    super();
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    const { modelName, oldName, newName } = this.change;
    if (!state.getModelState(appLabel, modelName).fields.has(oldName)) {
      throw new FieldDoesNotExist(`${appLabel}.${modelName.toLowerCase()} has no field named '${oldName}'`);
    }
    state.renameField(appLabel, modelName, oldName, newName);
  }

  async databaseForwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    await this.rename(appLabel, editor, from, to, this.change.oldName, this.change.newName);
  }

  async databaseBackwards(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
  ): Promise<void> {
    await this.rename(appLabel, editor, from, to, this.change.newName, this.change.oldName);
  }

  private async rename(
    appLabel: string,
    editor: DatabaseSchemaEditor,
    from: ProjectState,
    to: ProjectState,
    oldName: string,
    newName: string,
  ): Promise<void> {
    const model = to.apps.getOptions(appLabel, this.change.modelName);
    if (!model.managed) return;
    const before = from.apps.getOptions(appLabel, this.change.modelName);
    await editor.alterField(before, before.getField(oldName), model.getField(newName));
  }

  describe(): string {
    const { modelName, oldName, newName } = this.change;
    return `Rename field ${oldName} on ${modelName} to ${newName}`;
  }
}
