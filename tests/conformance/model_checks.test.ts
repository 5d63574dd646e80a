/** What Django's system checks said of models, asked of ours. Options are named in camelCase here. */
import { configure } from 'tsango/conf';
import type { CheckMessage } from 'tsango/core/checks';
import { connections } from 'tsango/db';
import type { ProjectState } from 'tsango/db/migrations/state';
import { checkModel } from 'tsango/db/models/checks';
import { SQLITE_ENGINE } from '../support/sqlite';
import { NotYet, type RecordedModel, stateOf } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({
  SECRET_KEY: 'not a secret',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});
afterAll(() => connections.closeAll());

interface Declared extends RecordedModel {
  readonly meta?: Record<string, unknown>;
  readonly bases?: unknown;
  readonly swapped?: unknown;
}
interface Message {
  readonly level: number;
  readonly id: string;
  readonly msg: string;
  readonly hint: string | null;
  readonly obj: unknown;
}
interface Fact {
  readonly call: string;
  readonly vendor: string;
  readonly model: string;
  readonly models: Declared[];
  readonly settings?: Record<string, unknown>;
  readonly result: Message[];
}

/** So many agree, at least. It only grows. */
const FLOOR = 495;

const OPTIONS =
  /\b(?:max_length|max_digits|decimal_places|related_name|related_query_name|on_delete|to_field|through_fields|unique_together|order_with_respect_to|auto_now_add|auto_now|primary_key|db_column|allow_files|allow_folders|upload_to)\b/g;
const camelCase = (text: string): string =>
  text.replace(OPTIONS, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));

const PYTHON = new Map([
  [
    "Related name must be a valid Python identifier or end with a '+'",
    "Related name must be a valid identifier or end with a '+'",
  ],
]);

function theirs({ level, id, msg }: Message): unknown {
  // The wording of hints is ours where Python's would not help.
  return [
    level,
    id,
    camelCase(PYTHON.get(msg) ?? msg)
      .replace(' Django should use ', ' should be used ')
      .replace('(self)', '("self")'),
  ];
}
const ours = ({ level, id, msg }: CheckMessage): unknown => [level, id, msg];

/** The bases as migrations have them: labels of concrete models. */
function basesOf(model: Declared): unknown {
  return ((model.bases ?? []) as (string | { model?: string | null })[]).flatMap((base) => {
    if (typeof base === 'string') return base === 'models.Model' ? [] : [base];
    return base.model ? [base.model] : [];
  });
}

function stateFor(models: readonly Declared[]): ProjectState {
  return stateOf(
    models.map((model) => {
      const { app, name, fields, meta = {} } = model;
      const { abstract: _abstract, app_label: _label, apps: _apps, ...options } = meta;
      return { app, name, fields, options, bases: basesOf(model) };
    }),
  );
}

describeVectors('migrations/checks', 'checks of models', () => {
  it('say what Django’s say', () => {
    const facts = vectors<Fact>('migrations/checks').filter(
      ({ call, vendor }) => call === 'Model.check' && vendor === 'sqlite',
    );
    let [agreed, left] = [0, 0];
    const reasons = new Map<string, number>();
    const differ: string[] = [];
    for (const fact of facts) {
      // What an app's default key is warned of is not what this is about.
      const wanted = fact.result.filter(({ id }) => id !== 'models.W042').map(theirs);
      let found: unknown[];
      try {
        const options = stateFor(fact.models).apps.find(fact.model.toLowerCase());
        if (options === undefined) throw new NotYet(fact.model);
        found = [...checkModel(options)].map(ours);
      } catch (error) {
        if (error instanceof NotYet) {
          reasons.set(error.message, (reasons.get(error.message) ?? 0) + 1);
          left++;
          continue;
        }
        found = [String(error)];
      }
      const sorted = (all: readonly unknown[]): string =>
        all
          .map((each) => JSON.stringify(each))
          .sort()
          .join('\n');
      if (sorted(found) === sorted(wanted)) agreed++;
      else differ.push(`${fact.model}\n  Django: ${sorted(wanted)}\n  ours:   ${sorted(found)}`);
    }
    reportArea('model checks', agreed, facts.length);
    if (process.env['REASONS'])
      process.stdout.write(
        `${left} not there ${JSON.stringify([...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40))}\n${differ.join('\n')}\n`,
      );
    expect(agreed).toBeGreaterThanOrEqual(FLOOR);
  });
});
