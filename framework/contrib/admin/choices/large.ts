/** Relations with too many rows for a list of choices: they are searched for, though no option says so. Django reads them all. */
import type { Model, ModelClass } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import { CharField, TextField } from '../../../db/models/fields';
import { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import type { QuerySet } from '../../../db/models/query';
import type * as forms from '../../../forms';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import type { HttpRequest } from '../../../http/request';
import type { BaseModelAdmin } from '../options/base';
import type { ModelAdmin } from '../options/model_admin';
import { fieldOf } from '../utils/fields';
import * as widgets from '../widgets';

type RelationField = ForeignKey | ManyToManyField;

/** How long it is remembered whether a table is large: a form asks once a minute, not each time. */
const REMEMBERED_MS = 60_000;

interface Known {
  readonly until: number;
  readonly isLarge: boolean;
}

let sizes = new WeakMap<ModelClass, Map<number, Known>>();

/** Forgets which tables are large: for tests. */
export function forgetSizes(): void {
  sizes = new WeakMap();
}

/** Whether a model has more rows than that: one key behind them is looked for. */
async function isLarge(model: ModelClass, threshold: number): Promise<boolean> {
  const known = sizes.get(model) ?? new Map<number, Known>();
  sizes.set(model, known);
  const before = known.get(threshold);
  if (before !== undefined && before.until > Date.now()) return before.isLarge;
  const keys = model._defaultManager.orderBy('pk' as never).valuesList('pk' as never);
  const isLarge = (await keys.slice(threshold, threshold + 1)).length > 0;
  known.set(threshold, { until: Date.now() + REMEMBERED_MS, isLarge });
  return isLarge;
}

const large = new WeakMap<HttpRequest, Set<ModelClass>>();

/** Looks which relations of an admin lead to many rows: before a form is made, whose fields cannot wait. */
export async function prepareSizes(admin: BaseModelAdmin, request: HttpRequest): Promise<void> {
  const { autocompleteThreshold: threshold } = admin;
  if (threshold === null) return;
  const found = large.get(request) ?? new Set();
  large.set(request, found);
  for (const field of [...admin.opts.fields, ...admin.opts.manyToMany]) {
    if (!(field instanceof ForeignKey || field instanceof ManyToManyField) || !field.editable) continue;
    const model = classIn(field.model, field.remoteModel);
    const related = admin.adminSite.find(model);
    // Whoever may not see the rows could not search for them.
    if (related === undefined || found.has(model) || !(await related.hasViewPermission(request))) continue;
    if (await isLarge(model, threshold)) found.add(model);
  }
}

/** Whether the rows of a relation are searched for because they are many, and by their texts or by their keys. */
export function isSearched(
  related: ModelAdmin,
  model: ModelClass,
  request: HttpRequest,
): 'by text' | 'by key' | null {
  if (!large.get(request)?.has(model)) return null;
  return searchNames(related, request).length > 0 ? 'by text' : 'by key';
}

/** The widget of a relation with many rows: a search, or its key where there is no text to search. */
function widgetOf(
  admin: BaseModelAdmin,
  request: HttpRequest,
  field: RelationField,
  using: string | undefined,
): forms.Widget | undefined {
  const model = classIn(field.model, field.remoteModel);
  const related = admin.adminSite.find(model);
  const searched = related === undefined ? null : isSearched(related, model, request);
  if (searched === null) return undefined;
  const isText = searched === 'by text';
  const isList = field instanceof ManyToManyField;
  const Widget = isText
    ? isList
      ? widgets.AutocompleteSelectMultiple
      : widgets.AutocompleteSelect
    : isList
      ? widgets.ManyToManyRawIdWidget
      : widgets.ForeignKeyRawIdWidget;
  return new Widget(field, admin.adminSite, { using });
}

/** Makes the form field of a relation: with a search, where it has many rows and nothing says how it is chosen. */
export function searchedIfLarge(
  admin: BaseModelAdmin,
  field: RelationField,
  request: HttpRequest,
  options: FormFieldOptions,
  make: (options: FormFieldOptions) => forms.Field | null,
): forms.Field | null {
  const widget =
    'widget' in options ? undefined : widgetOf(admin, request, field, options['using'] as string | undefined);
  if (widget === undefined) return make(options);
  const made = make({ ...options, widget });
  // What leaves rows out in a hook, a search would show all the same.
  const isRestricted =
    made !== null && 'queryset' in made && !(made.queryset as QuerySet<Model>).query.where.isPlainlyEmpty;
  return isRestricted ? make(options) : made;
}

/**
 * What is searched for a box that completes what is typed: `searchFields`, or else the texts among the columns of the list, which whoever
 * may see the list can read anyway.
 */
export function searchNames(admin: ModelAdmin, request: HttpRequest): readonly string[] {
  const own = admin.getSearchFields(request);
  if (own.length > 0) return own;
  return admin.getListDisplay(request).flatMap((name) => {
    const field = typeof name === 'string' ? fieldOf(admin.opts, name) : undefined;
    const isText = field instanceof CharField || field instanceof TextField;
    return isText && !(field instanceof Relation) && field.choices === undefined ? [field.name] : [];
  });
}

/** Whether rows of a model may be searched for although its admin names no `searchFields`: some form does so. */
export async function isSearchedAnyway(admin: ModelAdmin, source: ModelAdmin | undefined): Promise<boolean> {
  const threshold = source?.autocompleteThreshold ?? null;
  return threshold !== null && (await isLarge(admin.model as unknown as ModelClass, threshold));
}
