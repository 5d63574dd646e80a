/** Names of indexes and constraints, and what Options knows of a model, beside Django's. */
import { configure } from 'tsango/conf';
import { createIndexName } from 'tsango/db/backends/base/schema_names';
import { namesDigest, splitIdentifier, stripQuotes, truncateName } from 'tsango/db/backends/utils';
import * as models from 'tsango/db/models';
import type { Field } from 'tsango/db/models/fields/base';
import type { ForeignKey } from 'tsango/db/models/fields/related';
import { Relation } from 'tsango/db/models/fields/reverse_related';
import type { Options } from 'tsango/db/models/options';
import { NotYet, type RecordedModel, stateOf } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

type Json = Record<string, unknown>;
interface Declared extends RecordedModel {
  readonly meta?: Json;
}
interface Fact {
  readonly call: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Json;
  readonly result: unknown;
  readonly vendor?: 'sqlite' | 'postgresql' | 'mysql';
  readonly model: Declared | string;
  readonly facts: Json;
  readonly db_table: string;
  readonly columns: readonly (readonly [column: string, order: string])[];
  readonly suffix: string;
}

/** So much of it agrees, at least. */
const FLOOR = 0.96;

const MAX_NAME = { sqlite: 200, postgresql: 63, mysql: 64 } as const;

function nameFor({ call, args, kwargs = {}, vendor = 'sqlite', ...fact }: Fact): unknown {
  switch (call) {
    case 'create_index_name': {
      const [table, columns = kwargs['column_names'], suffix] = args as [string, string[]?, string?];
      return createIndexName(
        table,
        columns as string[],
        suffix ?? String(kwargs['suffix'] ?? ''),
        MAX_NAME[vendor],
      );
    }
    case 'names_digest':
      return namesDigest(args as string[], Number(kwargs['length']));
    case 'truncate_name': {
      const [identifier, length, hashLength] = args as [string, number | null, number?];
      return truncateName(identifier, length ?? null, hashLength);
    }
    case 'split_identifier':
      return { $tuple: splitIdentifier(String(args[0])) };
    case 'strip_quotes':
      return stripQuotes(String(args[0]));
    default:
      return nameOfIndex(fact as Fact);
  }
}

/** An index of fields of these columns. */
function nameOfIndex({ db_table: dbTable, columns, suffix }: Fact): string {
  if (suffix !== 'idx') throw new NotYet(`an index with the suffix ${suffix}`);
  const fields = columns.map(([column, order]) => `${order === 'DESC' || order === '-' ? '-' : ''}${column}`);
  const index = new models.Index({ fields });
  const getField = (name: string): { column: string } => ({ column: name });
  index.setNameWithModel({ dbTable, getField } as unknown as Options);
  return index.name;
}

