/**
 * SQLite alters little in place: for the rest a table is made anew under another name, filled, and renamed.
 * Django: `django.db.backends.sqlite3.schema`; https://www.sqlite.org/lang_altertable.html#otheralter
 */

import { Decimal } from '../../../python/decimal';
import type { Constraint } from '../../models/constraints';
import { Value } from '../../models/expressions/value';
import type { Field } from '../../models/fields/base';
import { CompositePrimaryKey } from '../../models/fields/composite';
import type { ManyToManyField } from '../../models/fields/related';
import { type MetaOptions, Options } from '../../models/options';
import { isExpression } from '../../models/q';
import { BASE_TEMPLATES, DatabaseSchemaEditor, isCheck, isManyToMany } from '../base/schema';
import { isOwn } from '../base/schema_statements';
import { fill } from '../ddl_references';
import { stripQuotes } from '../utils';
import type { SqliteWrapper } from './common';

const INLINE_FK = 'REFERENCES %(to_table)s (%(to_column)s)%(on_delete_db)s DEFERRABLE INITIALLY DEFERRED';

/** What of a table changes. */
interface Remake {
  create?: Field;
  remove?: Field;
  alter?: readonly (readonly [from: Field, to: Field])[];
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

  /** A collation goes without quotes here. */
  override collationSql(collation: string | null | undefined): string {
    return collation ? ` COLLATE ${collation}` : '';
  }

  /** A decimal is a text that is a number. */
  override dbDefaultSql(field: Field): string {
    const sql = super.dbDefaultSql(field);
    const isText = field.internalType === 'DecimalField' && sql.startsWith("'");
    return isText ? `(CAST(${sql} AS NUMERIC))` : sql;
  }

  protected override stored(field: Field, value: unknown): unknown {
    const stored = super.stored(field, value);
    return stored instanceof Decimal ? String(stored) : stored;
  }

  override async addField(model: Options, field: Field): Promise<void> {
    // A primary key of several fields follows, as a change of the key that is there.
    if (field instanceof CompositePrimaryKey || (!field.concrete && !isManyToMany(field))) return;
    const { dbDefault } = field.options;
    const inPlace =
      isManyToMany(field) ||
      (!field.primaryKey &&
        !field.unique &&
        field.null &&
        this.effectiveDefault(field) === null &&
        (!field.hasDbDefault ||
          (dbDefault !== null && (dbDefault instanceof Value || !isExpression(dbDefault)))));
    if (inPlace) await super.addField(model, field);
    else await this.remakeTable(model, { create: field });
  }

  override async removeField(model: Options, field: Field): Promise<void> {
    const inPlace =
      !field.concrete ||
      isManyToMany(field) ||
      (!field.primaryKey && !field.unique && !field.dbIndex && !this.needsForeignKey(field));
    if (inPlace) await super.removeField(model, field);
    else await this.remakeTable(model, { remove: field });
  }

  async alterColumn(model: Options, from: Field, to: Field, fromType: string, toType: string): Promise<void> {
    const renameOnly =
      from.column !== to.column &&
      this.columnSql(from) === this.columnSql(to) &&
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
    await this.remakeTable(model, { alter: [[from, to]] });
    const collations = [from, to].map((field) => field.dbParameters(this.connection).collation ?? null);
    if (to.unique && (fromType !== toType || collations[0] !== collations[1])) {
      // Columns that refer to this one have its type.
      for (const other of this.referring(to))
        if (other.label !== model.label) await this.remakeTable(other, {});
    }
  }

  /** The models whose tables refer to a field. */
  private referring(field: Field): Set<Options> {
    return new Set(field.model.relatedObjectsOf(field).map(({ model }) => model));
  }

