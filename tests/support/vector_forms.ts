/** Widgets, fields and forms of the vectors, made of ours. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { overrideSettings, type Settings } from 'tsango/conf';
import { Range, type RangeBounds } from 'tsango/contrib/postgres/fields';
import * as postgresForms from 'tsango/contrib/postgres/forms';
import * as postgresValidators from 'tsango/contrib/postgres/validators';
import { ContentFile } from 'tsango/core/files/base';
import * as validators from 'tsango/core/validators';
import { Model, QuerySet } from 'tsango/db/models';
import * as forms from 'tsango/forms';
import { dataSource, type FormData } from 'tsango/forms/data';
import { isTruthy, toFloat, toInt, toStr } from 'tsango/python';
import { Decimal } from 'tsango/python/decimal';
import { ValueError } from 'tsango/python/errors';
import { tuple } from 'tsango/python/types';
import { MultiValueDict } from 'tsango/utils/datastructures';
import { SafeString } from 'tsango/utils/safestring';
import { getFixedTimezone, override as overrideZone } from 'tsango/utils/timezone';
import { override } from 'tsango/utils/translation';
import { decode, encode } from './vector_values';

/** Something of the row belongs to a part that has tests of its own, or is not here. */
export class Elsewhere extends Error {}

export type Json = Readonly<Record<string, unknown>>;
type Kwargs = Record<string, unknown>;
type Anything = (...args: unknown[]) => unknown;

const camel = (name: string): string =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const PY: Readonly<Record<string, Anything>> = {
  int: toInt,
  str: toStr,
  float: toFloat,
  bool: isTruthy,
  Decimal: (value) => Decimal.from(toStr(value).trim()),
  list: (value) => [...(value as Iterable<unknown>)],
  tuple: (value) => [...(value as Iterable<unknown>)],
};

/** A row's JSON so that two can be compared: a float is a number, a tuple a list, safe text a text. */
export function canonical(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(canonical);
  if (json === null || typeof json !== 'object') return json;
  const [[name, value] = ['', null], second] = Object.entries(json);
  if (second === undefined) {
    if (name === '$float') return Number(value);
    if (name === '$tuple') return canonical(value);
    if (name === '$safe' || name === '$json_string' || name === '$invalid_json') return value;
    if (name === '$set') return canonical(value);
    if (name === '$str') return value;
    // Django has a query of rows.
    if (name === '$objs') return (value as unknown[]).map((pk) => ({ $obj: canonical(pk) }));
    if (name === '$map') return canonical(Object.fromEntries(value as [string, unknown][]));
    // Which class of ranges it is, psycopg alone knows.
    if (name === '$range') return { $range: canonical({ ...(value as Json), type: null }) };
    if (name === '$decimal') return { $decimal: String(value) };
  }
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, canonical(item)]));
}

/** A stored file. */
class StoredFile {
  constructor(
    readonly url: string | null,
    readonly text: string,
    readonly json: unknown,
  ) {}

  toString(): string {
    return this.text;
  }
}

/** How values are read and written that need more than JSON: rows of a database. */
export const readers: Record<string, (json: never) => unknown> = {};
export const writers: ((value: unknown) => unknown)[] = [];
/** Called around the reading of a field. */
export const hooks = { field: <T>(_kwargs: Json, body: () => T): T => body() };

const files = new WeakMap<object, unknown>();

function uploadedFile(json: Json): ContentFile {
  const { name, content, content_type: contentType } = json as Record<string, string>;
  const file = new ContentFile(Buffer.from(content ?? '', 'hex'), name ?? '');
  Object.assign(file, { contentType });
  files.set(file, { $file: json });
  return file;
}

function table(rows: readonly [unknown[], Json][]): Anything {
  const known = new Map(rows.map(([args, outcome]) => [JSON.stringify(canonical(args)), outcome]));
  return (...args) => {
    const outcome = known.get(JSON.stringify(canonical(write(args))));
    if (outcome === undefined) throw new Error(`The table has no ${JSON.stringify(write(args))}.`);
    if ('errors' in outcome) {
      throw new forms.ValidationError(
        (outcome['errors'] as { message: string; code?: string; params?: Json }[]).map(
          ({ message, code }) => new forms.ValidationError(message, { code: code ?? null }),
        ),
      );
    }
    if ('raises' in outcome) throw new ValueError(String(outcome['message']));
    return read(outcome['result']);
  };
}

