/**
 * Operations of migrations that PostgreSQL alone has. On other databases those of extensions and collations do nothing.
 *
 * Django: `django.contrib.postgres.operations`; https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/
 */
import type { DatabaseSchemaEditor } from '../../db/backends/base/schema';
import { NotSupportedError } from '../../db/errors';
import { AddConstraint, AddIndex, RemoveIndex } from '../../db/migrations/operations';
import { type DatabaseStep, Operation, OperationCategory } from '../../db/migrations/operations/base';
import { CheckConstraint, type Constraint } from '../../db/models/constraints';
import { router } from '../../db/router';

/** An operation that changes no model. */
abstract class ServerOperation extends Operation {
  stateForwards(): void {}

  /** Runs a statement, where it is one for this database and the app's migrations are for it. */
  protected async run(appLabel: string, editor: DatabaseSchemaEditor, sql: () => string): Promise<void> {
    const { alias, vendor } = editor.connection;
    if (vendor === 'postgresql' && router.allowMigrate(alias, appLabel)) await editor.execute(sql());
  }
}

/**
 * Installs an extension.
 *
 * @example `new CreateExtension({ name: 'postgis' })`
 */
export class CreateExtension extends ServerOperation {
  override readonly category = OperationCategory.ADDITION;
  readonly name: string;

  constructor({ name }: { name: string }) {
    super();
    this.name = name;
  }

  databaseForwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.run(appLabel, editor, () => `CREATE EXTENSION IF NOT EXISTS ${editor.quoteName(this.name)}`);
  }

  databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.run(appLabel, editor, () => `DROP EXTENSION IF EXISTS ${editor.quoteName(this.name)}`);
  }

  describe(): string {
    return `Creates extension ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return `create_extension_${this.name}`;
  }

  override deconstruct(): readonly unknown[] {
    return this.constructor === CreateExtension ? [{ name: this.name }] : [];
  }
}

/** Installs `bloom`. */
export class BloomExtension extends CreateExtension {
  constructor() {
    super({ name: 'bloom' });
  }
}

/** Installs `btree_gin`. */
export class BtreeGinExtension extends CreateExtension {
  constructor() {
    super({ name: 'btree_gin' });
  }
}

/** Installs `btree_gist`, which exclusion constraints of plain values need. */
export class BtreeGistExtension extends CreateExtension {
  constructor() {
    super({ name: 'btree_gist' });
  }
}

/** Installs `citext`. */
export class CITextExtension extends CreateExtension {
  constructor() {
    super({ name: 'citext' });
  }
}

/** Installs `pgcrypto`. */
export class CryptoExtension extends CreateExtension {
  constructor() {
    super({ name: 'pgcrypto' });
  }
}

/** Installs `hstore`. */
export class HStoreExtension extends CreateExtension {
  constructor() {
    super({ name: 'hstore' });
  }
}

/** Installs `pg_trgm`. */
export class TrigramExtension extends CreateExtension {
  constructor() {
    super({ name: 'pg_trgm' });
  }
}

/** Installs `unaccent`. */
export class UnaccentExtension extends CreateExtension {
  constructor() {
    super({ name: 'unaccent' });
  }
}

/** @throws NotSupportedError inside of a transaction. */
function refuseTransaction(operation: Operation, { connection, collectSql }: DatabaseSchemaEditor): void {
  if (collectSql || !connection.inAtomicBlock) return;
  throw new NotSupportedError(
    `The ${operation.constructor.name} operation cannot be executed inside a transaction (set atomic = False on the ` +
      'migration).',
  );
}

/**
 * Creates an index while others write. It needs `override atomic = false` in its migration.
 *
 * @throws NotSupportedError inside of a transaction.
 * @example `new AddIndexConcurrently({ modelName: 'article', index: new models.Index({ fields: ['slug'], name: 'by_slug' }) })`
 */
export class AddIndexConcurrently extends AddIndex {
  override readonly atomic = false;

  override describe(): string {
    const { index, modelName } = this;
    return `Concurrently create index ${index.name} on field(s) ${index.fields.join(', ')} of model ${modelName}`;
  }

  override async databaseForwards(...[appLabel, editor, , to]: DatabaseStep): Promise<void> {
    refuseTransaction(this, editor);
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model) await editor.addIndexConcurrently(model, this.index);
  }

  override async databaseBackwards(...[appLabel, editor, from]: DatabaseStep): Promise<void> {
    refuseTransaction(this, editor);
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model) await editor.removeIndexConcurrently(model, this.index);
  }
}

/**
 * Drops an index while others write. It needs `override atomic = false` in its migration.
 *
 * @throws NotSupportedError inside of a transaction.
 */
export class RemoveIndexConcurrently extends RemoveIndex {
  override readonly atomic = false;

  override describe(): string {
    return `Concurrently remove index ${this.name} from ${this.modelName}`;
  }

  override async databaseForwards(...[appLabel, editor, from]: DatabaseStep): Promise<void> {
    refuseTransaction(this, editor);
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model) await editor.removeIndexConcurrently(model, this.itemIn(from, appLabel));
  }

  override async databaseBackwards(...[appLabel, editor, , to]: DatabaseStep): Promise<void> {
    refuseTransaction(this, editor);
    const model = this.migratedModel(this.modelName, to, appLabel, editor);
    if (model) await editor.addIndexConcurrently(model, this.itemIn(to, appLabel));
  }
}

/** A collation of one's own. */
export interface CollationOptions {
  name: string;
  locale: string;
  /** `libc` (the default) or `icu`. */
  provider?: string;
  /** False: texts that are not the same can be equal. */
  deterministic?: boolean;
}

/** An operation on a collation. */
abstract class CollationOperation extends ServerOperation {
  readonly name: string;
  readonly locale: string;
  readonly provider: string;
  readonly deterministic: boolean;

  constructor({ name, locale, provider = 'libc', deterministic = true }: CollationOptions) {
    super();
    this.name = name;
    this.locale = locale;
    this.provider = provider;
    this.deterministic = deterministic;
  }

  override deconstruct(): readonly unknown[] {
    const { name, locale, provider, deterministic } = this;
    return [
      {
        name,
        locale,
        ...(provider !== 'libc' && { provider }),
        ...(!deterministic && { deterministic }),
      },
    ];
  }

  protected create(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    const { name, locale, provider, deterministic } = this;
    return this.run(appLabel, editor, () => {
      const args = [
        `locale=${editor.quoteName(locale)}`,
        ...(provider === 'libc' ? [] : [`provider=${editor.quoteName(provider)}`]),
        ...(deterministic ? [] : ['deterministic=false']),
      ];
      return `CREATE COLLATION ${editor.quoteName(name)} (${args.join(', ')})`;
    });
  }

  protected remove(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.run(appLabel, editor, () => `DROP COLLATION ${editor.quoteName(this.name)}`);
  }
}

/**
 * Creates a collation.
 *
 * @example `new CreateCollation({ name: 'case_insensitive', provider: 'icu', locale: 'und-u-ks-level2', deterministic: false })`
 */
export class CreateCollation extends CollationOperation {
  override readonly category = OperationCategory.ADDITION;

  databaseForwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.create(appLabel, editor);
  }

  databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.remove(appLabel, editor);
  }

  describe(): string {
    return `Create collation ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return `create_collation_${this.name.toLowerCase()}`;
  }

  override reduce(operation: Operation, appLabel: string): readonly Operation[] | boolean {
    const goes = operation instanceof RemoveCollation && operation.name === this.name;
    return goes ? [] : super.reduce(operation, appLabel);
  }
}

