/** Fields made of what Django says that makes them, asked what makes them. */
import { configure } from 'tsango/conf';
import type { Field } from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';
import { NotYet, type RecordedModel, stateOf } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});

interface Fact {
  readonly state_before?: (RecordedModel | string)[];
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value of a field's options as the recording has it. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') return value.name;
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

function recorded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(recorded);
  const tagged = value as Record<string, unknown> | null;
  if (tagged !== null && typeof tagged === 'object') {
    if ('$tuple' in tagged) return recorded(tagged['$tuple']);
    if ('$float' in tagged) return Number(tagged['$float']);
  }
  return value;
}

/** Options by name, so that their order does not matter. */
function sorted(field: unknown): unknown {
  const [path, args, options] = field as [string, unknown[], Record<string, unknown>];
  return [path, args, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))];
}

describeVectors('migrations/operations', 'fields', () => {
  it('are made again of the class and the options that Django names', () => {
    const seen = new Map<string, [ours: unknown, theirs: unknown]>();
    let left = 0;
    for (const { state_before: before = [] } of vectors<Fact>('migrations/operations')) {
      for (const model of before) {
        if (typeof model === 'string') continue;
        for (const [name, cls, kwargs, args = []] of model.fields) {
          const key = JSON.stringify([cls, kwargs, args]);
          if (seen.has(key)) continue;
          // Values that are made of others are compared where they are written: by the migrations' writer.
          if (/"\$(?!tuple|float)/.test(key)) {
            left++;
            continue;
          }
          let field: Field;
          try {
            const state = stateOf([
              { app: model.app, name: model.name, fields: [[name, cls, kwargs, args]] },
            ]);
            field = state.getModelState(model.app, model.name).getField(name);
          } catch (error) {
            if (!(error instanceof NotYet)) throw error;
            left++;
            continue;
          }
          const [, path, given, options] = field.deconstruct();
          const ours = Object.entries(options).map(([option, value]) => [snakeCase(option), plain(value)]);
          seen.set(key, [
            [path, given, Object.fromEntries(ours)],
            [`tsango.db.models.${cls}`, args, optionsOf(kwargs)],
          ]);
        }
      }
    }
    for (const [ours, theirs] of seen.values())
      expect(JSON.stringify(sorted(ours))).toBe(JSON.stringify(sorted(theirs)));
    reportArea('fields made again', seen.size, seen.size + left);
    expect(seen.size).toBeGreaterThan(50);
  });
});

function optionsOf(kwargs: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [name, recorded(value)]));
}
