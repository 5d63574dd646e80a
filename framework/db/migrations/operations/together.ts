/** Operations on groups of fields: `unique_together`, and `index_together` of migrations that are older than Django 5.1. */
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import type { Options } from '../../models/options';
import type { HistoricalMeta, ProjectState } from '../state';
import type { Creation, Operation } from './base';
import { alterIndexTogether, type Groups } from './index_together';
import { ModelOptionOperation } from './model_options';

/** An operation that says which groups of fields belong together. */
abstract class AlterTogether extends ModelOptionOperation {
  protected abstract readonly option: 'uniqueTogether' | 'indexTogether';

  constructor(
    name: string,
    protected readonly groups: Groups,
  ) {
    super(name);
  }

  /** The entry of Meta. */
  private get entry(): HistoricalMeta {
    return { [this.option]: this.groups };
  }

  private get djangoName(): string {
    return this.option.replace('T', '_t');
  }

  override referencesField(modelName: string, name: string, appLabel: string): boolean {
    const { groups } = this;
    return (
      this.referencesModel(modelName, appLabel) &&
      (groups.length === 0 || groups.some((fields) => fields.includes(name)))
    );
  }

  stateForwards(appLabel: string, state: ProjectState): void {
    state.alterModelOptions(appLabel, this.nameLower, this.entry);
  }

  describe(): string {
    return `Alter ${this.djangoName} for ${this.name} (${this.groups.length} constraint(s))`;
  }

  override get migrationNameFragment(): string {
    return `alter_${this.nameLower}_${this.djangoName}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ name: this.name, ...this.entry }];
  }

  protected override fold(creation: Creation): Operation {
    return creation.with({ options: { ...creation.options, ...this.entry } });
  }
}

/** Sets which groups of fields no two rows share. */
export class AlterUniqueTogether extends AlterTogether {
  protected readonly option = 'uniqueTogether';

  constructor({ name, uniqueTogether }: { name: string; uniqueTogether: Groups | null }) {
    super(name, uniqueTogether ?? []);
  }

  get uniqueTogether(): Groups {
    return this.groups;
  }

  protected alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    return editor.alterUniqueTogether(after, before.uniqueTogether, after.uniqueTogether);
  }
}

/**
 * Sets which groups of fields have an index without a name. Models declare `indexes`; this is for the migrations of a site
 * that is older than they are.
 */
export class AlterIndexTogether extends AlterTogether {
  protected readonly option = 'indexTogether';

  constructor({ name, indexTogether }: { name: string; indexTogether: Groups | null }) {
    super(name, indexTogether ?? []);
  }

  get indexTogether(): Groups {
    return this.groups;
  }

  protected alterTable(editor: DatabaseSchemaEditor, before: Options, after: Options): Promise<void> {
    const [from, to] = [before, after].map(({ meta }) => (meta as HistoricalMeta).indexTogether ?? []);
    return alterIndexTogether(editor, after, from, to);
  }
}