/** A row's JSON as the value that it stands for. */
export function read(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(read);
  if (json === null || typeof json !== 'object') return json;
  const [first, second] = Object.entries(json);
  if (first !== undefined && second === undefined && first[0].startsWith('$')) {
    const [name, value] = first as [string, never];
    const reader = readers[name];
    if (reader !== undefined) return reader(value);
    switch (name) {
      case '$widget':
        return widgetOf(value);
      case '$field':
        return fieldOf(value);
      case '$validator':
        return validatorOf(value);
      case '$class': {
        return classOf(value);
      }
      case '$call':
        return () => read(value);
      case '$table':
        return table(value);
      case '$py':
        if (PY[value] === undefined) throw new Elsewhere(value);
        return PY[value];
      case '$regex': {
        const { source, flags = 0 } = value as { source: string; flags?: number };
        const letters = [...((flags & 2) !== 0 ? 'i' : ''), ...((flags & 16) !== 0 ? 's' : '')].join('');
        return letters === '' ? source : `(?${letters})${source}`;
      }
      case '$file':
        return uploadedFile(value);
      case '$range': {
        const { lower, upper, bounds, empty } = value as Record<string, unknown>;
        return empty === true ? Range.empty() : new Range(read(lower), read(upper), bounds as RangeBounds);
      }
      case '$fileval': {
        const { url, str } = value as { url: string | null; str: string };
        return new StoredFile(url, str, json);
      }
      case '$mvd':
        return new MultiValueDict(
          (value as [string, unknown[]][]).map(([key, list]) => [key, list.map(read)] as const),
        );
      case '$map':
        return new Map((value as [unknown, unknown][]).map(([key, item]) => [read(key), read(item)]));
      case '$contradiction':
        return forms.FILE_INPUT_CONTRADICTION;
      case '$invalid_json':
        return new forms.InvalidJSONInput(value);
      case '$json_string':
        return new forms.JSONString(value);
      case '$tuple':
        return tuple((value as unknown[]).map(read));
      case '$asset': {
        const asset = value as { class: string; path: string; attributes?: Record<string, unknown> };
        const Asset = (forms as unknown as Record<string, typeof forms.MediaAsset>)[asset.class];
        if (Asset === undefined) throw new Elsewhere(asset.class);
        return new Asset(asset.path, asset.attributes);
      }
      case '$set':
        return (value as unknown[]).map(read);
      case '$obj':
      case '$objs':
      case '$queryset':
      case '$callable':
      case '$str':
        throw new Elsewhere(name);
      default:
        return decode(json);
    }
  }
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, read(item)]));
}

/** A value as the row would have it. */
export function write(value: unknown): unknown {
  for (const writer of writers) {
    const written = writer(value);
    if (written !== undefined) return written;
  }
  if (value instanceof StoredFile) return value.json;
  if (value instanceof Range) {
    const { lower, upper, bounds, isEmpty } = value;
    return { $range: { lower: write(lower), upper: write(upper), bounds, empty: isEmpty, type: null } };
  }
  if (value instanceof forms.JSONString) return { $json_string: value.text };
  if (value instanceof forms.InvalidJSONInput) return { $invalid_json: value.text };
  if (value === forms.FILE_INPUT_CONTRADICTION) return { $contradiction: true };
  if (typeof value === 'function') return { $callable: true };
  if (value instanceof SafeString) return { $safe: value.value };
  if (Array.isArray(value)) return value.map(write);
  if (value !== null && typeof value === 'object') {
    if (value instanceof Model) return { $obj: value.pk };
    // Which rows it would give, nobody has asked.
    if (value instanceof QuerySet) return { $queryset: value.model.name };
    const known = files.get(value);
    if (known !== undefined) {
      const { contentType } = value as { contentType?: string };
      return { $file: { ...(known as { $file: Json }).$file, content_type: contentType } };
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === null || prototype === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, write(item)]));
    }
  }
  return encode(value);
}

function options(kwargs: Json = {}): Kwargs {
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camel(name), read(value)]));
}

/** Fields, widgets and validators of contrib.postgres. */
const POSTGRES: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries({ ...postgresForms, ...postgresValidators }).map(([name, item]) => [
    `postgres.${name}`,
    item,
  ]),
);

/** The name of a class as the vectors have it. */
export function classNameOf(value: object): string {
  const { name } = value.constructor;
  return POSTGRES[`postgres.${name}`] === value.constructor ? `postgres.${name}` : name;
}

function classOf(name: string): new (...args: unknown[]) => object {
  const found = (forms as unknown as Record<string, unknown>)[name] ?? POSTGRES[name];
  if (typeof found !== 'function') throw new Elsewhere(name);
  return found as new (
    ...args: unknown[]
  ) => object;
}

function withMethods<T>(cls: T, methods: Json | undefined): T {
  if (methods === undefined) return cls;
  const Base = cls as unknown as new (...args: unknown[]) => object;
  class Own extends Base {}
  Object.defineProperty(Own, 'name', { value: Base.name });
  for (const [name, rows] of Object.entries(methods)) {
    Object.defineProperty(Own.prototype, camel(name), {
      value: read(rows),
      configurable: true,
      writable: true,
    });
  }
  return Own as unknown as T;
}

