/** What the vectors ask of forms of models, and of the form fields of models' fields. */
import { randomUUID } from 'node:crypto';
import * as postgresFields from 'tsango/contrib/postgres/fields';
import * as validators from 'tsango/core/validators';
import { connections } from 'tsango/db';
import { formatIsoDatetime } from 'tsango/db/backends/datetimes';
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import * as forms from 'tsango/forms';
import { htmlName } from 'tsango/forms/names';
import { camelCase } from 'tsango/utils/module_loading';
import { attempted, camel, errorData, named } from './vector_form_facts';
import { classNameOf, Elsewhere, fieldOf, type Json, read, readers, write, writers } from './vector_forms';
import { decode } from './vector_values';

interface ModelField {
  readonly class: string;
  readonly name: string;
  readonly parent_link?: boolean;
  readonly kwargs: Json;
}

interface Reference {
  readonly label: string;
  readonly pk: readonly [name: string, kind: 'int' | 'str' | 'uuid'];
  readonly to_field?: string;
}

const CALLABLES: Readonly<Record<string, () => unknown>> = { now: () => new Date(), uuid4: randomUUID };

Object.assign(readers, {
  $callable: (name: string) => CALLABLES[name] ?? (() => null),
  $modelfield: modelField,
});

function kwargsOf(kwargs: Json, isLink: boolean): Record<string, unknown> {
  const given = Object.entries(kwargs).filter(([name]) => name !== 'to' && name !== 'verbose_name');
  const options = Object.fromEntries(given.map(([name, json]) => [camel(name), read(json)]));
  for (const name of ['uniqueForDate', 'uniqueForMonth', 'uniqueForYear']) {
    if (typeof options[name] === 'string') options[name] = camelCase(options[name]);
  }
  const { $model: to } = (kwargs['to'] ?? {}) as { $model?: Reference };
  if (to !== undefined) {
    const parentLink = isLink && (kwargs['auto_created'] === true || kwargs['parent_link'] === true);
    Object.assign(options, { to: to.label, onDelete: 'CASCADE', ...(parentLink && { parentLink }) });
  }
  return { ...options, ...('verbose_name' in kwargs && { verboseName: read(kwargs['verbose_name']) }) };
}

writers.push((value) => (typeof value === 'function' && '_meta' in value ? value.name : undefined));

/** A model's field by its description. */
function modelField({ class: name, kwargs }: ModelField): models.Field {
  const classes = (name.startsWith('postgres.') ? postgresFields : models) as unknown as Readonly<
    Record<string, (new (options: object) => models.Field) | undefined>
  >;
  const Field = classes[name.replace('postgres.', '')];
  if (Field === undefined) throw new Elsewhere(name);
  return new Field(kwargsOf(kwargs, name === 'OneToOneField'));
}

const KINDS = {
  int: (options: object) => new models.IntegerField(options),
  str: (options: object) => new models.CharField({ maxLength: 200, ...options }),
  uuid: (options: object) => new models.UUIDField(options),
} as const;

/** The models that fields refer to, as far as they are known: their key, and what else is referred to. */
function referred(fields: readonly ModelField[], own: string): ModelState[] {
  const known = new Map<string, Map<string, models.Field>>();
  for (const { kwargs } of fields) {
    const { $model: to } = (kwargs['to'] ?? {}) as { $model?: Reference };
    if (to === undefined || to.label === own) continue;
    const [name, kind] = to.pk;
    const all = known.get(to.label) ?? new Map([[name, KINDS[kind]({ primaryKey: true })]]);
    if (to.to_field !== undefined) all.set(to.to_field, KINDS.str({ unique: true }));
    known.set(to.label, all);
  }
  return [...known].map(([label, all]) => {
    const [app = '', name = ''] = label.split('.');
    return new ModelState(app, name, all, {});
  });
}

/** The model of a row, and the others that it refers to. */
function modelsOf(label: string, fields: readonly ModelField[], meta: Json = {}): models.ModelClass[] {
  const [app = 'tests', name = ''] = label.includes('.') ? label.split('.') : ['tests', label];
  const options = Object.fromEntries(
    Object.entries(meta).map(([key, json]) => [
      camel(key),
      Array.isArray(json)
        ? json.map((each) => (Array.isArray(each) ? each.map(camelCase) : each))
        : read(json),
    ]),
  );
  const own = new ModelState(
    app,
    name,
    new Map(fields.map((field) => [field.name, modelField(field)])),
    options,
  );
  const states = [own, ...referred(fields, `${app}.${name}`)];
  const apps = new StateApps(new Map(states.map((state) => [state.key, state])));
  return states.map((state) => apps.getModel(state.appLabel, state.name) as unknown as models.ModelClass);
}

