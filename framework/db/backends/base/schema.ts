/**
 * Creates and alters tables. The statements, and the names in them, are Django's to the letter, so that either side
 * can go on with what the other began. Django: `django.db.backends.base.schema`.
 */
import { ValueError } from '../../../core/exceptions';
import { NotSupportedError, TransactionManagementError } from '../../errors';
import type { Constraint } from '../../models/constraints';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import { fill, type Statement } from '../ddl_references';
import { inlineParameters } from '../scripts';
import { splitIdentifier } from '../utils';
import type { DatabaseWrapper } from './base';
import { leaveBehind, type WorkDone } from './left_behind';
import { alterField } from './schema_alter';
import { columns, isCheck, isManyToMany, isOwn, SchemaStatements } from './schema_statements';

export { isGenerated } from './schema_columns';
export { isCheck, isManyToMany } from './schema_statements';
export { BASE_TEMPLATES, type Templates } from './schema_templates';

/** How an editor works. */
export interface SchemaEditorOptions {
  /** Only note the statements: `sqlmigrate`. */
  collectSql?: boolean;
  /** Everything in one transaction, where the database can roll tables back. Default true. */
  atomic?: boolean;
}

/** What `fieldConstraints` looks for. */
export interface ConstraintFilter {
  unique?: boolean;
  primaryKey?: boolean;
  index?: boolean;
  /** The kind of an index: `idx` is the database's usual one. */
  type?: string;
  foreignKey?: boolean;
  check?: boolean;
  exclude?: ReadonlySet<string>;
}

/** Creates and alters tables. Use it through `run`. */
export abstract class DatabaseSchemaEditor extends SchemaStatements {
  readonly collectSql: boolean;
  readonly collectedSql: string[] = [];
  private readonly work: WorkDone[] = [];
  /** Whether the editor's work is one transaction. */
  readonly atomicMigration: boolean;

  constructor(connection: DatabaseWrapper, options: SchemaEditorOptions = {}) {
    super(connection);
    this.collectSql = options.collectSql ?? false;
    this.atomicMigration = connection.features.canRollbackDdl && (options.atomic ?? true);
  }

  // Running -------------------------------------------------------------------------------------------------

  /** Runs `body` with this editor, then what was held back; in a transaction where `atomicMigration`. */
  async run<T>(body: (editor: this) => Promise<T>): Promise<T> {
    const work = async (): Promise<T> => {
      const result = await body(this);
      if (this.deferredSql.length > 0) this.begins('Indexes and constraints of what was created');
      for (const statement of this.deferredSql) await this.execute(statement);
      await this.beforeEnd();
      return result;
    };
    if (this.collectSql) return work();
    await this.prepare();
    if (this.atomicMigration) return this.connection.atomic(work, { disableConstraints: true });
    try {
      return await work();
    } catch (error) {
      leaveBehind(error, this.work);
      throw error;
    }
  }

  /** Says what the next statements are for: a failure that cannot be rolled back tells how far it came. */
  begins(what: string): void {
    this.work.push({ what, statements: [] });
  }

  /**
   * Runs a statement, or notes it.
   *
   * @throws TransactionManagementError where the database cannot roll it back and a transaction is open.
   */
  async execute(statement: string | Statement): Promise<void> {
    const sql = statement.toString();
    if (this.collectSql) {
      this.collectedSql.push(sql.endsWith(';') ? sql : `${sql};`);
      return;
    }
    if (this.connection.inAtomicBlock && !this.connection.features.canRollbackDdl) {
      throw new TransactionManagementError(
        "Executing DDL statements while in a transaction on databases that can't perform a rollback is prohibited.",
      );
    }
    await this.connection.execute(sql);
    this.work.at(-1)?.statements.push(sql);
  }

  /** Runs a statement with parameters; they are written into it, because DDL takes none. */
  async executeWith(sql: string, params: readonly unknown[]): Promise<void> {
    await this.execute(inlineParameters(sql, params, this.connection));
  }

  /** What the server has to be asked before the first statement. */
  protected async prepare(): Promise<void> {}

  /** What has to hold before the transaction ends. */
  protected async beforeEnd(): Promise<void> {}

  // Tables --------------------------------------------------------------------------------------------------

