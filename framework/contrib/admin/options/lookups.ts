/** Which lookups the address of a list may ask, and which fields a pop-up. Django: `lookup_allowed`, `to_field_allowed`. */
import type { Model } from '../../../db/models/base';
import { classOf } from '../../../db/models/classes';
import type { Field } from '../../../db/models/fields/base';
import { ForeignKey } from '../../../db/models/fields/related';
import { relationsTo } from '../../../db/models/fields/reverse_related';
import type { Options } from '../../../db/models/options';
import { htmlName } from '../../../forms/names';
import type { HttpRequest } from '../../../http/request';
import { type Step, stepOf, targetOf } from '../utils/paths';
import type { BaseModelAdmin } from './base';
import type { ModelAdmin } from './model_admin';

const snake = (path: string): string => path.split('__').map(htmlName).join('__');

/**
 * Whether a lookup may stand in the address of a list. Fields of the model may be asked for anything; what is behind a
 * relation only where the admin lists it as a filter, or a choice is limited so: or whoever sees the list could guess, letter
 * by letter, what the rows of another model hold.
 */
export function lookupAllowed(
  admin: BaseModelAdmin,
  lookup: string,
  value: unknown,
  request: HttpRequest,
): boolean {
  if (isLimitOfChoice(admin.opts, lookup, value)) return true;
  const parts = lookup.split('__');
  const relationParts: string[] = [];
  let model: Options = admin.opts;
  let previous: Step | undefined;
  let last = parts[0] as string;
  for (const part of parts) {
    last = part;
    const field = part === 'pk' ? undefined : stepOf(model, part);
    if (field === undefined) break;
    if (previous === undefined || leadsOn(previous, field, model)) relationParts.push(part);
    const target = targetOf(field);
    if (target === undefined) break;
    previous = field;
    model = target;
  }
  if (relationParts.length <= 1) return true;
  const valid = new Set<string>();
  const { dateHierarchy } = admin as unknown as ModelAdmin<Model>;
  if (dateHierarchy) valid.add(snake(dateHierarchy));
  for (const item of (admin as unknown as ModelAdmin<Model>).getListFilter?.(request) ?? []) {
    if (typeof item === 'string') valid.add(snake(item));
    else if (typeof item === 'function')
      valid.add(String((item as { parameterName?: unknown }).parameterName));
    else valid.add(snake(item[0]));
  }
  return valid.has(snake(relationParts.join('__'))) || valid.has(snake([...relationParts, last].join('__')));
}

/** Whether a step behind a relation tells more than the relation's own column does. */
function leadsOn(previous: Step, field: Step, model: Options): boolean {
  if ('relatedModel' in field) return true;
  const own = field as Field;
  if ([...model.parents.values()].some((link) => link === own)) return false;
  if (own.isRelation()) return true;
  if (own.primaryKey) return false;
  return !(previous instanceof ForeignKey && previous.targetField === own);
}

/** Whether a relation to the model limits its choice by exactly this. */
function isLimitOfChoice(model: Options, lookup: string, value: unknown): boolean {
  return relationsTo(model).some(({ field }) => {
    const given: unknown = field.options.limitChoicesTo;
    const limit: unknown = typeof given === 'function' ? (given as () => unknown)() : given;
    if (limit === null || typeof limit !== 'object' || 'children' in limit || !Object.hasOwn(limit, lookup))
      return false;
    const wanted = (limit as Readonly<Record<string, unknown>>)[lookup];
    const text = Array.isArray(wanted)
      ? wanted.join(',')
      : typeof wanted === 'boolean'
        ? String(Number(wanted))
        : String(wanted);
    const sent = Array.isArray(value) ? value : [value];
    return sent.length > 0 && sent.every((each) => String(each) === text);
  });
}

/** Whether a pop-up may give back the value of a field: some registered model refers to it, or it is the key. */
export function toFieldAllowed(admin: BaseModelAdmin, toField: string): boolean {
  const { opts } = admin;
  const field = opts.findField(toField) ?? opts.findField(htmlName(toField));
  if (field === undefined) return false;
  if (field.primaryKey) return true;
  const registered = new Set<Options>();
  for (const [model, each] of admin.adminSite.modelAdmins) {
    registered.add(model._meta);
    for (const Inline of each.inlines) registered.add(new Inline(model, admin.adminSite).opts);
  }
  return opts
    .relatedObjectsOf(field)
    .some(({ model }) =>
      [...registered].some((known) => known.isKindOf(model) || classOf(known) === classOf(model)),
    );
}
