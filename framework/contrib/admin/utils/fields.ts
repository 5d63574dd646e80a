/** What a name stands for: a field, a function, a method of the admin, a member of the model. Django: `lookup_field`, `label_for_field`. */
import { AttributeError, FieldDoesNotExist } from '../../../core/exceptions';
import type { Model, ModelClass } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import { PrivateField } from '../../../db/models/fields/private';
import { Relation } from '../../../db/models/fields/reverse_related';
import type { Options } from '../../../db/models/options';
import { htmlName, prettyName } from '../../../forms/names';
import { LazyText, type Text } from '../../../utils/functional';
import { isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import { camelCase } from '../../../utils/module_loading';
import type { DisplayMarks } from '../decorators';

/** A name in `listDisplay`, `readonlyFields` and the like: of a field, a member of the admin or the model; or a function of the row. */
export type FieldReference<M extends Model = Model> = string | ((row: M) => unknown);

/** What shows a value that is no field's: a function with its marks, or what a property is. */
export type Attribute = DisplayMarks & { readonly name: string };

/** What a name stands for on a row. */
export interface LookedUp {
  readonly field: Field | Relation | null;
  readonly attr: Attribute | null;
  readonly value: unknown;
}

/** What an admin is to these functions. */
interface Named {
  readonly model?: ModelClass;
}

/** The field of that name, in the spelling of TypeScript or of Django; of a foreign key not its column. */
export function fieldOf(meta: Options, name: string): Field | Relation | undefined {
  const field = meta.findField(name) ?? meta.fieldsByProperty.get(name);
  if (field !== undefined) {
    const isColumnOfKey =
      field.isRelation() && field.property !== camelCase(field.name) && camelCase(name) === field.property;
    return isColumnOfKey ? undefined : field;
  }
  const snake = htmlName(name);
  const own = meta.findField(snake);
  if (own !== undefined) return own;
  // The other side of a one-to-one relation is one row; others are lists.
  const relation = meta
    .getFields()
    .find(
      (each): each is Relation =>
        each instanceof Relation && (each.property === name || each.accessorName === name),
    );
  return relation !== undefined && !relation.isMultiple ? relation : undefined;
}

/** The column of a foreign key, or something that leads to several rows, is a field and yet none that is shown. */
function isHidden(meta: Options, name: string): boolean {
  return meta.privateFields.some(
    (field) => field instanceof PrivateField && (field.name === name || camelCase(field.name) === name),
  );
}

/** What a reference is called. */
export function nameOf(reference: FieldReference<never>): string {
  return typeof reference === 'string' ? reference : reference.name;
}

/** A member of an object or of what it inherits; undefined for what every object has. */
function memberOf(object: object, name: string): unknown {
  const own = name in object ? name : camelCase(name);
  if (!(own in object) || own in Object.prototype) return undefined;
  return (object as Readonly<Record<string, unknown>>)[own];
}

/** The function behind a member, with its marks: of a getter, too. */
function attributeOf(owner: object, name: string): Attribute | undefined {
  for (let at: object | null = owner; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found === undefined) continue;
    // A getter is not called as its property is.
    if (found.get !== undefined) return { ...found.get, name };
    return typeof found.value === 'function' ? (found.value as Attribute) : undefined;
  }
  return undefined;
}

/**
 * What a name stands for on a row: the value may be promised.
 *
 * @throws AttributeError for what is neither a field nor a member of the admin or the model.
 */
export function lookupField<M extends Model>(
  reference: FieldReference<M>,
  row: M,
  admin: (Named & object) | null = null,
): MaybePromise<LookedUp> {
  const { _meta: meta } = row.constructor as unknown as ModelClass;
  const values = row as unknown as Readonly<Record<string, unknown>>;
  if (typeof reference === 'function') return { field: null, attr: reference, value: reference(row) };
  const field = isHidden(meta, reference) ? undefined : fieldOf(meta, reference);
  if (field !== undefined) return { field, attr: null, value: values[propertyOf(field)] };
  const own = admin === null || reference === '__str__' ? undefined : memberOf(admin, reference);
  if (typeof own === 'function') {
    return { field: null, attr: own as Attribute, value: (own as (row: M) => unknown).call(admin, row) };
  }
  if (reference === '__str__') return { field: null, attr: strOf(meta), value: String(row) };
  const name = reference in row ? reference : camelCase(reference);
  if (name in row) {
    const member = values[name];
    const value = typeof member === 'function' ? (member as () => unknown).call(row) : member;
    return { field: null, attr: attributeOf(row, name) ?? { name }, value };
  }
  if (reference.includes('__')) return lookupPath(reference, row);
  throw new AttributeError(`'${meta.objectName}' has no field, method or property '${reference}'.`);
}