  /** Creates a model's table, its indexes, and the tables in between of its many-to-many fields. */
  async createModel(model: Options): Promise<void> {
    await this.execute(await this.tableSql(model));
    await this.commentModel(model);
    this.deferredSql.push(...(await this.modelIndexesSql(model)));
    for (const field of model.localManyToMany) {
      if (field.hasOwnTable) await this.createModel(field.through);
    }
  }

  /** Says of a new table and its columns what their comments say. */
  private async commentModel(model: Options): Promise<void> {
    const { dbTableComment } = model.meta;
    if (dbTableComment) await this.alterDbTableComment(model, null, dbTableComment);
    for (const field of model.localFields) {
      if (field.concrete && field.dbComment !== null) await this.commentColumn(model, field);
    }
  }

  /** Changes what the database says of a table; SQLite says nothing. */
  async alterDbTableComment(model: Options, _from: string | null, to: string | null): Promise<void> {
    const { alterTableComment } = this.templates;
    if (alterTableComment === '') return;
    const comment = this.connection.ops.quoteValue(to ?? '');
    await this.execute(fill(alterTableComment, { table: this.quoteName(model.dbTable), comment }));
  }

  /** What changes what the database says of a column, where that is a statement of its own. */
  protected columnCommentSql(model: Options, field: Field): string {
    return fill(this.templates.alterColumnComment, {
      table: this.quoteName(model.dbTable),
      column: this.quoteName(field.column),
      comment: this.connection.ops.quoteValue(field.dbComment ?? ''),
    });
  }

  private async commentColumn(model: Options, field: Field): Promise<void> {
    const sql = this.columnCommentSql(model, field);
    if (sql !== '') await this.execute(sql);
  }

  /** CREATE TABLE of a model; what it needs afterwards is held back. */
  async tableSql(model: Options): Promise<string> {
    for (const fields of model.uniqueTogether) {
      this.deferredSql.push(this.createUniqueSql(model, columns(model, fields)));
    }
    const definitions: string[] = [];
    for (const field of model.localFields) {
      let definition = this.definitionSql(field);
      if (definition === null) continue;
      if (this.needsForeignKey(field)) {
        if (this.templates.createInlineFk) {
          definition += ` ${fill(this.templates.createInlineFk, this.quotedTarget(field))}`;
        } else {
          this.deferredSql.push(this.createFkSql(field));
        }
      }
      definitions.push(`${this.quoteName(field.column)} ${definition}`);
    }
    const constraints = model.constraints.flatMap(
      (constraint) => this.constraintSql(model, constraint) ?? [],
    );
    if (model.pkFields.length > 1) {
      constraints.push(`PRIMARY KEY (${this.quoteColumns(model.pkFields.map(({ column }) => column))})`);
    }
    const sql = fill(this.templates.createTable, {
      table: this.quoteName(model.dbTable),
      definition: [...definitions, ...constraints].join(', '),
    });
    return model.dbTablespace ? sql + this.tablespaceSql(model.dbTablespace) : sql;
  }

  /** Drops a model's table and those in between. */
  async deleteModel(model: Options): Promise<void> {
    for (const field of model.localManyToMany) {
      if (field.hasOwnTable) await this.deleteModel(field.through);
    }
    await this.dropTable(model);
  }

  protected async dropTable(model: Options): Promise<void> {
    await this.execute(fill(this.templates.deleteTable, { table: this.quoteName(model.dbTable) }));
    this.deferredSql = this.deferredSql.filter((statement) => !statement.referencesTable(model.dbTable));
  }

  /** Renames a table. */
  async alterDbTable(_model: Options, from: string, to: string): Promise<void> {
    const { ignoresTableNameCase } = this.connection.features;
    if (from === to || (ignoresTableNameCase && from.toLowerCase() === to.toLowerCase())) return;
    await this.execute(
      fill(this.templates.renameTable, { old_table: this.quoteName(from), new_table: this.quoteName(to) }),
    );
    for (const statement of this.deferredSql) statement.renameTable(from, to);
  }

  // Columns -------------------------------------------------------------------------------------------------

