/** What Django's model fields made of values, and what `full_clean` said of instances. */
import { configure } from 'tsango/conf';
import { ValidationError } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import { formatIsoDatetime } from 'tsango/db/backends/datetimes';
import type { Field, FullCleanOptions, ModelClass } from 'tsango/db/models';
import { camelCase } from 'tsango/utils/module_loading';
import { SQLITE_ENGINE } from '../support/sqlite';
import { createTables, fieldFrom, recordedModels } from '../support/vector_models';
import { emptyTables, loadRows, tablesOf } from '../support/vector_rows';
import { decode, encode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: false,
  TIME_ZONE: 'America/Chicago',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});
afterAll(() => connections.closeAll());

type Json = Readonly<Record<string, unknown>>;

interface Fact {
  readonly call: 'clean' | 'to_python' | 'get_prep_value' | 'full_clean';
  // of a field
  readonly field: readonly [cls: string, args: unknown[], kwargs: Json];
  readonly value: unknown;
  readonly error?: { class: string; messages?: unknown[]; message?: string };
  readonly result?: unknown;
  // of an instance
  readonly model: string;
  readonly adding: boolean;
  readonly values: Json;
  readonly kwargs: Json;
  readonly data: string;
  readonly errors: Json;
}

/** The value as Django has it: dates, decimals and UUIDs are text here, which says what it is by its field. */
function asDjango(field: Field, value: unknown): unknown {
  if (value instanceof Date)
    return { $datetime: formatIsoDatetime(value, 'America/Chicago').replace(' ', 'T') };
  if (typeof value !== 'string') return encode(value);
  const kinds: Readonly<Record<string, string>> = {
    DateField: '$date',
    TimeField: '$time',
    DateTimeField: '$datetime',
    DecimalField: '$decimal',
    UUIDField: '$uuid',
  };
  const kind = kinds[field.internalType];
  return kind === undefined ? value : { [kind]: value };
}

const coded = (errors: readonly ValidationError[]): unknown[] =>
  errors.map(({ message, code }) => ({ message, code }));

function ofField({ field: [cls, args, kwargs], call, value }: Fact): unknown {
  const field = fieldFrom({ class: cls, args, kwargs });
  try {
    const given = decode(value);
    const made =
      call === 'clean'
        ? field.clean(given)
        : call === 'to_python'
          ? field.toPython(given)
          : field.getPrepValue(given);
    return { result: asDjango(field, made) };
  } catch (error) {
    if (error instanceof ValidationError) {
      return { error: { class: 'ValidationError', messages: coded(error.errorList) } };
    }
    return { error: { class: (error as Error).name, message: (error as Error).message } };
  }
}

/** How many of the sample hold. It only grows. */
const FLOOR = 141;

describeVectors(['orm/model_fields', 'orm/models', 'orm/data'], 'model fields', () => {
  it('make of values what Django makes', async () => {
    const facts = vectors<Fact>('orm/model_fields');
    const recorded = recordedModels('orm', new Set(facts.map(({ model }) => model)));
    const { apps } = recorded;
    const tables = tablesOf(apps);
    const connection = connections.get();
    await createTables(connection, recorded);
    await connection.execute('PRAGMA foreign_keys = OFF');
    const wanted = new Set(facts.map(({ data }) => data));
    const snapshots = new Map(
      vectors<{ id: string; rows: Record<string, Json[]> }>('orm/data')
        .filter(({ id }) => wanted.has(id))
        .map(({ id, rows }) => [id, rows]),
    );

    const ofInstance = async (fact: Fact): Promise<unknown> => {
      const [app = '', name = ''] = fact.model.split('.');
      if (apps.find(fact.model.toLowerCase()) === undefined) throw new Error(fact.model);
      await emptyTables(connection, tables);
      await loadRows(connection, tables, snapshots.get(fact.data) ?? {});
      const values = Object.fromEntries(
        Object.entries(fact.values).map(([key, value]) => [camelCase(key), decode(value)]),
      );
      const Recorded = apps.getModel(app, name) as unknown as ModelClass;
      const instance = new Recorded(values);
      instance._state.adding = fact.adding;
      const options = Object.fromEntries(
        Object.entries(fact.kwargs).map(([key, value]) => [
          camelCase(key),
          Array.isArray(value) ? value.map((each) => camelCase(String(each))) : decode(value),
        ]),
      );
      try {
        await instance.fullClean(options as FullCleanOptions);
        return { errors: {} };
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        return {
          errors: Object.fromEntries([...(error.errorDict ?? [])].map(([key, list]) => [key, coded(list)])),
        };
      }
    };

    const failures: string[] = [];
    for (const fact of facts) {
      const expected =
        fact.call === 'full_clean'
          ? {
              errors: Object.fromEntries(
                Object.entries(fact.errors).map(([key, list]) => [
                  key === '__all__' ? key : camelCase(key),
                  list,
                ]),
              ),
            }
          : fact.error === undefined
            ? { result: fact.result }
            : { error: fact.error };
      let said: unknown;
      try {
        said = fact.call === 'full_clean' ? await ofInstance(fact) : ofField(fact);
        expect(said).toEqual(expected);
      } catch (error) {
        failures.push(`${JSON.stringify(fact)}\n  here: ${JSON.stringify(said) ?? String(error)}`);
      }
    }
    const passed = facts.length - failures.length;
    reportArea('model fields', passed, facts.length);
    if (failures.length > 0) process.stdout.write(`${failures.join('\n')}\n`);
    if (process.env['VECTORS_DIR'] === undefined) expect(passed).toBeGreaterThanOrEqual(FLOOR);
    else expect(passed / facts.length).toBeGreaterThan(0.9);
  });
});