const text = (value: unknown): unknown => (typeof value === 'symbol' ? String(value) : write(value));

/** Validators that have names of their own. */
const NAMED = new Map(Object.entries(validators).map(([name, validator]) => [validator as unknown, name]));

function validatorName(validator: unknown): string {
  return NAMED.get(validator) ?? classNameOf(validator as object);
}

/** A form field as far as `wanted` asks for it. */
function description(field: forms.Field, wanted: Json): Json {
  const all = field as unknown as Record<string, unknown>;
  const said: Record<string, unknown> = {
    class: classNameOf(field),
    label: field.label === null ? null : String(field.label),
    help_text: String(field.helpText),
    widget: {
      class: classNameOf(field.widget),
      attrs: write(field.widget.attrs),
      is_required: field.widget.isRequired,
    },
    error_messages: Object.fromEntries(
      Object.entries(field.errorMessages).map(([code, message]) => [
        code,
        (wanted['error_messages'] as Json)[code] === '' ? '' : String(message),
      ]),
    ),
    validators: field.validators.map(validatorName),
  };
  if ('coerce' in wanted) said['coerce'] = wanted['coerce'];
  if ('assume_scheme' in wanted) said['assume_scheme'] = all['assumeScheme'] ?? 'http';
  if ('to_field_name' in wanted) said['to_field_name'] = htmlName(String(all['toFieldName'] ?? '')) || null;
  for (const key of Object.keys(wanted)) said[key] ??= text(all[camel(key)] ?? null);
  if ('choices' in wanted) said['choices'] = write([...(all['choices'] as Iterable<unknown>)]);
  if ('html' in wanted) said['html'] = field.widget.render('name', null, { id: 'id_name' }).value;
  if (typeof all['initial'] === 'function') said['initial'] = wanted['initial'];
  return said;
}

/** What a row's description says of validators is more than their names. */
function withNames(wanted: Json): Json {
  const validators = (wanted['validators'] as Json[]).map((each) => {
    const { $validator: known } = each as { $validator?: { validator: string } | string };
    if (known === undefined) return 'Function';
    const name = typeof known === 'string' ? known : known.validator;
    return /^[a-z]/.test(name) ? camelCase(name) : name;
  });
  return { ...wanted, validators };
}

/** What a call differs in from the row that describes its result. */
export interface Facts {
  readonly said: unknown;
  readonly wanted: unknown;
}

/** A link to a parent that was declared may be recorded as any one-to-one field: what Django made of it says so. */
function withLinks(fields: readonly ModelField[], has: (name: string) => boolean): ModelField[] {
  return fields.map((field) => {
    const isLink = field.class === 'OneToOneField' && (field.parent_link === true || !has(field.name));
    return isLink ? { ...field, kwargs: { ...field.kwargs, parent_link: true } } : field;
  });
}

export function formfieldFacts(row: Json): Facts {
  const described = row['model_field'] as ModelField;
  const [Model] = modelsOf(
    'tests.Probe',
    withLinks([described], () => row['result'] !== null),
  );
  const field = (Model as models.ModelClass)._meta.getField(described.name);
  const given = row['kwargs'] as Json;
  if ('raises' in row) {
    return { said: attempted(() => field.formfield(optionsOf(given))), wanted: { raises: true } };
  }
  const wanted = row['result'] as Json | null;
  const made = field.formfield(optionsOf(given));
  if (wanted === null || made === null) return { said: made === null ? null : made.constructor.name, wanted };
  return { said: description(made, wanted), wanted: withNames(wanted) };
}

function optionsOf(kwargs: Json): Record<string, unknown> {
  const options = named(kwargs);
  // A query of rows that are not recorded.
  if (options['queryset'] !== undefined) throw new Elsewhere('queryset');
  return options;
}

const listed = (names: unknown): string[] => (read(names) as string[]).map(camelCase);
const keyed = (json: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(json as Json).map(([name, value]) => [
      name === '__all__' ? name : camelCase(name),
      read(value),
    ]),
  );