  /** Under its own name the table is remade; under another one it is a new one. */
  override async alterManyToMany(_model: Options, from: ManyToManyField, to: ManyToManyField): Promise<void> {
    const [old, made] = [from.through, to.through];
    const [oldKeys, keys] = [throughFields(from), throughFields(to)];
    if (old.dbTable === made.dbTable) {
      const [source, target] = [0, 1].map((at) => [oldKeys[at], keys[at]] as const) as [FieldPair, FieldPair];
      await this.remakeTable(old, { alter: [target, source] });
      return;
    }
    await this.createModel(made);
    const columnsOf = (fields: readonly Field[]): string =>
      ['id', ...fields.map(({ column }) => column)].join(', ');
    await this.execute(
      `INSERT INTO ${this.quoteName(made.dbTable)} (${columnsOf(keys)}) ` +
        `SELECT ${columnsOf(oldKeys)} FROM ${this.quoteName(old.dbTable)}`,
    );
    await this.deleteModel(old);
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

  private async remakeTable(model: Options, remake: Remake): Promise<void> {
    const { alter = [], create, remove, meta = model.meta } = remake;
    const { fields, values, renamed } = this.remade(model, remake);
    const rename = (names: readonly string[]): string[] => names.map((name) => renamed.get(name) ?? name);
    const renameOrdered = (name: string): string =>
      name.startsWith('-') ? `-${renamed.get(name.slice(1)) ?? name.slice(1)}` : (renamed.get(name) ?? name);
    const { registry } =
      [...alter.map(([, to]) => to), create].find((field) => field !== undefined)?.model ?? model;
    const temporary = new Options({
      appLabel: model.appLabel,
      objectName: `New${model.objectName}`,
      fields: [...fields].map(([name, field]) => [name, this.pinned(field)] as const),
      options: {
        dbTable: `new__${stripQuotes(model.dbTable)}`,
        uniqueTogether: model.uniqueTogether.map(rename),
        indexes: (meta.indexes ?? [])
          .filter((index) => !remove || !index.fieldOrders.some(({ name }) => name === remove.name))
          .map((index) => index.with({ fields: index.fields.map(renameOrdered) })),
        constraints: meta.constraints ?? [],
      },
      // A changed field may refer to a model by a name that it has only from now on.
      registry: { find: (key) => registry.find(key) ?? model.registry.find(key) },
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

  /** The fields of a table that is remade, what their columns are filled with, and the new names of old fields. */
  private remade(model: Options, { create, remove, alter = [] }: Remake) {
    const fields = new Map<string, Field>(model.localFields.map((field) => [field.name, field]));
    const values = new Map<string, string>(
      model.localFields
        .filter((field) => field.concrete && !field.generated)
        .map((field) => [field.column, this.quoteName(field.column)]),
    );
    if (create?.primaryKey || alter.some(([, to]) => to.primaryKey)) {
      for (const field of model.localFields) {
        // Unless it is the same field that is the key.
        if (!field.primaryKey || alter.some(([, to]) => to.name === field.name)) continue;
        if (field.options.autoCreated) {
          fields.delete(field.name);
          values.delete(field.column);
        } else {
          const kept = field.clone({ primaryKey: false });
          kept.contributeTo(model, field.name);
          fields.set(field.name, kept);
        }
      }
    }
    if (create) {
      fields.set(create.name, create);
      if (!create.generated && !create.hasDbDefault) {
        values.set(create.column, this.connection.ops.quoteValue(this.effectiveDefault(create)));
      }
    }
    const renamed = new Map<string, string>();
    for (const [from, to] of alter) {
      fields.delete(from.name);
      values.delete(from.column);
      renamed.set(from.name, to.name);
      if (!to.generated && to.concrete) values.set(to.column, this.filledWith(from, to));
    }
    const place = (field: Field): number =>
      field.model.localFields.findIndex(({ name }) => name === field.name);
    const altered = alter.map(([, to]) => to).sort((one, other) => place(one) - place(other));
    for (const field of altered) fields.set(field.name, field);
    // What refers to the table itself is made anew, after what has changed.
    for (const field of model.localFields) {
      if (fields.get(field.name) !== field || !field.isRelation() || field.remoteModel !== model) continue;
      fields.delete(field.name);
      fields.set(field.name, field);
    }
    if (remove) {
      fields.delete(remove.name);
      values.delete(remove.column);
    }
    return { fields, values, renamed };
  }

  /** What fills the column of an altered field. */
  private filledWith(from: Field, to: Field): string {
    const column = this.quoteName(from.column);
    if (!from.null || to.null) return column;
    const filled = to.hasDbDefault
      ? this.dbDefaultSql(to)
      : this.connection.ops.quoteValue(this.effectiveDefault(to));
    return `coalesce(${column}, ${filled})`;
  }

  /** A field for the temporary model: what it refers to stays what it was, `'self'` included. */
  private pinned(field: Field): Field {
    if (!field.concrete) return field;
    return field.isRelation()
      ? field.clone({ to: field.toKey, dbColumn: field.column } as object)
      : field.clone({ dbColumn: field.column });
  }
}

type FieldPair = readonly [from: Field, to: Field];

/** The two foreign keys of a table in between: to the model itself, and to the other. */
function throughFields({ through }: ManyToManyField): readonly [source: Field, target: Field] {
  return through.localFields.slice(-2) as [Field, Field];
}

/** Whether a constraint is no part of its table: an index, or nothing at all. */
function followsTable(constraint: Constraint): boolean {
  return (
    !isOwn(constraint) && !isCheck(constraint) && (constraint.isIndex || constraint.deferrable !== undefined)
  );
}