/** Drops a collation. */
export class RemoveCollation extends CollationOperation {
  override readonly category = OperationCategory.REMOVAL;

  databaseForwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.remove(appLabel, editor);
  }

  databaseBackwards(appLabel: string, editor: DatabaseSchemaEditor): Promise<void> {
    return this.create(appLabel, editor);
  }

  describe(): string {
    return `Remove collation ${this.name}`;
  }

  override get migrationNameFragment(): string {
    return `remove_collation_${this.name.toLowerCase()}`;
  }
}

/**
 * Adds a check that the rows that are there are not looked at for: ValidateConstraint does that later.
 *
 * @throws TypeError for another constraint.
 */
export class AddConstraintNotValid extends AddConstraint {
  constructor(options: { modelName: string; constraint: Constraint }) {
    if (!(options.constraint instanceof CheckConstraint)) {
      throw new TypeError('AddConstraintNotValid.constraint must be a check constraint.');
    }
    super(options);
  }

  override describe(): string {
    return `Create not valid constraint ${this.constraint.name} on model ${this.modelName}`;
  }

  override async databaseForwards(...[appLabel, editor, from]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    const statement = model && editor.createConstraintSql(model, this.constraint);
    if (statement) await editor.execute(`${statement.toString()} NOT VALID`);
  }

  override get migrationNameFragment(): string {
    return `${super.migrationNameFragment}_not_valid`;
  }
}

/** Looks whether the rows keep a constraint that was added by AddConstraintNotValid. */
export class ValidateConstraint extends Operation {
  override readonly category = OperationCategory.ALTERATION;
  readonly modelName: string;
  readonly name: string;

  constructor({ modelName, name }: { modelName: string; name: string }) {
    super();
    this.modelName = modelName;
    this.name = name;
  }

  stateForwards(): void {}

  async databaseForwards(...[appLabel, editor, from]: DatabaseStep): Promise<void> {
    const model = this.migratedModel(this.modelName, from, appLabel, editor);
    if (model === undefined) return;
    const [table, name] = [model.dbTable, this.name].map((each) => editor.quoteName(each));
    await editor.execute(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`);
  }

  /** What has been found true stays so. */
  async databaseBackwards(): Promise<void> {}

  describe(): string {
    return `Validate constraint ${this.name} on model ${this.modelName}`;
  }

  override get migrationNameFragment(): string {
    return `${this.modelName.toLowerCase()}_validate_${this.name.toLowerCase()}`;
  }

  override deconstruct(): readonly unknown[] {
    return [{ modelName: this.modelName, name: this.name }];
  }
}