/** Options of a form of a model, as a row has them. */
export function metaOf(json: Json): forms.ModelFormMeta {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === 'form_declared_fields') options['formDeclaredFields'] = keyed(value);
    else if (value === '__all__' || value === null) options[camel(name)] = value;
    else if (['fields', 'exclude', 'localized_fields'].includes(name)) options[camel(name)] = listed(value);
    else options[camel(name)] = keyed(value);
  }
  return options;
}

export function fieldsForModelFacts(row: Json): Facts {
  const names = new Set(((row['result'] ?? []) as [string, unknown][]).map(([name]) => name));
  const isWhole = Object.keys(row['kwargs'] as Json).length === 0;
  const fields = withLinks(row['model_fields'] as ModelField[], (name) => !isWhole || names.has(name));
  const [Model] = modelsOf(String(row['model']), fields);
  const call = (): Record<string, forms.Field | null> =>
    forms.fieldsForModel(Model as models.ModelClass, metaOf(row['kwargs'] as Json));
  if ('raises' in row) return { said: attempted(call), wanted: { raises: true } };
  const wanted = row['result'] as [string, Json | null][];
  const made = call();
  return {
    said: {
      names: Object.keys(made),
      fields: Object.fromEntries(
        wanted.map(([name, json]) => {
          const field = made[camelCase(name)] ?? null;
          return [name, field === null || json === null ? field : description(field, json)];
        }),
      ),
    },
    wanted: {
      names: wanted.map(([name]) => camelCase(name)),
      fields: Object.fromEntries(
        wanted.map(([name, json]) => [name, json === null ? null : withNames(json)]),
      ),
    },
  };
}

/** A value of an instance as Django has it: here dates, decimals and UUIDs are text. */
function asDjango(field: models.Field, value: unknown): unknown {
  if (value instanceof Date) {
    return { $datetime: formatIsoDatetime(value, 'America/Chicago').replace(' ', 'T') };
  }
  const kinds: Readonly<Record<string, string>> = {
    DateField: '$date',
    DecimalField: '$decimal',
    TimeField: '$time',
    UUIDField: '$uuid',
  };
  const kind = kinds[field.internalType];
  return typeof value === 'string' && kind !== undefined ? { [kind]: value } : write(value ?? null);
}

function valuesOf(instance: models.Model, wanted: Json): Json {
  const { _meta: meta } = instance.constructor as unknown as models.ModelClass;
  return Object.fromEntries(
    Object.keys(wanted).map((name) => {
      const field = meta.getField(name);
      // A new instance has no values but defaults.
      const own = (instance as unknown as Json)[field.property];
      const value = asDjango(field, own === undefined ? field.getDefault() : own);
      const json = wanted[name] as Json | null;
      return [name, json !== null && typeof json === 'object' && '$auto' in json ? json : value];
    }),
  );
}

const tables: string[] = [];

/** Makes the tables of a row's model, with the rows that there were. */
async function withRows(row: Json): Promise<models.ModelClass> {
  const all = modelsOf(String(row['model']), row['model_fields'] as ModelField[], row['model_meta'] as Json);
  const [Model] = all as [models.ModelClass];
  const connection = connections.get();
  for (const table of tables.splice(0)) await connection.execute(`DROP TABLE IF EXISTS "${table}"`);
  await connection.execute('PRAGMA foreign_keys = OFF');
  await connection.schemaEditor().run(async (editor) => {
    for (const { _meta: meta } of all) {
      await editor.createModel(meta);
      tables.push(meta.dbTable, ...meta.localManyToMany.map(({ through }) => through.dbTable));
    }
  });
  for (const values of row['existing'] as Json[]) await instanceOf(Model, values).saveBase({ raw: true });
  return Model;
}

function instanceOf(Model: models.ModelClass, values: Json): models.Model {
  return new Model(
    Object.fromEntries(
      Object.entries(values).map(([name, json]) => [Model._meta.getField(name).property, decode(json)]),
    ),
  );
}

type AnyModelFormClass = new (options?: forms.ModelFormInit) => forms.ModelForm;

function formClass(Model: models.ModelClass, row: Json): AnyModelFormClass {
  const declared = Object.fromEntries(
    (row['declared'] as [string, Json][]).map(([name, json]) => [camelCase(name), fieldOf(json)]),
  );
  const given = metaOf(row['meta'] as Json);
  const meta = given.fields || given.exclude ? given : { ...given, fields: '__all__' as const };
  const Made = forms.modelForm(Model, meta as never, declared) as unknown as AnyModelFormClass;
  Object.assign(Made.prototype, named(row['class'] as Json));
  return Made;
}

