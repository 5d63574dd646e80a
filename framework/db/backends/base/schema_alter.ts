/**
 * Changing a column in place, where the database can: the order of Django's steps, because each depends on what the
 * one before has freed. Django: `alter_field` of `django.db.backends.base.schema`.
 */
import { isDeepStrictEqual } from 'node:util';
import { ValueError } from '../../../core/exceptions';
import type { Field } from '../../models/fields/base';
import { ForeignKey } from '../../models/fields/related';
import { Relation } from '../../models/fields/reverse_related';
import type { Options } from '../../models/options';
import { fill } from '../ddl_references';
import { type ConstraintFilter, type DatabaseSchemaEditor, isGenerated, isManyToMany } from './schema';

/** Whether the change of a field changes its column. Django: `_field_should_be_altered`. */
export function fieldShouldBeAltered(
  editor: DatabaseSchemaEditor,
  from: Field,
  to: Field,
  ignored: readonly string[] = [],
): boolean {
  if (!from.concrete && !to.concrete) return false;
  const relevant = (field: Field): Record<string, unknown> => {
    const options = field.schemaOptions();
    for (const name of ignored) delete options[name];
    return options;
  };
  const [olds, news] = [relevant(from), relevant(to)];
  if (isManyToMany(from) && isManyToMany(to)) return from.name !== to.name || !isDeepStrictEqual(olds, news);
  if (from.isRelation() && to.isRelation() && from.remoteModel.dbTable === to.remoteModel.dbTable) {
    delete olds['to'];
    delete news['to'];
  }
  // One default can be said in several ways.
  if (from.hasDbDefault && to.hasDbDefault && editor.dbDefaultSql(from) === editor.dbDefaultSql(to)) {
    delete olds['dbDefault'];
    delete news['dbDefault'];
  }
  return (
    editor.quoteName(from.column) !== editor.quoteName(to.column) ||
    from.deconstruct()[1] !== to.deconstruct()[1] ||
    !isDeepStrictEqual(olds, news)
  );
}

/** @throws ValueError for a change between a column and a many-to-many field. */
export async function alterField(
  editor: DatabaseSchemaEditor,
  model: Options,
  from: Field,
  to: Field,
): Promise<void> {
  if (!fieldShouldBeAltered(editor, from, to)) return;
  if (isManyToMany(from) && isManyToMany(to) && from.hasOwnTable === to.hasOwnTable) {
    if (from.hasOwnTable) await editor.alterManyToMany(model, from, to);
    return;
  }
  const fromType = from.dbParameters(editor.connection).type;
  const toType = to.dbParameters(editor.connection).type;
  if (fromType === null || toType === null) {
    throw new ValueError(
      `Cannot alter field ${from.toString()} into ${to.toString()} - they are not compatible types (you cannot alter ` +
        'to or from M2M fields, or add or remove through= on M2M fields)',
    );
  }
  refuseGenerated(editor, from, to);
  await editor.alterColumn(model, from, to, fromType, toType);
}

/** @throws ValueError where the definition of a generated column changes. */
function refuseGenerated(editor: DatabaseSchemaEditor, from: Field, to: Field): void {
  if (!from.generated && !to.generated) return;
  const same = isGenerated(from) && isGenerated(to) && editor.generatedSql(from) === editor.generatedSql(to);
  if (same) return;
  throw new ValueError(
    `Modifying GeneratedFields is not supported - the field ${to.toString()} must be removed and re-added with the ` +
      'new definition.',
  );
}

/** The foreign keys whose columns follow a change of a field, as they were and as they are. */
type FollowingKeys = readonly (readonly [before: ForeignKey, after: ForeignKey])[];

/** Foreign keys that refer to a field, and those that refer to these in turn. Django: `_related_non_m2m_objects`. */
function followingKeys(from: Field, to: Field): FollowingKeys {
  const [olds, news] = [from, to].map((field) =>
    field.model
      .relatedObjectsOf(field)
      .filter((key) => key instanceof ForeignKey)
      .sort((one, other) => (sortName(one) < sortName(other) ? -1 : 1)),
  ) as [ForeignKey[], ForeignKey[]];
  return olds.slice(0, news.length).flatMap((before, at) => {
    const after = news[at] as ForeignKey;
    const own = before.model === from.model && before.name === from.name;
    return own ? [] : ([[before, after], ...followingKeys(before, after)] as FollowingKeys);
  });
}

/** The name in paths; that of a table in between is hidden. */
function sortName(key: ForeignKey): string {
  const owner = key.model.autoCreated;
  return owner === undefined ? new Relation(key).givenQueryName : `${owner.model.objectName}_${owner.name}+`;
}

