/** Indexes without names: what `index_together` was, and what RenameIndex finds by its fields. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseSchemaEditor } from '../../backends/base/schema';
import { createIndexName } from '../../backends/base/schema_names';
import { Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import type { HistoricalMeta } from '../state';

/** Groups of names of fields. */
export type Groups = readonly (readonly string[])[];

/** Makes the indexes without names that a model is created with. */
export async function createIndexTogether(editor: DatabaseSchemaEditor, model: Options): Promise<void> {
  await alterIndexTogether(editor, model, [], (model.meta as HistoricalMeta).indexTogether);
}

/** Makes and drops such indexes. */
export async function alterIndexTogether(
  editor: DatabaseSchemaEditor,
  model: Options,
  from: Groups = [],
  to: Groups = [],
): Promise<void> {
  const key = (fields: readonly string[]): string => fields.join('\0');
  const [olds, news] = [new Set(from.map(key)), new Set(to.map(key))];
  for (const fields of from.filter((each) => !news.has(key(each)))) {
    await editor.removeIndex(model, await unnamedIndex(editor, model, fields));
  }
  for (const fields of to.filter((each) => !olds.has(key(each)))) {
    await editor.addIndex(model, new Index({ fields, name: usualName(editor, model, fields) }));
  }
}

function usualName(editor: DatabaseSchemaEditor, model: Options, fields: readonly string[]): string {
  const columns = fields.map((name) => model.getField(name).column);
  return createIndexName(model.dbTable, columns, '_idx', editor.connection.ops.maxNameLength ?? 200);
}

/** An index by its fields, under the name that the database has for it. @throws ValueError unless there is just one. */
export async function unnamedIndex(
  editor: DatabaseSchemaEditor,
  model: Options,
  fields: readonly string[],
): Promise<Index> {
  const columns = fields.map((name) => model.getField(name).column);
  const exclude = new Set([...model.constraints, ...model.indexes].map(({ name }) => name));
  const names = await editor.constraintNames(model, columns, { index: true, unique: false, exclude });
  const usual = usualName(editor, model, fields);
  const [name, ...others] = editor.collectSql || names.includes(usual) ? [usual] : names;
  if (name === undefined || others.length > 0) {
    throw new ValueError(
      `Found wrong number (${names.length}) of indexes for ${model.dbTable}(${columns.join(', ')}).`,
    );
  }
  return new Index({ fields, name });
}
