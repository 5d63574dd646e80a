/** Rows that the vectors' fields can choose from, in an SQLite database of their own. */
import { connections } from 'tsango/db';
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { toStr } from 'tsango/python';
import { camelCase } from 'tsango/utils/module_loading';
import { hooks, type Json, readers, writers } from './vector_forms';
import { decode, encode } from './vector_values';

type Row = readonly [pk: unknown, label: string, other?: unknown];

interface Recorded {
  readonly pk: 'int' | 'str' | 'uuid';
  /** Of which kind the third value of a row is. */
  readonly to?: 'int' | 'str';
  readonly rows: readonly Row[];
}

const KINDS = {
  int: (options: object) => new models.IntegerField(options),
  str: (options: object) => new models.CharField({ maxLength: 200, ...options }),
  uuid: (options: object) => new models.UUIDField(options),
} as const;

const made = new Map<string, models.ModelClass>();
const waiting: { model: models.ModelClass; rows: readonly Row[]; to: string | null }[] = [];

/** The model whose rows these are. Its table is made by {@link makeTables}. */
function modelOf(recorded: Recorded, toField: string | null): models.ModelClass {
  const to = recorded.to === undefined || toField === 'id' ? null : toField;
  const key = JSON.stringify([recorded, to]);
  const found = made.get(key);
  if (found !== undefined) return found;
  const name = `Choice${made.size}`;
  const fields = new Map<string, models.Field>([
    ['id', KINDS[recorded.pk]({ primaryKey: true })],
    ['label', new models.TextField()],
    ['place', new models.IntegerField()],
    ...(to === null ? [] : [[to, KINDS[recorded.to ?? 'int']({ unique: true })] as const]),
  ]);
  const state = new ModelState('choices', name, fields, { ordering: ['place'] });
  const apps = new StateApps(new Map([[`choices.${name.toLowerCase()}`, state]]));
  const model = apps.getModel('choices', name) as unknown as models.ModelClass;
  Object.defineProperty(model.prototype, 'toString', {
    value(this: { label?: string; pk: unknown }) {
      return this.label ?? `object (${toStr(this.pk ?? null)})`;
    },
  });
  made.set(key, model);
  waiting.push({ model, rows: recorded.rows, to });
  return model;
}

/** Makes the tables of everything that a row can choose from. */
export async function prepareChoices(row: Json): Promise<void> {
  prepare(row);
  if (waiting.length > 0) await makeTables();
}

function prepare(json: unknown): void {
  if (json === null || typeof json !== 'object') return;
  const { $queryset: recorded } = (json as { queryset?: { $queryset?: Recorded } }).queryset ?? {};
  if (recorded !== undefined) {
    modelOf(recorded, (json as { to_field_name?: string }).to_field_name ?? null);
  }
  for (const item of Object.values(json)) prepare(item);
}

async function makeTables(): Promise<void> {
  for (const { model, rows, to } of waiting.splice(0)) {
    await connections
      .get()
      .schemaEditor()
      .run((editor) => editor.createModel(model._meta));
    const manager = model._defaultManager;
    let place = 0;
    for (const [pk, label, other] of rows) {
      const values = {
        pk: decode(pk),
        label,
        place: place++,
        ...(to !== null && { [camelCase(to)]: decode(other) }),
      };
      await manager.create(values as never);
    }
  }
}

const anything: Record<string, models.ModelClass> = {};

/** A row of no recorded model. */
function someRow(json: unknown): object {
  const pk = decode(json);
  const kind = typeof pk === 'string' ? 'str' : pk !== null && typeof pk === 'object' ? 'uuid' : 'int';
  const Some = anything[kind] ?? modelOf({ pk: kind, rows: [] }, null);
  anything[kind] = Some;
  // What it has besides its key was not recorded.
  const row = Object.assign(new Some({ pk }), { serializableValue: () => pk });
  row._state.adding = pk === null;
  return row;
}

/** The `to_field_name` of the field that is being read. */
let toFieldName: string | null = null;

Object.assign(readers, {
  $obj: someRow,
  $objs: (all: readonly unknown[]) => all.map(someRow),
  $queryset: (recorded: Recorded) => modelOf(recorded, toFieldName)._defaultManager.all(),
});
writers.push((value) => (value instanceof models.Model ? { $obj: encode(value.pk ?? null) } : undefined));

hooks.field = <T>(kwargs: Json, body: () => T): T => {
  const before = toFieldName;
  toFieldName = (kwargs['to_field_name'] as string | undefined) ?? null;
  try {
    return body();
  } finally {
    toFieldName = before;
  }
};