/** One change inside an ALTER TABLE, and the statements that follow it. */
export interface ColumnChange {
  change: string;
  after: string[];
}

/** What is said of a column's new type. */
export interface TypeChange {
  model: Options;
  from: Field;
  to: Field;
  type: string;
}

/** The differences by database. */
export interface AlterHooks {
  /** The type of a column becomes another one. */
  changeType(change: TypeChange): Promise<ColumnChange> | ColumnChange;
  renameColumn(change: TypeChange): string;
  /** The column takes NULL from now on, or no longer. */
  changeNull(to: Field): string;
  /** The check of a column, so that it is seen whether another field has the same. */
  columnCheck(field: Field): string | null;
}

/** Alters a column of a database that has ALTER COLUMN: Django's `_alter_field`, step by step. */
export class ColumnAlteration {
  private readonly types: { from: string; to: string };
  private droppedForeignKey = false;
  private readonly followed: FollowingKeys;

  constructor(
    private readonly editor: DatabaseSchemaEditor,
    private readonly hooks: AlterHooks,
    private readonly model: Options,
    private readonly from: Field,
    private readonly to: Field,
    types: { from: string; to: string },
  ) {
    this.types = types;
    this.followed = this.typeFollowed ? followingKeys(from, to) : [];
  }

  async run(): Promise<void> {
    const { editor, from, to } = this;
    await this.dropForeignKey();
    await this.dropUnique();
    for (const [, { model, column }] of this.followed) {
      await this.drop(model, editor.templates.deleteFk, [column], { foreignKey: true });
    }
    await this.dropIndex();
    const [fromCheck, toCheck] = [this.hooks.columnCheck(from), this.hooks.columnCheck(to)];
    if (fromCheck !== toCheck && fromCheck) {
      const filter = { check: true, exclude: this.metaConstraints };
      await this.drop(this.model, editor.templates.deleteCheck, [from.column], filter);
    }
    await this.rename();
    const dropsDefault = await this.change();
    await this.addKeys();
    if (fromCheck !== toCheck && toCheck) {
      const name = editor.names.index(this.model.dbTable, [to.column], '_check');
      const { check } = to.dbParameters(editor.connection);
      await editor.execute(editor.createCheckSql(this.model, name, check ?? ''));
    }
    if (dropsDefault) await editor.execute(editor.alterColumnSql(this.model, editor.dropDefaultSql(to)));
  }

  private get metaConstraints(): ReadonlySet<string> {
    return new Set(this.model.constraints.map(({ name }) => name));
  }

  private get becamePrimary(): boolean {
    return !this.from.primaryKey && this.to.primaryKey;
  }

  private get recollated(): boolean {
    const { connection } = this.editor;
    return this.from.dbParameters(connection).collation !== this.to.dbParameters(connection).collation;
  }

  /** Whether what refers to the column has to have its new type. */
  private get typeFollowed(): boolean {
    const { from, to, types } = this;
    const isTarget = (from.primaryKey && to.primaryKey) || (from.unique && to.unique);
    return isTarget && (types.from !== types.to || this.recollated);
  }

  /** Drops what the catalogue has of some columns, by its name there. */
  private async drop(
    owner: Options,
    template: string,
    columns: readonly string[] | null,
    filter: ConstraintFilter,
  ): Promise<number> {
    const names = await this.editor.constraintNames(owner, columns, filter);
    for (const name of names) await this.editor.execute(this.editor.deleteSql(template, owner, name));
    return names.length;
  }

  /** A foreign key stands in the way of everything else; it is made again at the end. */
  private async dropForeignKey(): Promise<void> {
    const { editor, model, from, to } = this;
    if (!editor.needsForeignKey(from) || !fieldShouldBeAltered(editor, from, to, ['dbComment'])) return;
    const dropped = await this.drop(model, editor.templates.deleteFk, [from.column], { foreignKey: true });
    this.droppedForeignKey = dropped > 0;
  }

  private async dropUnique(): Promise<void> {
    const { editor, model, from, to } = this;
    if (!from.unique || (to.unique && !this.becamePrimary)) return;
    const filter = { unique: true, primaryKey: false, exclude: this.metaConstraints };
    await this.drop(model, editor.templates.deleteUnique, [from.column], filter);
  }

  private async dropIndex(): Promise<void> {
    const { editor, model, from, to } = this;
    if (!from.dbIndex || from.unique || (to.dbIndex && !to.unique)) return;
    const exclude = new Set(model.indexes.map(({ name }) => name));
    for (const name of await editor.constraintNames(model, [from.column], {
      index: true,
      type: 'idx',
      exclude,
    })) {
      await editor.execute(editor.deleteIndexSql(model, name));
    }
  }

