/** The models of a recorded site: classes made of their description, with their texts and addresses. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import type * as models from 'tsango/db/models';
import type { Model, ModelClass } from 'tsango/db/models/base';
import { toStr } from 'tsango/python/str';
import { reverse } from 'tsango/urls';
import { NotThere as NoSuchPart } from '../vector_expressions';
import { fieldFrom } from '../vector_models';
import { camelCase, type Json, lastName, modelsOf, NotThere, type RecordedModel, tables } from './facts';

const OPTIONS = new Set(
  'verboseName verboseNamePlural ordering getLatestBy permissions defaultPermissions proxy managed'.split(
    ' ',
  ),
);

function plain(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(plain);
  if (json === null || typeof json !== 'object') return json;
  const given = json as Json;
  if ('$tuple' in given || '$set' in given) return plain(given['$tuple'] ?? given['$set']);
  return given;
}

function fieldOf([, cls, kwargs, args]: RecordedModel['fields'][number]): models.Field {
  const named = Object.fromEntries(
    Object.entries(kwargs).map(([name, value]) => {
      const callable = (value as Json | null)?.['$callable'];
      return [name, name === 'on_delete' && callable ? lastName(String(callable)) : value];
    }),
  );
  return fieldFrom({ class: lastName(cls), kwargs: named, ...(args && { args }) });
}

function stateOf(model: RecordedModel): ModelState {
  const fields = new Map<string, models.Field>();
  for (const field of model.fields) fields.set(field[0], fieldOf(field));
  const meta = Object.fromEntries(
    Object.entries(model.options)
      .map(([name, value]) => [camelCase(name), plain(value)] as const)
      .filter(([name]) => OPTIONS.has(name)),
  );
  const bases = model.bases.filter((base) => !base.startsWith('django.db.models')).map((base) => base);
  const State = ModelState as unknown as new (...all: unknown[]) => ModelState;
  return new State(model.app, model.name, fields, { ...meta, dbTable: model.table }, bases);
}

/** An expression on an object: a constant, or what a path of attributes and calls leads to. */
function evaluate(expression: unknown, object: Model): unknown {
  if (expression === null || typeof expression !== 'object') return expression;
  const given = expression as Json;
  if ('attr' in given) return follow(object, String(given['attr']));
  if ('format' in given)
    return (given['format'] as unknown[]).map((each) => toStr(evaluate(each, object))).join('');
  if ('str' in given) return toStr(evaluate(given['str'], object));
  if ('len' in given) return toStr(evaluate(given['len'], object)).length;
  if ('add' in given) {
    return (given['add'] as unknown[]).map((each) => toStr(evaluate(each, object))).join('');
  }
  if ('reverse' in given) {
    const { args = [], kwargs = {} } = given as { args?: unknown[]; kwargs?: Json };
    return reverse(String(given['reverse']), {
      args: args.map((each) => evaluate(each, object)),
      kwargs: Object.fromEntries(
        Object.entries(kwargs).map(([name, each]) => [name, evaluate(each, object)]),
      ),
    });
  }
  throw new NotThere(`the expression ${JSON.stringify(expression)}`);
}

function follow(object: Model, path: string): unknown {
  let value: unknown = object;
  for (const part of path === '' ? [] : path.split('.')) {
    const name = part.replace(/\(\)$/, '');
    const holder = value as Readonly<Record<string, unknown>>;
    const meta = ((value as Model).constructor as unknown as ModelClass)._meta as unknown as {
      fields: readonly { name: string; property: string }[];
    };
    const property = meta.fields.find((field) => field.name === name)?.property ?? camelCase(name);
    value = holder[property];
    if (part.endsWith('()')) value = (value as () => unknown).call(holder);
  }
  return value;
}

/** The models of one site. */
export class SiteModels {
  readonly missing = new Map<string, string>();
  private readonly apps: StateApps;

  constructor(app: string) {
    const described = modelsOf(app);
    const states = new Map<string, ModelState>();
    for (const model of described) {
      try {
        states.set(`${model.app}.${model.name}`.toLowerCase(), stateOf(model));
      } catch (error) {
        if (!(error instanceof NotThere || error instanceof NoSuchPart)) throw error;
        this.missing.set(`${model.app}.${model.name}`, error.message);
      }
    }
    this.apps = new StateApps(states);
    for (const model of described) {
      if (!this.missing.has(`${model.app}.${model.name}`)) this.giveMembers(model);
    }
  }

  private giveMembers({ app, name, str, get_absolute_url: url }: RecordedModel): void {
    const { prototype } = this.get(`${app}.${name}`);
    const member = (key: string, body: (object: Model) => unknown): void => {
      Object.defineProperty(prototype, key, {
        value(this: Model) {
          return body(this);
        },
        writable: true,
        configurable: true,
      });
    };
    if (str !== undefined) member('toString', (object) => toStr(evaluate(str, object)));
    if (url !== undefined) member('getAbsoluteUrl', (object) => evaluate(url, object));
  }

  /** A model by its label. @throws NotThere */
  get(label: string): ModelClass {
    const [app = '', name = ''] = label.split('.');
    const why = this.missing.get(label);
    if (why !== undefined) throw new NotThere(`the model ${label}: ${why}`);
    return this.apps.getModel(app, name) as unknown as ModelClass;
  }

  /** Makes every table. */
  async createTables(connection: DatabaseWrapper): Promise<void> {
    const made = this.apps.all().filter(({ managed }) => managed);
    await connection.schemaEditor().run(async (editor) => {
      for (const meta of made) await editor.createModel(meta);
    });
  }
}

/** Empties every table, and fills those of a snapshot. */
export async function restore(
  connection: DatabaseWrapper,
  snapshot: Readonly<Record<string, string>>,
): Promise<void> {
  const { ops } = connection;
  await connection.execute('PRAGMA foreign_keys = OFF');
  const { rows } = await connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of rows) {
    if (String(name) !== 'sqlite_sequence')
      await connection.execute(`DELETE FROM ${ops.quoteName(String(name))}`);
  }
  await connection.execute('DELETE FROM sqlite_sequence');
  const known = new Set(rows.map(({ name }) => String(name)));
  for (const [table, hash] of Object.entries(snapshot)) {
    if (!known.has(table)) continue;
    const { columns, rows: all } = tables().get(hash) as {
      columns: readonly string[];
      rows: readonly (readonly unknown[])[];
    };
    const names = columns.map((column) => ops.quoteName(column)).join(', ');
    for (const row of all) {
      const places = row.map(() => '?').join(', ');
      await connection.execute(
        `INSERT INTO ${ops.quoteName(table)} (${names}) VALUES (${places})`,
        row.map(storedValue),
      );
    }
  }
}

/** A recorded value of a column. */
export function storedValue(json: unknown): unknown {
  if (json === null || typeof json !== 'object') return json;
  const given = json as Json;
  if ('$float' in given) return Number(given['$float']);
  if ('$bytes' in given) return Buffer.from(String(given['$bytes']), 'hex');
  return String(Object.values(given)[0]);
}
