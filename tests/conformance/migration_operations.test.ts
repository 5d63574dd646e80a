/** Operations beside Django's: what they say, and what they do to the models. */
import { configure } from 'tsango/conf';
import { connections } from 'tsango/db';
import { FieldOperation, type Operation } from 'tsango/db/migrations';
import type { ProjectState } from 'tsango/db/migrations/state';
import { type ForeignObjectOptions, referenceKey } from 'tsango/db/models/fields/related';
import { camelCase } from 'tsango/utils/module_loading';
import { shown } from '../support/comparable_operations';
import { SQLITE_ENGINE } from '../support/sqlite';
import {
  NotYet,
  operationOf,
  type RecordedModel,
  type RecordedOperation,
  stateOf,
} from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  TIME_ZONE: 'UTC',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});
afterAll(() => connections.closeAll());

interface Fact {
  call: string;
  op: RecordedOperation;
  args: [string, string, string?];
  app: string;
  describe: string;
  reversible: boolean;
  reduces_to_sql: boolean;
  atomic: boolean;
  result: boolean;
  state_before: RecordedModel[];
  state_after: (RecordedModel | string)[];
}

/** What `make` makes; undefined where something of it is not there yet. */
function supported<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotYet) return undefined;
    throw error;
  }
}

/** The models of a state, so that two can be compared, whatever the fields' order. Empty entries of Meta are none. */
function modelsOf(state: ProjectState): unknown {
  const given = (entry: unknown): boolean => entry != null && (!Array.isArray(entry) || entry.length > 0);
  return [...state.models.values()].map(({ appLabel, name: model, options: meta, bases, fields }) => {
    const modelName = model.toLowerCase();
    const named = [...fields]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => {
        const { to, fromFields, toFields, ...options } = field.options as Partial<ForeignObjectOptions>;
        const target = to === undefined ? undefined : referenceKey(String(to), { appLabel, modelName });
        // What a ForeignObject goes by are properties here.
        const pairs = [fromFields, toFields].map((names) => names?.map((each) => camelCase(each)));
        return [name, field.internalType, { ...options, target, pairs }];
      });
    return [
      appLabel,
      model,
      bases,
      named,
      Object.fromEntries(Object.entries(meta).filter(([, entry]) => given(entry))),
    ];
  });
}

function forgetIndexes(state: ProjectState): void {
  for (const { appLabel, name } of state.models.values()) {
    state.alterModelOptions(appLabel, name, {}, ['indexes']);
  }
}

/** Django's state loses a model that is renamed to itself in other letters; ours keeps it. */
function changesOnlyCase({ op, kwargs }: RecordedOperation): boolean {
  const [from, to] = [kwargs['old_name'], kwargs['new_name']].map((name) => String(name).toLowerCase());
  return op === 'RenameModel' && from === to;
}

/** What Django calls Python code is code here. */
const inOurWords = (text: string): string => text.replace('Raw Python operation', 'Raw code operation');

class Base extends FieldOperation {
  stateForwards(): void {}
  async databaseForwards(): Promise<void> {}
  async databaseBackwards(): Promise<void> {}
  describe(): string {
    return '';
  }
}

describeVectors('migrations/operations', 'operations', () => {
  const facts = vectors<Fact>('migrations/operations');

  it('say of themselves what Django’s say, and do the same to the models', () => {
    let [done, all] = [0, 0];
    for (const fact of facts) {
      if (fact.call !== 'facts' && fact.call !== 'state_forwards') continue;
      all++;
      const operation = supported(() => operationOf(fact.op));
      if (operation === undefined) continue;
      const { reversible, reduces_to_sql: reducesToSql } = fact;
      const description = inOurWords(fact.describe);
      expect([operation.describe(), operation.reversible, operation.reducesToSql]).toEqual([
        description,
        reversible,
        reducesToSql,
      ]);
      if (fact.call === 'state_forwards') {
        const states = supported(() => [
          stateOf(fact.state_before),
          stateOf(fact.state_after, fact.state_before),
        ]);
        if (states === undefined) continue;
        const [state, expected] = states as [ProjectState, ProjectState];
        operation.stateForwards(fact.app, state);
        // An index follows its field here; in Django it keeps the old name until the model is made from its class.
        if (JSON.stringify(fact.op).includes('"RenameField"'))
          for (const each of [state, expected]) forgetIndexes(each);
        if (!changesOnlyCase(fact.op)) expect(shown(modelsOf(state))).toEqual(shown(modelsOf(expected)));
      }
      done++;
    }
    reportArea('migrations operations', done, all);
    expect(done).toBeGreaterThanOrEqual(all * 0.997);
  });

  it('may have to do with what Django’s may', () => {
    for (const { call, op, args, result } of facts) {
      if (call !== 'references_model' && call !== 'references_field') continue;
      const operation = supported((): Operation => {
        if (op.op !== 'FieldOperation') return operationOf(op);
        const [modelName, name, field] = op.args as [string, string, unknown?];
        const made = operationOf({ op: 'AddField', kwargs: { model_name: modelName, name, field } });
        return new Base(modelName, name, (made as FieldOperation).field);
      });
      if (operation === undefined) continue;
      const [first, second, third = ''] = args;
      expect(
        call === 'references_model'
          ? operation.referencesModel(first, second)
          : operation.referencesField(first, second, third),
      ).toBe(result);
    }
  });
});