  /** Adds a column; for a many-to-many field its table. */
  async addField(model: Options, field: Field): Promise<void> {
    if (isManyToMany(field)) {
      if (field.hasOwnTable) await this.createModel(field.through);
      return;
    }
    let definition = this.definitionSql(field, true);
    if (definition === null) return;
    if (this.needsForeignKey(field)) {
      if (this.templates.createColumnInlineFk) {
        const [namespace] = splitIdentifier(model.dbTable);
        definition += ` ${fill(this.templates.createColumnInlineFk, {
          name: this.quoteName(this.fkName(field)),
          column: this.quoteName(field.column),
          namespace: namespace ? `${this.quoteName(namespace)}.` : '',
          deferrable: this.deferrable,
          ...this.quotedTarget(field),
        })}`;
      } else {
        this.deferredSql.push(this.createFkSql(field));
      }
    }
    await this.execute(
      fill(this.templates.createColumn, {
        table: this.quoteName(model.dbTable),
        column: this.quoteName(field.column),
        definition,
      }),
    );
    if (!field.hasDbDefault && !this.skipDefaultOnAlter(field) && this.effectiveDefault(field) !== null) {
      await this.execute(this.alterColumnSql(model, this.dropDefaultSql(field)));
    }
    if (field.dbComment !== null) await this.commentColumn(model, field);
    this.deferredSql.push(...(await this.fieldIndexesSql(model, field)));
  }

  /** Drops a column; for a many-to-many field its table. */
  async removeField(model: Options, field: Field): Promise<void> {
    if (isManyToMany(field)) {
      if (field.hasOwnTable) await this.deleteModel(field.through);
      return;
    }
    if (field.dbParameters(this.connection).type === null) return;
    if (field.isRelation()) {
      for (const name of await this.constraintNames(model, [field.column], { foreignKey: true })) {
        await this.execute(this.deleteSql(this.templates.deleteFk, model, name));
      }
    }
    await this.execute(
      fill(this.templates.deleteColumn, {
        table: this.quoteName(model.dbTable),
        column: this.quoteName(field.column),
      }),
    );
    this.deferredSql = this.deferredSql.filter(
      (statement) => !statement.referencesColumn(model.dbTable, field.column),
    );
  }

  /** Changes a column into what the new field says. */
  alterField(model: Options, from: Field, to: Field): Promise<void> {
    return alterField(this, model, from, to);
  }

  /** The physical half of `alterField`. */
  abstract alterColumn(
    model: Options,
    from: Field,
    to: Field,
    fromType: string,
    toType: string,
  ): Promise<void>;

  /** The many-to-many half of `alterField`. */
  async alterManyToMany(_model: Options, from: ManyToManyField, to: ManyToManyField): Promise<void> {
    const [old, made] = [from.through, to.through];
    await this.alterDbTable(old, old.dbTable, made.dbTable);
    const [oldSource, oldTarget] = old.localFields.slice(-2) as [Field, Field];
    const [source, target] = made.localFields.slice(-2) as [Field, Field];
    await this.alterField(made, oldTarget, target);
    await this.alterField(made, oldSource, source);
  }

  // Indexes and constraints ---------------------------------------------------------------------------------

  async addIndex(model: Options, index: Index): Promise<void> {
    const statement = this.indexSql(model, index);
    if (statement !== null) await this.execute(statement);
  }

  async removeIndex(model: Options, index: Index): Promise<void> {
    if (!this.supportsIndex(index)) return;
    await this.execute(this.deleteIndexSql(model, index.name));
  }

  /**
   * Creates an index while others write: outside of a transaction.
   *
   * @throws NotSupportedError where the database cannot.
   */
  async addIndexConcurrently(model: Options, index: Index): Promise<void> {
    const statement = this.indexSql(model, index, this.concurrently('createIndexConcurrently'));
    if (statement !== null) await this.execute(statement);
  }

  /** Drops an index while others write. @throws NotSupportedError where the database cannot. */
  async removeIndexConcurrently(model: Options, index: Index): Promise<void> {
    await this.execute(this.deleteIndexSql(model, index.name, this.concurrently('deleteIndexConcurrently')));
  }

