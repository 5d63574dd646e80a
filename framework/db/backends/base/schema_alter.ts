/**
 * Changing a column in place, where the database can: the order of Django's steps, because each depends on what the
 * one before has freed. Django: `alter_field` of `django.db.backends.base.schema`.
 */
import { isDeepStrictEqual } from 'node:util';
import { ValueError } from '../../../core/exceptions';
import type { Field } from '../../models/fields/base';
import type { Options } from '../../models/options';
import { fill } from '../ddl_references';
import { type DatabaseSchemaEditor, isGenerated, isManyToMany } from './schema';

/** Whether the change of a field changes its column. */
export function fieldShouldBeAltered(editor: DatabaseSchemaEditor, from: Field, to: Field): boolean {
  if (isManyToMany(from) && isManyToMany(to)) {
    return from.name !== to.name || !isDeepStrictEqual(from.schemaOptions(), to.schemaOptions());
  }
  const relevant = (field: Field): Record<string, unknown> => {
    const { dbComment, ...options } = field.schemaOptions();
    // What no database says is no change.
    return editor.connection.vendor === 'sqlite' || dbComment === undefined
      ? options
      : { ...options, dbComment };
  };
  return (
    editor.quoteName(from.column) !== editor.quoteName(to.column) ||
    from.internalType !== to.internalType ||
    !isDeepStrictEqual(relevant(from), relevant(to))
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
  if (isManyToMany(from) && isManyToMany(to)) {
    if (from.hasOwnTable && to.hasOwnTable) await editor.alterManyToMany(model, from, to);
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

/** One change inside an ALTER TABLE, and the statements that follow it. */
export interface ColumnChange {
  change: string;
  after: string[];
}

/** The differences by database. */
export interface AlterHooks {
  changeType(model: Options, from: Field, to: Field, type: string): Promise<ColumnChange> | ColumnChange;
  renameColumn(model: Options, from: Field, to: Field, type: string): string;
}

/** Alters a column of a database that has ALTER COLUMN. */
export async function alterColumnInPlace(
  editor: DatabaseSchemaEditor,
  hooks: AlterHooks,
  model: Options,
  from: Field,
  to: Field,
  types: { from: string; to: string },
): Promise<void> {
  const { templates, connection } = editor;
  const metaConstraints = new Set(model.constraints.map(({ name }) => name));
  const typeChanged = types.from !== types.to;
  const becamePrimary = !from.primaryKey && to.primaryKey;
  const fromCheck = from.dbParameters(connection).check;
  const toCheck = to.dbParameters(connection).check;

  const drop = async (owner: Options, template: string, names: readonly string[]): Promise<void> => {
    for (const name of names) await editor.execute(editor.deleteSql(template, owner, name));
  };

  // Foreign keys stand in the way of everything else; they are made again below.
  let droppedForeignKey = false;
  if (editor.needsForeignKey(from)) {
    const names = await editor.constraintNames(model, [from.column], { foreignKey: true });
    droppedForeignKey = names.length > 0;
    await drop(model, templates.deleteFk, names);
  }
  if (from.unique && (!to.unique || becamePrimary)) {
    const filter = { unique: true, primaryKey: false, exclude: metaConstraints };
    await drop(model, templates.deleteUnique, await editor.constraintNames(model, [from.column], filter));
  }
  const dropIncoming = ((from.primaryKey && to.primaryKey) || (from.unique && to.unique)) && typeChanged;
  const incoming = dropIncoming || becamePrimary ? to.model.relatedObjectsOf(to) : [];
  if (dropIncoming) {
    for (const field of incoming) {
      const names = await editor.constraintNames(field.model, [field.column], { foreignKey: true });
      await drop(field.model, templates.deleteFk, names);
    }
  }
  if (editor.shouldBeIndexed(from) && (!to.dbIndex || to.unique)) {
    const exclude = new Set(model.indexes.map(({ name }) => name));
    const filter = { index: true, unique: false, foreignKey: false, exclude };
    await drop(model, templates.deleteIndex, await editor.constraintNames(model, [from.column], filter));
  }
  if (fromCheck !== toCheck && fromCheck) {
    const filter = { check: true, exclude: metaConstraints };
    await drop(model, templates.deleteCheck, await editor.constraintNames(model, [from.column], filter));
  }
  if (from.column !== to.column) {
    await editor.execute(hooks.renameColumn(model, from, to, types.to));
    for (const statement of editor.deferredSql) statement.renameColumn(model.dbTable, from.column, to.column);
  }

  const changes: string[] = [];
  const nullChanges: string[] = [];
  const after: string[] = [];
  const collationChanged = from.dbParameters(connection).collation !== to.dbParameters(connection).collation;
  const commentChanged = from.dbComment !== to.dbComment;
  const inlineChanged = editor.inlineCommentSql(from.dbComment) !== editor.inlineCommentSql(to.dbComment);
  const suffixChanged = from.dbTypeSuffix(connection) !== to.dbTypeSuffix(connection);
  if (typeChanged || suffixChanged || collationChanged || inlineChanged) {
    const { change, after: more } = await hooks.changeType(model, from, to, types.to);
    if (change) changes.push(change);
    after.push(...more);
  }
  if (commentChanged) await editor.commentColumn(model, to);
  const fill2 = (template: string, value?: string): string =>
    fill(template, {
      column: editor.quoteName(to.column),
      type: `${types.to}${editor.keptSql(to)}`,
      default: value ?? '',
    });
  const dbDefault = to.hasDbDefault ? editor.dbDefaultSql(to) : undefined;
  if (dbDefault !== (from.hasDbDefault ? editor.dbDefaultSql(from) : undefined)) {
    changes.push(
      dbDefault === undefined
        ? fill2(templates.alterColumnNoDefault)
        : fill2(templates.alterColumnDefault, dbDefault),
    );
  }
  // NULL becomes NOT NULL in four steps: a default, the rows filled in, the constraint, the default gone.
  const newDefault = editor.effectiveDefault(to);
  const becomesNotNull = from.null && !to.null;
  const needsDefault =
    becomesNotNull &&
    dbDefault === undefined &&
    newDefault !== null &&
    editor.effectiveDefault(from) !== newDefault &&
    !editor.skipDefaultOnAlter(to);
  if (needsDefault) {
    changes.push(fill2(templates.alterColumnDefault, editor.columnDefaultSql(to, newDefault)));
  }
  if (from.null !== to.null) {
    nullChanges.push(fill2(to.null ? templates.alterColumnNull : templates.alterColumnNotNull));
  }
  const fourWay = (to.hasDefault || to.hasDbDefault) && becomesNotNull;
  if (!fourWay) changes.push(...nullChanges.splice(0));
  const run = async (list: readonly string[]): Promise<void> => {
    const merged = editor.combinesAlters && list.length > 0 ? [list.join(', ')] : list;
    for (const change of merged) await editor.execute(editor.alterColumnSql(model, change));
  };
  await run(changes);
  if (fourWay) {
    await editor.execute(
      fill(templates.updateWithDefault, {
        table: editor.quoteName(model.dbTable),
        column: editor.quoteName(to.column),
        default: dbDefault ?? connection.ops.quoteValue(newDefault),
      }),
    );
    for (const change of nullChanges) await editor.execute(editor.alterColumnSql(model, change));
  }
  for (const statement of after) await editor.execute(statement);

  if (from.primaryKey && !to.primaryKey) {
    await drop(model, templates.deletePk, await editor.constraintNames(model, null, { primaryKey: true }));
  }
  if ((!from.unique && to.unique && !to.primaryKey) || (from.primaryKey && !to.primaryKey && to.unique)) {
    await editor.execute(editor.createUniqueSql(model, [to.column]));
  }
  if (!editor.shouldBeIndexed(from) && editor.shouldBeIndexed(to)) {
    await editor.execute(editor.createIndexSql(model, [to.column]));
  }
  if (becamePrimary) {
    await editor.execute(
      editor.simple(templates.createPk, model, {
        name: editor.quoteName(editor.names.index(model.dbTable, [to.column], '_pk')),
        columns: editor.quoteName(to.column),
      }),
    );
  }
  for (const field of incoming) {
    const type = field.dbParameters(connection).type ?? '';
    const { change, after: more } = await hooks.changeType(field.model, field, field, type);
    if (change) await editor.execute(editor.alterColumnSql(field.model, change));
    for (const statement of more) await editor.execute(statement);
  }
  if (editor.needsForeignKey(to) && (droppedForeignKey || !editor.needsForeignKey(from))) {
    await editor.execute(editor.createFkSql(to));
  }
  if (dropIncoming) {
    for (const field of incoming) {
      if (field.dbConstraint) await editor.execute(editor.createFkSql(field, '_fk'));
    }
  }
  if (fromCheck !== toCheck && toCheck) {
    const name = editor.names.index(model.dbTable, [to.column], '_check');
    await editor.execute(editor.createCheckSql(model, name, toCheck));
  }
  if (needsDefault) await editor.execute(editor.alterColumnSql(model, editor.dropDefaultSql(to)));
}