export function widgetOf(row: Json): forms.Widget {
  const {
    widget: name,
    kwargs,
    set,
    methods,
    opaque,
  } = row as {
    widget: string;
    kwargs?: Json;
    set?: Json;
    methods?: Json;
    opaque?: boolean;
  };
  if (opaque === true) throw new Elsewhere(name);
  const Cls = withMethods(classOf(name), methods);
  const { widgets, ...rest } = options(kwargs);
  const widget = (widgets === undefined ? new Cls(rest) : new Cls(widgets, rest)) as forms.Widget;
  for (const [key, value] of Object.entries(set ?? {})) Object.assign(widget, { [camel(key)]: read(value) });
  return widget;
}

export function fieldOf(row: Json): forms.Field {
  const {
    field: name,
    kwargs,
    set,
    methods,
    tree,
  } = row as {
    field: string;
    kwargs: Json;
    set?: Json;
    methods?: Json;
    tree?: string[];
  };
  const Cls = withMethods(classOf(name), methods);
  const given = hooks.field(kwargs, () => options(kwargs));
  if (tree !== undefined) given['path'] = treeOf(String(given['path']), tree);
  let field: forms.Field;
  if (name === 'InlineForeignKeyField') {
    const { parentInstance, ...rest } = given;
    field = new Cls(parentInstance, rest) as forms.Field;
  } else if (given['fields'] !== undefined && name !== 'ComboField') {
    const { fields, ...rest } = given;
    field = new Cls(fields, rest) as forms.Field;
  } else {
    field = new Cls(given) as forms.Field;
  }
  const later = { ...set };
  if (later['widget'] !== undefined) field.widget = read(later['widget']) as forms.Widget;
  if (field.widget instanceof forms.Select || field.widget instanceof forms.RadioSelect) {
    const { choices } = field as unknown as { choices?: forms.Choices };
    if (choices !== undefined && later['widget'] !== undefined) Object.assign(field, { choices });
  }
  for (const key of ['choices', 'validators', ...Object.keys(later)]) {
    if (key !== 'widget' && later[key] !== undefined) {
      Object.assign(field, { [camel(key)]: read(later[key]) });
      delete later[key];
    }
  }
  return field;
}

export let treeRoot = '';
function treeOf(folder: string, tree: readonly string[]): string {
  const own = folder;
  mkdirSync(own, { recursive: true });
  for (const name of tree) {
    if (name.endsWith('/')) mkdirSync(path.join(own, name), { recursive: true });
    else {
      mkdirSync(path.dirname(path.join(own, name)), { recursive: true });
      writeFileSync(path.join(own, name), '');
    }
  }
  return own;
}

function validatorOf(row: Json | string): unknown {
  if (typeof row === 'string') {
    const found = (validators as Readonly<Record<string, unknown>>)[camel(row)];
    if (found === undefined) throw new Elsewhere(row);
    return found;
  }
  const { validator, kwargs } = row as { validator: string; kwargs: Json };
  if (kwargs === undefined) return validatorOf(validator);
  const Cls = { ...validators, ...POSTGRES }[validator] as (new (...args: unknown[]) => unknown) | undefined;
  if (Cls === undefined) throw new Elsewhere(validator);
  const { regex, limitValue, maxDigits, decimalPlaces, allowedExtensions, flags, ...rest } = options(kwargs);
  if (validator === 'DecimalValidator') return new Cls(maxDigits, decimalPlaces);
  if (validator === 'RegexValidator')
    return new Cls(regex, { ...rest, ...(flags === 2 ? { flags: 'i' } : {}) });
  if (limitValue !== undefined) return new Cls(limitValue, rest);
  if (allowedExtensions !== undefined) return new Cls(allowedExtensions, rest);
  return new Cls(rest);
}

/** Data of a row as a widget takes it. */
export function sourceOf(json: unknown): ReturnType<typeof dataSource> {
  return dataSource(read(json) as FormData);
}

/** A row whose files are in a folder that there is. */
export function rooted(row: Json): Json {
  if (row['tree'] === undefined) return row;
  treeRoot ||= mkdtempSync(path.join(tmpdir(), 'tsango-forms-'));
  return JSON.parse(JSON.stringify(row).replaceAll('/tests-root/', `${treeRoot}/tests-root/`)) as Json;
}

/** Runs `body` in the surroundings of a row. */
export async function surrounded<T>(row: Json, body: () => Promise<T>): Promise<T> {
  const { settings, locale, timezone } = row as {
    settings?: Partial<Settings>;
    locale?: string;
    timezone?: string | { offset: number };
  };
  const restore = settings === undefined ? null : overrideSettings(read(settings) as Partial<Settings>);
  try {
    let run = body;
    if (locale !== undefined) run = () => override(locale, body);
    if (timezone !== undefined) {
      const zone = typeof timezone === 'string' ? timezone : getFixedTimezone(timezone.offset);
      const inner = run;
      run = () => overrideZone(zone, inner);
    }
    return await run();
  } finally {
    if (restore !== null) await restore();
  }
}