  private concurrently(name: 'createIndexConcurrently' | 'deleteIndexConcurrently'): string {
    const template = this.templates[name];
    if (template !== '') return template;
    throw new NotSupportedError(
      `${this.connection.displayName} makes and drops no index concurrently: use AddIndex and RemoveIndex there.`,
    );
  }

  /** Gives an index another name. */
  async renameIndex(model: Options, before: Index, after: Index): Promise<void> {
    const { renameIndex } = this.templates;
    if (renameIndex === '') {
      await this.removeIndex(model, before);
      await this.addIndex(model, after);
      return;
    }
    await this.execute(
      fill(renameIndex, {
        table: this.quoteName(model.dbTable),
        old_name: this.quoteName(before.name),
        new_name: this.quoteName(after.name),
      }),
    );
  }

  /** Adds a constraint, if the database has such. */
  async addConstraint(model: Options, constraint: Constraint): Promise<void> {
    const statement = this.createConstraintSql(model, constraint);
    if (statement !== null) await this.execute(statement);
  }

  async removeConstraint(model: Options, constraint: Constraint): Promise<void> {
    const { deleteCheck, deleteUnique, deleteIndex } = this.templates;
    if (isOwn(constraint)) {
      const statement = constraint.removeSql(model, this);
      if (statement !== null) await this.execute(statement);
    } else if (isCheck(constraint)) {
      await this.execute(this.deleteSql(deleteCheck, model, constraint.name));
    } else if (this.supportsUnique(constraint)) {
      await this.execute(
        this.deleteSql(constraint.isIndex ? deleteIndex : deleteUnique, model, constraint.name),
      );
    }
  }

  /** Changes `uniqueTogether`. */
  async alterUniqueTogether(
    model: Options,
    from: readonly (readonly string[])[],
    to: readonly (readonly string[])[],
  ): Promise<void> {
    for (const fields of notIn(from, to)) {
      const filter = { unique: true, primaryKey: false };
      await this.deleteComposedIndex(model, fields, filter, this.templates.deleteUnique);
    }
    for (const fields of notIn(to, from)) {
      await this.execute(this.createUniqueSql(model, columns(model, fields)));
    }
  }

  protected async deleteComposedIndex(
    model: Options,
    fields: readonly string[],
    filter: ConstraintFilter,
    template: string,
  ): Promise<void> {
    const exclude = new Set([...model.constraints, ...model.indexes].map(({ name }) => name));
    const affected = columns(model, fields);
    let names = await this.constraintNames(model, affected, { ...filter, exclude });
    const usual = this.names.index(model.dbTable, affected, '_uniq');
    // What is only written down may be of a table that is not there yet.
    if (this.collectSql && names.length === 0) names = [usual];
    if (names.includes(usual)) names = [usual];
    if (names.length !== 1) {
      throw new ValueError(
        `Found wrong number (${names.length}) of constraints for ${model.dbTable}(${affected.join(', ')})`,
      );
    }
    await this.execute(this.deleteSql(template, model, names[0] as string));
  }

  /** The names of the constraints over exactly these columns (any, with null) that match. */
  async constraintNames(
    model: Options,
    over: readonly string[] | null,
    filter: ConstraintFilter,
  ): Promise<string[]> {
    const constraints = await this.connection.introspection.getConstraints(model.dbTable);
    const names: string[] = [];
    for (const [name, found] of constraints) {
      if (over !== null && found.columns.join('\0') !== over.join('\0')) continue;
      if (filter.unique !== undefined && found.unique !== filter.unique) continue;
      if (filter.primaryKey !== undefined && found.primaryKey !== filter.primaryKey) continue;
      if (filter.index !== undefined && found.index !== filter.index) continue;
      if (filter.check !== undefined && found.check !== filter.check) continue;
      if (filter.foreignKey && found.foreignKey === null) continue;
      if (filter.type !== undefined && found.type !== filter.type) continue;
      if (!filter.exclude?.has(name)) names.push(name);
    }
    return names;
  }
}

/** The groups of fields that are in the one list only. */
function notIn(
  groups: readonly (readonly string[])[],
  others: readonly (readonly string[])[],
): (readonly string[])[] {
  const known = new Set(others.map((fields) => fields.join('\0')));
  return groups.filter((fields) => !known.has(fields.join('\0')));
}