const inHtml = (data: Readonly<Record<string, unknown>>): Json => write(data) as Json;

async function saved(form: forms.ModelForm, wanted: Json | undefined): Promise<unknown> {
  try {
    return { result: valuesOf(await form.save(), wanted ?? {}) };
  } catch (error) {
    if (wanted === undefined) return { raises: true };
    throw error;
  }
}

export async function modelFormFacts(row: Json): Promise<unknown> {
  const Model = await withRows(row);
  const Form = formClass(Model, row);
  const wanted = row['outcome'] as { cleaned_data: Json; instance: Json; saved?: { result?: Json } };
  const options: Record<string, unknown> = named(row['kwargs'] as Json);
  const given = row['instance'] as { values: Json; adding: boolean } | null;
  if (given !== null) {
    const instance = instanceOf(Model, given.values);
    instance._state.adding = given.adding;
    options['instance'] = instance;
  }
  const form = new Form(options as forms.ModelFormInit);
  const isValid = await form.isValid();
  const meta = Model._meta;
  const cleaned = Object.entries(form.cleanedData).map(([name, value]) => {
    const field = meta.fieldsByProperty.get(name);
    const key = field?.name ?? name;
    return [key, field === undefined ? write(value) : asDjango(field, value)];
  });
  return {
    is_valid: isValid,
    changed_data: form.changedData.map((name) => meta.fieldsByProperty.get(name)?.name ?? name),
    as_div: form.asDiv().value,
    errors: {
      data: Object.fromEntries(
        [...form.errors].map(([name, list]) => [
          meta.fieldsByProperty.get(name)?.name ?? name,
          errorData(list),
        ]),
      ),
      json: form.errors.getJsonData(),
    },
    cleaned_data: inHtml(Object.fromEntries(cleaned)),
    instance: valuesOf(form.instance, wanted.instance),
    ...(wanted.saved === undefined ? {} : { saved: await saved(form, wanted.saved.result) }),
  };
}

export async function modelFormsetFacts(row: Json): Promise<unknown> {
  const Model = await withRows(row);
  const Form = formClass(Model, row['form'] as Json);
  const FormSet = forms.modelformsetFactory(Model, {
    ...named(row['factory'] as Json),
    form: Form,
  } as never) as unknown as new (
    options?: forms.ModelFormSetOptions,
  ) => forms.BaseModelFormSet;
  const keys = row['queryset'] as unknown[] | undefined;
  const rows = Model._defaultManager;
  const queryset = keys === undefined ? null : inOrder(rows, keys.map(decode));
  const formset = new FormSet({ ...named(row['kwargs'] as Json), queryset: queryset as never });
  const isValid = await formset.isValid();
  const wanted = row['outcome'] as { save?: { result: { saved: Json[]; table: Json[]; changed: unknown } } };
  const facts = {
    is_valid: isValid,
    total_form_count: formset.totalFormCount(),
    initial_form_count: formset.initialFormCount(),
    management_form: String(formset.managementForm),
    prefix: formset.prefix,
    as_div: formset.asDiv().value,
    as_p: formset.asP().value,
    errors: formset.errors.map((errors) => errors.getJsonData()),
    non_form_errors: errorData(formset.nonFormErrors()),
  };
  if (wanted.save === undefined) return facts;
  const { saved, table } = wanted.save.result;
  const written = await formset.save();
  const all = await Model._defaultManager.orderBy('pk' as never);
  return {
    ...facts,
    save: {
      result: {
        saved: written.map((instance, i) => valuesOf(instance, saved[i] ?? {})),
        // Django has no such list where no rows can be made.
        new: formset.editOnly ? null : formset.newObjects.length,
        changed: formset.changedObjects.map(([, names]) =>
          names.map((name) => Model._meta.fieldsByProperty.get(name)?.name),
        ),
        deleted: formset.deletedObjects.length,
        table: all.map((instance, i) => valuesOf(instance, table[i] ?? {})),
      },
    },
  };
}

/** The rows with these keys, in their order. */
function inOrder(rows: models.Manager<models.Model>, keys: readonly unknown[]): unknown {
  const whens = keys.map((pk, place) => models.When({ pk }, new models.Value(place)));
  const some = rows.filter({ pk__in: keys } as never);
  return keys.length === 0
    ? rows.none()
    : some.orderBy(models.Case(...whens, { default: new models.Value(0) }) as never);
}
