/**
 * SQLite alters little in place: for the rest a table is made anew under another name, filled, and renamed.
 * Django: `django.db.backends.sqlite3.schema`; https://www.sqlite.org/lang_altertable.html#otheralter
 */

import type { Constraint } from '../../models/constraints';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import { type MetaOptions, Options } from '../../models/options';
import { isExpression } from '../../models/q';
import { BASE_TEMPLATES, DatabaseSchemaEditor, isCheck, isManyToMany } from '../base/schema';
import { fill } from '../ddl_references';
import { stripQuotes } from '../utils';
import type { SqliteWrapper } from './common';

const INLINE_FK = 'REFERENCES %(to_table)s (%(to_column)s)%(on_delete_db)s DEFERRABLE INITIALLY DEFERRED';

/** What of a table changes. */
interface Remake {
  create?: Field;
  remove?: Field;
  alter?: { from: Field; to: Field };
  meta?: MetaOptions;
}

/** SQLite's. */
export class SqliteSchemaEditor extends DatabaseSchemaEditor {
  readonly templates = {
    ...BASE_TEMPLATES,
    deleteTable: 'DROP TABLE %(table)s',
    deleteColumn: 'ALTER TABLE %(table)s DROP COLUMN %(column)s',
    createInlineFk: INLINE_FK,
    createColumnInlineFk: INLINE_FK,
    createUnique: 'CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)',
    deleteUnique: 'DROP INDEX %(name)s',
    renameIndex: '',
  };
  declare readonly connection: SqliteWrapper;

  protected override async beforeEnd(): Promise<void> {
    if (!this.collectSql && this.atomicMigration) await this.connection.checkConstraints();
  }

  override async addField(model: Options, field: Field): Promise<void> {
    const inPlace =
      isManyToMany(field) ||
      (!field.primaryKey &&
        !field.unique &&
        field.null &&
        this.effectiveDefault(field) === null &&
        !(field.hasDbDefault && isExpression(field.options.dbDefault)));
    if (inPlace) await super.addField(model, field);
    else await this.remakeTable(model, { create: field });
  }

  override async removeField(model: Options, field: Field): Promise<void> {
    const inPlace =
      isManyToMany(field) ||
      (!field.primaryKey && !field.unique && !field.dbIndex && !this.needsForeignKey(field));
    if (inPlace) await super.removeField(model, field);
    else await this.remakeTable(model, { remove: field });
  }

  async alterColumn(model: Options, from: Field, to: Field, fromType: string, toType: string): Promise<void> {
    const renameOnly =
      from.column !== to.column &&
      this.columnSql(from) === this.columnSql(to) &&
      from.dbTypeSuffix(this.connection) === to.dbTypeSuffix(this.connection) &&
      from.dbIndex === to.dbIndex &&
      !this.needsForeignKey(from) &&
      !this.needsForeignKey(to);
    if (renameOnly) {
      await this.execute(
        fill(this.templates.renameColumn, {
          table: this.quoteName(model.dbTable),
          old_column: this.quoteName(from.column),
          new_column: this.quoteName(to.column),
        }),
      );
      for (const statement of this.deferredSql) statement.renameColumn(model.dbTable, from.column, to.column);
      return;
    }
    await this.remakeTable(model, { alter: { from, to } });
    if (to.unique && fromType !== toType) {
      // Columns that refer to this one have its type.
      const models = new Set(to.model.relatedObjectsOf(to).map((field) => field.model));
      for (const other of models) if (other.label !== model.label) await this.remakeTable(other, {});
    }
  }

  override async alterManyToMany(model: Options, from: ManyToManyField, to: ManyToManyField): Promise<void> {
    const [old, made] = [from.through, to.through];
    const [, , oldTarget] = old.localFields;
    const [, , target] = made.localFields;
    if (old.dbTable === made.dbTable && oldTarget && target) {
      await this.remakeTable(old, { alter: { from: oldTarget, to: target }, meta: made.meta });
      return;
    }
    await super.alterManyToMany(model, from, to);
  }

  override async alterUniqueTogether(
    model: Options,
    from: readonly (readonly string[])[],
    to: readonly (readonly string[])[],
  ): Promise<void> {
    await super.alterUniqueTogether(model, from, to);
  }

  override async addConstraint(model: Options, constraint: Constraint): Promise<void> {
    if (followsTable(constraint)) return super.addConstraint(model, constraint);
    const constraints = [...model.constraints.filter(({ name }) => name !== constraint.name), constraint];
    await this.remakeTable(model, { meta: { ...model.meta, constraints } });
  }