/** As `lookupField()` of each of many rows: a field is looked for once. */
export function lookupOf<M extends Model>(
  reference: FieldReference<M>,
  { _meta: meta }: ModelClass<M>,
  admin: (Named & object) | null = null,
): (row: M) => MaybePromise<LookedUp> {
  const field =
    typeof reference === 'function' || isHidden(meta, reference) ? undefined : fieldOf(meta, reference);
  if (field === undefined) return (row) => lookupField(reference, row, admin);
  const property = propertyOf(field);
  return (row) => ({
    field,
    attr: null,
    value: (row as unknown as Readonly<Record<string, unknown>>)[property],
  });
}

function propertyOf(field: Field | Relation): string {
  return field instanceof Relation ? field.property : camelCase(field.name);
}

/** A value behind relations: `author__name`. */
function lookupPath(path: string, row: Model): MaybePromise<LookedUp> {
  const [head = '', ...rest] = path.split('__');
  return then(lookupField(head, row), (found) => {
    if (rest.length === 0) return found;
    const next = (target: unknown): MaybePromise<LookedUp> =>
      target === null || target === undefined
        ? { field: null, attr: { name: path }, value: null }
        : lookupPath(rest.join('__'), target as Model);
    return isPromise(found.value) ? found.value.then(next) : next(found.value);
  });
}

function strOf(meta: Options): Attribute {
  return { name: '__str__', shortDescription: meta.verboseName };
}

/** What a column is called, and what it shows. */
export interface Label {
  readonly label: Text;
  readonly attr: Attribute | null;
  readonly field: Field | Relation | null;
}

/**
 * What a name is called.
 *
 * @param form a form whose own fields count, too.
 * @throws AttributeError for what is neither a field nor a member of the admin or the model.
 */
export function labelForField(
  reference: FieldReference<never>,
  model: ModelClass,
  admin: object | null = null,
  form: { readonly fields: Readonly<Record<string, { readonly label?: unknown }>> } | null = null,
): Label {
  const { _meta: meta } = model;
  if (typeof reference === 'string') {
    const field = isHidden(meta, reference) ? undefined : fieldOf(meta, reference);
    if (field instanceof Relation) return { label: field.relatedModel.verboseName, attr: null, field };
    if (field !== undefined) return { label: field.verboseName, attr: null, field };
    if (reference === '__str__') return { label: meta.verboseName, attr: strOf(meta), field: null };
  }
  const attr = attributeFor(reference, model, admin, form);
  if (attr.shortDescription !== undefined) return { label: attr.shortDescription, attr, field: null };
  const name = attr.name ?? nameOf(reference);
  return { label: name === '' ? '--' : prettyName(htmlName(name)), attr, field: null };
}

function attributeFor(
  reference: FieldReference<never>,
  model: ModelClass,
  admin: object | null,
  form: { readonly fields: Readonly<Record<string, { readonly label?: unknown }>> } | null,
): Attribute {
  if (typeof reference === 'function') return reference;
  const own = admin === null ? undefined : memberOf(admin, reference);
  if (own !== undefined && typeof own === 'function') return own as Attribute;
  const found = attributeOf(model.prototype, reference) ?? attributeOf(model.prototype, camelCase(reference));
  if (found !== undefined) return found;
  const field = form?.fields[reference] ?? form?.fields[camelCase(reference)];
  if (field !== undefined) {
    const { label } = field;
    return {
      name: reference,
      ...(typeof label === 'string' || label instanceof LazyText ? { shortDescription: label } : {}),
    };
  }
  if (reference.includes('__')) {
    const end = endOfPath(model._meta, reference);
    if (end !== undefined)
      return { name: reference, shortDescription: prettyName(reference.replaceAll('__', ' ')) };
  }
  const where = `${model._meta.objectName}'${admin === null ? '' : ` or '${admin.constructor.name}`}`;
  throw new AttributeError(`Unable to lookup '${reference}' on ${where.replace(/'$/, '')}`);
}

/** The field that a path leads to; undefined where it leads nowhere. */
function endOfPath(meta: Options, path: string): Field | Relation | undefined {
  const [head = '', ...rest] = path.split('__');
  const field = fieldOf(meta, head);
  if (field === undefined || rest.length === 0) return field;
  const next =
    field instanceof Relation ? field.relatedModel : field.isRelation() ? field.remoteModel : undefined;
  return next === undefined ? undefined : endOfPath(next, rest.join('__'));
}

/** The help text of a field; empty for what is none. */
export function helpTextForField(name: string, model: ModelClass): Text {
  const field = isHidden(model._meta, name) ? undefined : fieldOf(model._meta, name);
  return field === undefined || field instanceof Relation ? '' : (field.helpText ?? '');
}

/** The field of a name. @throws FieldDoesNotExist */
export function requireField(meta: Options, name: string): Field | Relation {
  const field = fieldOf(meta, name);
  if (field === undefined) throw new FieldDoesNotExist(`${meta.objectName} has no field named '${name}'`);
  return field;
}
