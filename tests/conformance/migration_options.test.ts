/** Names of indexes and constraints, and what Options knows of a model, beside Django's. */

import { configure, overrideSettings } from 'tsango/conf';
import * as postgres from 'tsango/contrib/postgres/indexes';
import { createIndexName } from 'tsango/db/backends/base/schema_names';
import { namesDigest, splitIdentifier, stripQuotes, truncateName } from 'tsango/db/backends/utils';
import * as models from 'tsango/db/models';
import type { Field } from 'tsango/db/models/fields/base';
import type { ForeignKey } from 'tsango/db/models/fields/related';
import { Relation } from 'tsango/db/models/fields/reverse_related';
import type { Options } from 'tsango/db/models/options';
import { Explained, lineName } from '../support/explained';
import { basesOf, type DeclaredModel, type OptionsLine, RecordedOptions } from '../support/recorded_options';
import { SQLITE_ENGINE } from '../support/sqlite';
import { NotYet, stateOf } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import { OPTION_EXCEPTIONS } from './exceptions/options';

configure({
  SECRET_KEY: 'not a secret',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});

type Json = Record<string, unknown>;
interface Fact extends Omit<OptionsLine, 'model'> {
  readonly args: readonly unknown[];
  readonly kwargs?: Json;
  readonly result: unknown;
  readonly vendor?: 'sqlite' | 'postgresql' | 'mysql';
  readonly model: DeclaredModel;
  readonly db_table: string;
  readonly columns: readonly (readonly [column: string, order: string])[];
  readonly suffix: string;
  readonly class: string;
}

/** So much of it agrees, at least. */
const FLOOR = 0.99;

const MAX_NAME = { sqlite: 200, postgresql: 63, mysql: 64 } as const;

function nameFor({ call, args, kwargs = {}, vendor = 'sqlite', ...fact }: Fact): unknown {
  switch (call) {
    case 'create_index_name': {
      const [table = kwargs['table_name'], given = plain(kwargs['column_names']), suffix] = args;
      return createIndexName(
        String(table),
        given as string[],
        String(suffix ?? kwargs['suffix'] ?? ''),
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
function nameOfIndex({ db_table: dbTable, columns, class: cls }: Fact): string {
  const name = cls.slice(cls.lastIndexOf('.') + 1);
  const classes = { Index: models.Index, ...postgres } as unknown as Readonly<
    Record<string, typeof models.Index | undefined>
  >;
  const Known = classes[name];
  if (Known === undefined) throw new NotYet(`an index of the class ${name}`);
  const fields = columns.map(([column, order]) => `${order === 'DESC' || order === '-' ? '-' : ''}${column}`);
  const index = new Known({ fields });
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
    // What has no column of its own was not recorded, unless its columns are others'.
    fields: model.fields
      .filter((field) => field.internalType !== 'ForeignObject')
      .map((field) => fieldFacts(field, model)),
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

/** Whether a field refers to a model; Django says nothing of one that does not. */
const isThere = (field: ForeignKey): boolean => field.model.registry.find(field.toKey) !== undefined;

/** What is only said of one model at a time: how it refers to others. */
function relationFacts(model: Options): string[] {
  return [...model.localFields, ...model.localManyToMany]
    .filter((field) => field.isRelation() && isThere(field as ForeignKey))
    .map((field) => {
      const relation = new Relation(field as ForeignKey);
      return `${field.name}: ${relation.isHidden ? 'hidden' : relation.accessorName}`;
    })
    .sort();
}

function described(line: OptionsLine, recorded: RecordedOptions): Options {
  const state = stateOf(
    recorded.around(line).map((declared) => {
      const { app, name, fields, meta = {} } = declared;
      const { abstract: _abstract, app_label: _label, apps: _apps, auto_created: _made, ...options } = meta;
      return { app, name, fields, options, bases: basesOf(declared) };
    }),
  );
  return state.apps.getOptions(line.model.app, line.model.name);
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
  it('are Django’s', async () => {
    const facts = vectors<Fact>('migrations/model_options');
    const recorded = new RecordedOptions();
    const explained = new Explained('migrations model_options', OPTION_EXCEPTIONS);
    for (const fact of facts) {
      const { call, model } = fact;
      const subject = call === 'Options' ? `${model.app}.${model.name}` : fact.args;
      const what = lineName([call, subject, fact.test], fact);
      let ours: unknown;
      let theirs: unknown = fact.result;
      // What the recorded test had set is not said elsewhere.
      const auto = fact.facts?.['auto_field'] ?? 'AutoField';
      const restore =
        auto === 'AutoField'
          ? undefined
          : overrideSettings({ DEFAULT_AUTO_FIELD: `django.db.models.${String(auto)}` });
      try {
        if (fact.call === 'Options') {
          const model = described(fact as OptionsLine, recorded);
          ours = { ...optionFacts(model), relations: relationFacts(model) };
          const own = plain(fact.facts) as Json;
          const wanted = Object.keys(optionFacts(model)).map((name) => [name, own[name]]);
          const relations = fact.facts.relations
            .map(({ name, accessor, hidden }) => `${name}: ${hidden ? 'hidden' : accessor}`)
            .sort();
          theirs = { ...Object.fromEntries(wanted), relations };
        } else ours = nameFor(fact);
      } catch (error) {
        explained.replayed(what, error instanceof NotYet ? error.message : String((error as Error).stack));
        continue;
      } finally {
        await restore?.();
      }
      const [left, right] = [theirs, ours].map((each) => JSON.stringify(each));
      if (left === right) explained.replayed(what);
      else if (fact.call !== 'Options') explained.replayed(what, `${left} ${right}`);
      else {
        const [a, b] = [theirs, ours] as [Json, Json];
        const names = Object.keys(a).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
        explained.replayed(what, names.map((name) => `${name}: ${difference(a[name], b[name])}`).join('; '));
      }
    }
    explained.report(reportArea);
    explained.expectAgreement(FLOOR, 3958);
  });
});