  override async removeConstraint(model: Options, constraint: Constraint): Promise<void> {
    if (followsTable(constraint)) return super.removeConstraint(model, constraint);
    const constraints = model.constraints.filter(({ name }) => name !== constraint.name);
    await this.remakeTable(model, { meta: { ...model.meta, constraints } });
  }

  private async remakeTable(model: Options, { create, remove, alter, meta }: Remake): Promise<void> {
    const fields = new Map<string, Field>(model.localFields.map((field) => [field.name, field]));
    const values = new Map<string, string>(
      model.localFields
        .filter((field) => field.concrete && !field.generated)
        .map((field) => [field.column, this.quoteName(field.column)]),
    );
    const renamed = new Map<string, string>();
    const newPrimary = create?.primaryKey || (alter?.to.primaryKey && !alter.from.primaryKey);
    if (newPrimary) {
      for (const field of model.localFields.filter((each) => each.primaryKey)) {
        if (field.options.autoCreated) {
          fields.delete(field.name);
          values.delete(field.column);
        } else {
          fields.set(field.name, field.clone({ primaryKey: false }));
        }
      }
    }
    if (create) {
      fields.set(create.name, create);
      if (!create.generated && !create.hasDbDefault) {
        values.set(create.column, this.connection.ops.quoteValue(this.effectiveDefault(create)));
      }
    }
    if (alter) {
      const { from, to } = alter;
      fields.delete(from.name);
      values.delete(from.column);
      fields.set(to.name, to);
      const column = this.quoteName(from.column);
      const filled = to.hasDbDefault
        ? this.dbDefaultSql(to)
        : this.connection.ops.quoteValue(this.effectiveDefault(to));
      if (!to.generated) {
        values.set(to.column, from.null && !to.null ? `coalesce(${column}, ${filled})` : column);
      }
      renamed.set(from.name, to.name);
    }
    if (remove) {
      fields.delete(remove.name);
      values.delete(remove.column);
    }

    const old = meta ?? model.meta;
    const rename = (names: readonly string[]): string[] => names.map((name) => renamed.get(name) ?? name);
    const renameOrdered = (name: string): string =>
      name.startsWith('-') ? `-${renamed.get(name.slice(1)) ?? name.slice(1)}` : (renamed.get(name) ?? name);
    const temporary = new Options({
      appLabel: model.appLabel,
      objectName: `New${model.objectName}`,
      fields: [...fields].map(([name, field]) => [name, this.pinned(field)] as const),
      options: {
        ...old,
        dbTable: `new__${stripQuotes(model.dbTable)}`,
        uniqueTogether: (old.uniqueTogether ?? [])
          .filter((names) => !remove || !names.includes(remove.name))
          .map(rename),
        indexes: (old.indexes ?? [])
          .filter((index) => !remove || !index.fieldOrders.some(({ name }) => name === remove.name))
          .map((index) => index.with({ fields: index.fields.map(renameOrdered) })),
        constraints: old.constraints ?? [],
      },
      // A changed field may refer to a model by a name that it has only from now on.
      registry: {
        find: (key) => (alter?.to ?? create)?.model.registry.find(key) ?? model.registry.find(key),
      },
    });
    await this.createModel(temporary);
    await this.execute(
      `INSERT INTO ${this.quoteName(temporary.dbTable)} (${this.quoteColumns([...values.keys()])}) ` +
        `SELECT ${[...values.values()].join(', ')} FROM ${this.quoteName(model.dbTable)}`,
    );
    await this.dropTable(model);
    await this.alterDbTable(temporary, temporary.dbTable, model.dbTable);
    const deferred = this.deferredSql;
    this.deferredSql = [];
    for (const statement of deferred) await this.execute(statement);
  }

  /** A field for the temporary model: what it refers to stays what it was, `'self'` included. */
  private pinned(field: Field): Field {
    if (!field.concrete) return field;
    return field.isRelation()
      ? field.clone({ to: field.toKey, dbColumn: field.column } as object)
      : field.clone({ dbColumn: field.column });
  }
}

/** Whether a constraint is no part of its table: an index, or nothing at all. */
function followsTable(constraint: Constraint): boolean {
  return !isCheck(constraint) && (constraint.isIndex || constraint.deferrable !== undefined);
}