/** What a field has; false and empty are left out, but what is usually true. */
function fieldFacts(field: Field, model: Options): Json {
  const facts: Json = {
    attname: field.attname,
    class: field.deconstruct()[1].replace(/^.*\./, ''),
    column: field.concrete ? field.column : null,
    internal_type: field.internalType,
    name: field.name,
    verbose_name: String(field.verboseName),
  };
  const flags = {
    auto_created: field.options.autoCreated === true,
    blank: field.blank || field.isAuto,
    db_index: field.dbIndex,
    null: field.null,
    primary_key: field.primaryKey,
    unique: field.unique,
  };
  for (const [name, value] of Object.entries(flags)) if (value) facts[name] = true;
  if (!field.editable) facts['editable'] = false;
  if (field.options.serialize === false) facts['serialize'] = false;
  if (field.model !== model) facts['model'] = field.model.label;
  return Object.fromEntries(Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function optionFacts(model: Options): Json {
  const { meta } = model;
  return {
    abstract: false,
    constraints: model.constraints.map(({ name }) => name),
    db_table: model.dbTable,
    default_permissions: meta.defaultPermissions ?? ['add', 'change', 'delete', 'view'],
    default_related_name: meta.defaultRelatedName ?? null,
    fields: model.fields.map((field) => fieldFacts(field, model)),
    get_latest_by: meta.getLatestBy ?? null,
    indexes: model.indexes.map(({ name }) => name),
    label: model.label,
    label_lower: model.key,
    managed: model.managed,
    model_name: model.modelName,
    order_with_respect_to: model.orderWithRespectTo?.name ?? null,
    ordering: [...model.ordering],
    pk: model.pk.name,
    proxy: model.proxy,
    unique_together: model.uniqueTogether.map((names) => [...names]),
    verbose_name: String(model.verboseName),
    verbose_name_plural: String(model.verboseNamePlural),
  };
}

/** What is only said of one model at a time: how it refers to others. */
function relationFacts(model: Options): string[] {
  return [...model.localFields, ...model.localManyToMany]
    .filter((field) => field.isRelation())
    .map((field) => {
      const relation = new Relation(field as ForeignKey);
      return `${field.name}: ${relation.isHidden ? 'hidden' : relation.accessorName}`;
    })
    .sort();
}

/** The models that a model names: as they were recorded, or with a key alone. */
function named(model: Declared, recorded: ReadonlyMap<string, Declared>): Declared[] {
  const text = JSON.stringify([model.fields, model.bases]);
  const labels = [...text.matchAll(/"(?:to|through|model)":"(\w+)\.(\w+)"/g)];
  return labels.map(
    ([, app = '', name = '']) => recorded.get(`${app}.${name}`.toLowerCase()) ?? { app, name, fields: [] },
  );
}

function described({ model }: Fact, recorded: ReadonlyMap<string, Declared>): Options {
  const all = new Map<string, Declared>();
  const add = (each: Declared): void => {
    const key = `${each.app}.${each.name}`.toLowerCase();
    if (all.has(key)) return;
    all.set(key, each);
    for (const other of named(each, recorded)) add(other);
  };
  add(model as Declared);
  const state = stateOf(
    [...all.values()].map(({ app, name, fields, meta = {}, bases }) => {
      const { abstract: _abstract, app_label: _label, apps: _apps, auto_created: _made, ...options } = meta;
      const own = ((bases ?? []) as { model?: string | null }[]).flatMap((base) =>
        base.model ? [base.model] : [],
      );
      return { app, name, fields, options, bases: own };
    }),
  );
  const { app, name } = model as Declared;
  return state.apps.getOptions(app, name);
}

/** What of two is not in the other. */
function difference(one: unknown, other: unknown): string {
  if (!Array.isArray(one) || !Array.isArray(other)) return `${JSON.stringify(one)} ${JSON.stringify(other)}`;
  const [left, right] = [one, other].map((all) => all.map((each) => JSON.stringify(each)));
  return `${left?.filter((each) => !right?.includes(each)).join()} | ${right?.filter((each) => !left?.includes(each)).join()}`;
}

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const tagged = value as Json;
  if (Array.isArray(tagged['$tuple'])) return tagged['$tuple'].map(plain);
  return Object.fromEntries(Object.entries(tagged).map(([name, each]) => [name, plain(each)]));
};

describeVectors('migrations/model_options', 'names and options of models', () => {
  it('are Django’s', () => {
    const facts = vectors<Fact>('migrations/model_options');
    const recorded = new Map(
      facts
        .filter(({ call }) => call === 'Options')
        .map(({ model }) => [
          `${(model as Declared).app}.${(model as Declared).name}`.toLowerCase(),
          model as Declared,
        ]),
    );
    let agreed = 0;
    const reasons = new Map<string, number>();
    const differ: string[] = [];
    for (const fact of facts) {
      let ours: unknown;
      let theirs: unknown = fact.result;
      try {
        if (fact.call === 'Options') {
          const model = described(fact, recorded);
          ours = { ...optionFacts(model), relations: relationFacts(model) };
          const own = plain(fact.facts) as Json;
          const wanted = Object.keys(optionFacts(model)).map((name) => [name, own[name]]);
          const relations = (own['relations'] as { name: string; accessor: string; hidden?: boolean }[])
            .map(({ name, accessor, hidden }) => `${name}: ${hidden ? 'hidden' : accessor}`)
            .sort();
          theirs = { ...Object.fromEntries(wanted), relations };
        } else ours = nameFor(fact);
      } catch (error) {
        const what = error instanceof NotYet ? error.message : String((error as Error).stack).slice(0, 300);
        reasons.set(what, (reasons.get(what) ?? 0) + 1);
        continue;
      }
      const [left, right] = [theirs, ours].map((each) => JSON.stringify(each));
      if (left === right) agreed++;
      else if (fact.call !== 'Options')
        differ.push(`${fact.call} ${JSON.stringify(fact.args)}: ${left} ${right}`);
      else {
        const [a, b] = [theirs, ours] as [Json, Json];
        const names = Object.keys(a).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
        differ.push(
          `${(fact.model as Declared).name} ${names.map((name) => `${name}: ${difference(a[name], b[name])}`).join('; ')}`,
        );
      }
    }
    reportArea('migrations model_options', agreed, facts.length);
    if (process.env['REASONS']) {
      const sorted = [...reasons].sort((one, other) => other[1] - one[1]);
      process.stdout.write(`${JSON.stringify(sorted, null, 1)}\n${differ.join('\n')}\n`);
    }
    expect(agreed / facts.length).toBeGreaterThanOrEqual(FLOOR);
  });
});
