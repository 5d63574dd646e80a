/** The rows of random models: made when a model is, and looked for after each change. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import type { ProjectState } from 'tsango/db/migrations/state';
import { APP, type FieldSpec, type ModelSpec, ROWS, valueFor, type World } from './world';

const tableOf = ({ dbTable, name }: ModelSpec): string => dbTable ?? `${APP}_${name.toLowerCase()}`;

/** The values of every field of a model, by its name: of many-to-many fields the pairs. */
export type Values = ReadonlyMap<string, readonly string[]>;

async function read(connection: DatabaseWrapper, table: string): Promise<Record<string, unknown>[]> {
  const { rows } = await connection.execute(`SELECT * FROM "${table}" ORDER BY id`);
  return [...rows];
}

const text = (value: unknown): string =>
  value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? 'null');

async function valuesOf(connection: DatabaseWrapper, model: ModelSpec): Promise<Values> {
  const table = tableOf(model);
  const rows = await read(connection, table);
  const values = new Map([['id', rows.map(({ id }) => String(id))]]);
  for (const [name, spec] of model.fields) {
    if (spec.kind === 'ManyToManyField') {
      const pairs = await read(connection, `${table}_${name}`);
      values.set(
        name,
        pairs.map(({ id: _id, ...ends }) => Object.values(ends).map(String).sort().join('-')).sort(),
      );
      continue;
    }
    const column = spec.options['dbColumn'] ?? (spec.to === undefined ? name : `${name}_id`);
    values.set(
      name,
      rows.map((row) => text(row[String(column)])),
    );
  }
  return values;
}

/** The values of all models, by what the models are. */
export async function valuesIn(
  connection: DatabaseWrapper,
  world: World,
): Promise<ReadonlyMap<number, Values>> {
  const found = new Map<number, Values>();
  for (const model of world) found.set(model.id, await valuesOf(connection, model));
  return found;
}

/** Rows for models that are new, and pairs for new many-to-many fields. */
export async function fill(
  connection: DatabaseWrapper,
  state: ProjectState,
  before: World,
  after: World,
  renamed: (model: number, field: string) => string,
): Promise<void> {
  for (const model of after) {
    const old = before.find(({ id }) => id === model.id);
    const Model = state.apps.getModel(APP, model.name);
    if (old === undefined) {
      for (let row = 1; row <= ROWS; row++) {
        const columns = [...model.fields].filter(
          ([, spec]) => spec.kind !== 'ManyToManyField' && (spec.to === undefined || spec.filled),
        );
        const values = columns.map(([name, spec]) => [
          spec.to === undefined ? name : `${name}Id`,
          valueFor(spec, row),
        ]);
        await Model.objects.using(connection.alias).create(Object.fromEntries(values) as never);
      }
    }
    const known = new Set([...(old?.fields.keys() ?? [])].map((name) => renamed(model.id, name)));
    for (const [name, { kind }] of model.fields) {
      if (kind === 'ManyToManyField' && !known.has(name)) await pair(connection, `${tableOf(model)}_${name}`);
    }
  }
}

/** Two pairs of rows; every table has so many, unless it was made again. */
async function pair(connection: DatabaseWrapper, table: string): Promise<void> {
  const columns = (await connection.introspection.getTableDescription(table))
    .map(({ name }) => name)
    .slice(1);
  const names = columns.map((name) => `"${name}"`).join(', ');
  for (const ends of [
    [1, 2],
    [3, 1],
  ]) {
    await connection.execute(`INSERT INTO "${table}" (${names}) VALUES (?, ?)`, ends);
  }
}

/** What a change does to the values of a field: nothing, but to those that had none. */
export function keeps(before: FieldSpec, after: FieldSpec): boolean {
  return before.filled || before.options['null'] === after.options['null'];
}
