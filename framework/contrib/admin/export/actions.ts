/** Actions that give the chosen rows as a file, row by row: so many that they would fit into no memory, too. */
import { PermissionDenied } from '../../../core/exceptions';
import { encodeJson } from '../../../core/serializers/encode_json';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import { htmlName } from '../../../forms/names';
import type { HttpRequest } from '../../../http/request';
import { StreamingHttpResponse } from '../../../http/response';
import { capfirst } from '../../../utils/text';
import { gettextLazy as _ } from '../../../utils/translation';
import type { ModelAdmin } from '../options/model_admin';
import type { ActionFunction } from '../sites';
import type { FieldReference } from '../types';
import { labelForField, nameOf } from '../utils/fields';
import { joinsOf } from '../views/related';
import { prefetched } from '../views/rows';
import { cellOf, csvCell, jsonOf, textOf } from './values';

/** Rows are read so many at a time; text is sent when there is so much of it. */
const ROWS = 500;
const CHARACTERS = 16_384;

type Line = (row: Model) => Promise<string>;

/** Rows as text, in pieces that are worth sending. */
async function* pieces(
  rows: QuerySet<Model>,
  head: string,
  line: Line,
  tail: string,
): AsyncGenerator<string> {
  let text = head;
  for await (const row of rows.iterator({ chunkSize: ROWS })) {
    text += await line(row);
    if (text.length < CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield text + tail;
}

/** What a column is called in the head of a table. */
function titleOf(admin: ModelAdmin, name: FieldReference): string {
  return capfirst(String(labelForField(name, admin.model, admin).label));
}

function csvOf(
  admin: ModelAdmin,
  names: readonly FieldReference[],
  rows: QuerySet<Model>,
): AsyncGenerator<string> {
  const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;
  // The mark of the order of bytes: without it spreadsheets take the text for another encoding.
  const head = `\ufeff${line(names.map((name) => titleOf(admin, name)))}`;
  const lineOf = async (row: Model): Promise<string> => {
    const cells: string[] = [];
    for (const name of names) cells.push(textOf(await cellOf(admin, row, name)));
    return line(cells);
  };
  return pieces(rows, head, lineOf, '');
}

function jsonRows(
  admin: ModelAdmin,
  names: readonly FieldReference[],
  rows: QuerySet<Model>,
): AsyncGenerator<string> {
  const keys = names.map((name) => htmlName(nameOf(name)));
  let before = '\n';
  const lineOf = async (row: Model): Promise<string> => {
    const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [i, name] of names.entries())
      values[keys[i] as string] = jsonOf(await cellOf(admin, row, name));
    const text = before + encodeJson(values);
    before = ',\n';
    return text;
  };
  return pieces(rows, '[', lineOf, '\n]\n');
}

/** @throws PermissionDenied for whoever may not see the rows, however the action was reached. */
async function exported(
  admin: ModelAdmin,
  request: HttpRequest,
  queryset: QuerySet<Model>,
  [type, suffix]: readonly [type: string, suffix: string],
  write: typeof csvOf,
): Promise<StreamingHttpResponse> {
  if (!(await admin.hasViewPermission(request))) throw new PermissionDenied();
  const names = await admin.getExportFields(request);
  const joins = joinsOf(admin.opts, names);
  const rows = prefetched(
    admin,
    joins.length === 0 ? queryset : queryset.selectRelated(...(joins as never[])),
  );
  return new StreamingHttpResponse(write(admin, names, rows), {
    contentType: type,
    headers: { 'Content-Disposition': `attachment; filename="${admin.opts.modelName}.${suffix}"` },
  });
}

/**
 * The chosen rows as a table for a spreadsheet: the columns of the list, or those of `exportFields`.
 *
 * Cells that a spreadsheet would run as formulas are made text by an apostrophe.
 *
 * @example
 * ```ts
 * class BookAdmin extends admin.ModelAdmin<Book> {
 *   override actions = [admin.exportCsv, admin.exportJson];
 * }
 * admin.site.addAction(admin.exportCsv, 'export_csv');  // for all models
 * ```
 * @throws PermissionDenied for whoever may not see the rows.
 */
export const exportCsv: ActionFunction = Object.assign(
  (admin: ModelAdmin, request: HttpRequest, queryset: QuerySet<Model>) =>
    exported(admin, request, queryset, ['text/csv; charset=utf-8', 'csv'], csvOf),
  { allowedPermissions: ['view'], shortDescription: _('Export the selected %(verbose_name_plural)s as CSV') },
);
Object.defineProperty(exportCsv, 'name', { value: 'exportCsv' });

/**
 * The chosen rows as a list of objects in JSON, by the names of columns: values as they are stored, of relations the keys.
 *
 * @throws PermissionDenied for whoever may not see the rows.
 */
export const exportJson: ActionFunction = Object.assign(
  (admin: ModelAdmin, request: HttpRequest, queryset: QuerySet<Model>) =>
    exported(admin, request, queryset, ['application/json', 'json'], jsonRows),
  {
    allowedPermissions: ['view'],
    shortDescription: _('Export the selected %(verbose_name_plural)s as JSON'),
  },
);
Object.defineProperty(exportJson, 'name', { value: 'exportJson' });