  private async rename(): Promise<void> {
    const { editor, hooks, model, from, to, types } = this;
    if (from.column === to.column) return;
    await editor.execute(hooks.renameColumn({ model, from, to, type: types.to }));
    for (const statement of editor.deferredSql) statement.renameColumn(model.dbTable, from.column, to.column);
  }

  /** Type, default and null. @returns whether the default was only for the rows that are there. */
  private async change(): Promise<boolean> {
    const { editor, hooks, model, from, to, types } = this;
    const { connection, templates } = editor;
    const changes: string[] = [];
    const after: string[] = [];
    const suffixed = from.dbTypeSuffix(connection) !== to.dbTypeSuffix(connection);
    const told = from.dbComment !== to.dbComment;
    if (types.from !== types.to || suffixed || this.recollated || told) {
      const typed = await hooks.changeType({ model, from, to, type: types.to });
      changes.push(typed.change);
      after.push(...typed.after);
    }
    const filled = (template: string, value = ''): string =>
      fill(template, { column: editor.quoteName(to.column), type: types.to, default: value });
    const dbDefault = to.hasDbDefault ? editor.dbDefaultSql(to) : undefined;
    if (dbDefault !== undefined) {
      const was = from.hasDbDefault ? editor.dbDefaultSql(from) : undefined;
      if (was !== dbDefault) changes.push(filled(templates.alterColumnDefault, dbDefault));
    } else if (from.hasDbDefault) {
      changes.push(filled(templates.alterColumnNoDefault));
    }
    // NULL becomes NOT NULL in four steps: a default, the rows filled in, the constraint, the default gone.
    const becomesNotNull = from.null && !to.null;
    const value = editor.effectiveDefault(to);
    const needsDefault =
      becomesNotNull &&
      dbDefault === undefined &&
      value !== null &&
      !isDeepStrictEqual(editor.effectiveDefault(from), value) &&
      !editor.skipDefaultOnAlter(to);
    if (needsDefault) changes.push(filled(templates.alterColumnDefault, editor.columnDefaultSql(to, value)));
    const nullChange = from.null === to.null ? [] : [hooks.changeNull(to)];
    const fills = becomesNotNull && (to.hasDefault || to.hasDbDefault);
    await this.alter(fills ? changes : [...changes, ...nullChange]);
    if (fills) {
      await editor.execute(
        fill(templates.updateWithDefault, {
          table: editor.quoteName(model.dbTable),
          column: editor.quoteName(to.column),
          default: dbDefault ?? connection.ops.quoteValue(value),
        }),
      );
      await this.alter(nullChange);
    }
    for (const statement of after) await editor.execute(statement);
    return needsDefault;
  }

  private async alter(changes: readonly string[]): Promise<void> {
    const { editor, model } = this;
    const merged = editor.combinesAlters && changes.length > 0 ? [changes.join(', ')] : changes;
    for (const change of merged) await editor.execute(editor.alterColumnSql(model, change));
  }

  /** Primary key, unique constraint, index, the columns that refer to this one, foreign keys. */
  private async addKeys(): Promise<void> {
    const { editor, model, from, to } = this;
    if (from.primaryKey && !to.primaryKey) {
      await this.drop(model, editor.templates.deletePk, null, { primaryKey: true });
    }
    if (to.unique && !to.primaryKey && (!from.unique || from.primaryKey)) {
      await editor.execute(editor.createUniqueSql(model, [to.column]));
    }
    if ((!from.dbIndex || from.unique) && to.dbIndex && !to.unique) {
      await editor.execute(editor.fieldIndexSql(model, to));
    }
    if (this.becamePrimary) {
      const name = editor.quoteName(editor.names.index(model.dbTable, [to.column], '_pk'));
      const columns = editor.quoteName(to.column);
      await editor.execute(editor.simple(editor.templates.createPk, model, { name, columns }));
    }
    for (const [before, after] of this.becamePrimary ? followingKeys(from, to) : this.followed) {
      await this.follow(before, after);
    }
    if (editor.needsForeignKey(to) && (this.droppedForeignKey || !editor.needsForeignKey(from))) {
      await editor.execute(editor.createFkSql(to));
    }
    for (const [, key] of this.followed) {
      if (key.dbConstraint) await editor.execute(editor.createFkSql(key, '_fk'));
    }
  }

  /** A column that refers to this one gets its type. */
  private async follow(before: ForeignKey, after: ForeignKey): Promise<void> {
    const { editor, hooks } = this;
    const type = after.dbParameters(editor.connection).type ?? '';
    const typed = await hooks.changeType({ model: after.model, from: before, to: after, type });
    await editor.execute(editor.alterColumnSql(after.model, typed.change));
    for (const statement of typed.after) await editor.execute(statement);
  }
}
