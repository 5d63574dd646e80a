/** What templates were given, as a recording writes it. */
import { AdminForm } from 'tsango/contrib/admin/helpers';
import { ChangeList } from 'tsango/contrib/admin/views/main';
import { PlainDate, PlainDateTime } from 'tsango/python/datetime';
import { camelCase } from 'tsango/utils/module_loading';
import { SafeString } from 'tsango/utils/safestring';
import { type Json, lastName, same } from './facts';

const MISSING = Symbol('missing');

function valueIn(contexts: readonly unknown[], name: string): unknown {
  for (const context of contexts) {
    const { has, get } = context as { has?(key: string): boolean; get?(key: string): unknown };
    if (typeof has === 'function' && typeof get === 'function') {
      if (has.call(context, name)) return get.call(context, name);
    } else if (name in (context as object)) return (context as Json)[name];
  }
  return MISSING;
}

/** A value of a context as the recording writes it; undefined for what it does not write. */
export async function described(value: unknown): Promise<unknown> {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (typeof value !== 'object') return undefined;
  const meta = (
    value.constructor as { _meta?: { appLabel: string; objectName: string; pk?: { property: string } } }
  )._meta;
  if (meta !== undefined)
    return { $model: `${meta.appLabel}.${meta.objectName}`, pk: (value as { pk: unknown }).pk };
  if (value.constructor.name === 'Page') {
    const page = value as { number: number; paginator: { numPages: number }; objectList: unknown[] };
    return { $page: page.number, num_pages: page.paginator.numPages, objects: await listed(page.objectList) };
  }
  if (value.constructor.name === 'Paginator') {
    const { count, numPages, perPage } = value as { count: number; numPages: number; perPage: number };
    return { $paginator: { count, num_pages: numPages, per_page: perPage } };
  }
  if (value instanceof SafeString) return { $safe: value.value };
  if (value instanceof Set) return { $set: await listed([...value]) };
  if (value instanceof ChangeList) return listFacts(value);
  if (value instanceof PlainDateTime) return { $datetime: value.isoformat() };
  if (value instanceof PlainDate) return { $date: value.isoformat() };
  if (Array.isArray(value)) return listed(value);
  if (typeof (value as { slice?: unknown }).slice === 'function')
    return listed(await (value as PromiseLike<unknown[]>));
  return undefined;
}

/** A list of the admin: its rows, order, and filters with every choice. */
async function listFacts(list: ChangeList): Promise<Json> {
  return {
    model: list.opts.label,
    result_count: list.resultCount,
    full_result_count: list.fullResultCount,
    page_num: list.pageNum,
    show_all: list.showAll,
    can_show_all: list.canShowAll,
    multi_page: list.multiPage,
    num_pages: await list.paginator.numPages,
    pks: list.resultList.map(({ pk }) => pk),
    query: list.query,
    title: list.title,
    has_filters: list.hasFilters,
    ordering_columns: Object.fromEntries(list.getOrderingFieldColumns()),
    filters: list.filterSpecs.map((spec) => ({
      title: String(spec.title),
      choices: [...spec.choices(list)].map(({ display, query_string: query, selected }) => [
        String(display),
        query,
        selected,
      ]),
    })),
  };
}

async function listed(values: readonly unknown[]): Promise<unknown[]> {
  return Promise.all(values.map(async (each) => (await described(each)) ?? each));
}

interface AnyForm {
  readonly isBound?: boolean;
  readonly errors?: { getJsonData(): object };
  readonly fields?: object;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const snakeKeys = (values: object): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [snake(name), value]));

/** Facts of a form; of its class where that is Django's. */
function formFacts(form: AnyForm, { class: cls }: Json): Json {
  const { name } = form.constructor;
  return {
    ...(String(cls).startsWith('django.contrib.') && { class: lastName(name) }),
    bound: form.isBound,
    fields: Object.keys(form.fields ?? {}).map(snake),
    errors: snakeKeys(form.errors?.getJsonData() ?? {}),
  };
}

/** @throws Error where a list is another one, or a recorded error was not thrown. */
export async function compareList(list: ChangeList, wanted: Json): Promise<void> {
  if ('error' in wanted) throw new Error(`no ${String(wanted['error'])}`);
  sameList(await listFacts(list), wanted);
}

function sameList(said: Json, wanted: Json): void {
  for (const [name, fact] of Object.entries(said)) {
    if (name in wanted) same(`list's ${name}`, fact, withoutTuples(wanted[name]));
  }
}

/** A tuple is a list here, a UUID a text. */
function withoutTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTuples);
  if (value === null || typeof value !== 'object') return value;
  return '$tuple' in value ? value.$tuple : '$uuid' in value ? value.$uuid : value;
}

/** @throws Error where templates were given something else. */
export async function compareContext(contexts: readonly unknown[], wanted: Json): Promise<void> {
  const { values = {}, forms = {} } = wanted as { values?: Json; forms?: Readonly<Record<string, Json>> };
  for (const [name, value] of Object.entries(values)) {
    let found = valueIn(contexts, name);
    if (found === MISSING) found = valueIn(contexts, camelCase(name));
    if (found === MISSING) throw new Error(`the context has no ${name}`);
    const said = await described(found);
    // The order of a folder's files is the file system's.
    const sorted = (each: unknown): unknown =>
      name === 'file_list' && Array.isArray(each) ? [...each].sort() : each;
    if (name === 'cl') sameList(said as Json, value as Json);
    else if (said !== undefined) same(`context ${name}`, sorted(said), sorted(withoutTuples(value)));
  }
  for (const [name, form] of Object.entries(forms)) {
    let found = valueIn(contexts, name);
    if (found === MISSING) throw new Error(`the context has no form ${name}`);
    if (found instanceof AdminForm) found = found.form;
    const facts = {
      ...(String(form['class']).startsWith('django.contrib.') && { class: lastName(String(form['class'])) }),
      bound: form['bound'],
      fields: form['fields'],
      errors: form['errors'] ?? {},
    };
    same(`form ${name}`, formFacts(found as AnyForm, form), facts);
  }
}
