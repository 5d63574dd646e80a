/** What the lines of one recorded test say of each other: each has only the models that its own operation names. */
import { truncateName } from 'tsango/db/backends/utils';
import type { RecordedModel } from './vector_operations';
import type { SchemaLine } from './vector_schema';
import { tablesOf } from './vector_tables';
import { vectors } from './vectors';

type Json = Record<string, unknown>;

const labelOf = ({ app, name }: RecordedModel): string => `${app}.${name}`.toLowerCase();

/** How long the name of a table may be. */
const LONGEST: Readonly<Record<SchemaLine['vendor'], number | null>> = {
  sqlite: null,
  postgresql: 63,
  mysql: 64,
};

const tableOf = ({ app, name, options }: RecordedModel, vendor: SchemaLine['vendor']): string =>
  String(options?.['db_table'] ?? truncateName(`${app}_${name.toLowerCase()}`, LONGEST[vendor]));

const isModel = (model: RecordedModel | string): model is RecordedModel => typeof model !== 'string';

/** The models that a line has. */
function modelsOf(line: SchemaLine): RecordedModel[] {
  return line.kind === 'calls'
    ? Object.values(line.models)
    : [...line.state_before, ...line.state_after].filter(isModel);
}

const siblings = new Map<string, readonly SchemaLine[]>();

/** The lines of a line's test on its database. */
function siblingsOf({ vendor, test }: SchemaLine): readonly SchemaLine[] {
  if (siblings.size === 0) {
    for (const line of vectors<SchemaLine>('migrations/schema')) {
      const key = `${line.vendor} ${line.test}`;
      siblings.set(key, [...(siblings.get(key) ?? []), line]);
    }
  }
  return test === null ? [] : (siblings.get(`${vendor} ${test}`) ?? []);
}

/** The labels of what a model refers to. */
const targetsOf = ({ fields }: RecordedModel): string[] =>
  fields.flatMap(([, , { to }]) => (typeof to === 'string' ? [to.toLowerCase()] : []));

/** Models that a line has the tables of, and that refer to its own: another line of the test has them. */
function referring(line: SchemaLine): RecordedModel[] {
  const known = new Map(modelsOf(line).map((model) => [labelOf(model), model]));
  const tables = new Set([...known.values()].map((model) => tableOf(model, line.vendor)));
  const found = new Map<string, RecordedModel>();
  for (const model of siblingsOf(line).flatMap(modelsOf)) {
    const label = labelOf(model);
    const isHere =
      tableOf(model, line.vendor) in (line.tables_before ?? {}) && !tables.has(tableOf(model, line.vendor));
    const targets = targetsOf(model);
    if (!isHere || known.has(label) || found.has(label) || targets.length === 0) continue;
    if (targets.every((target) => known.has(target))) found.set(label, model);
  }
  return [...found.values()];
}

/** The constraints that a model of calls has: an earlier call added them, and the table still has them. */
function addedConstraints(line: SchemaLine, label: string, model: RecordedModel): Json[] {
  const calls = siblingsOf(line).flatMap((each) => (each.kind === 'calls' ? each.calls : []));
  const own = JSON.stringify([line.calls.map(({ args }) => args), model.constraints]);
  const table = tablesOf(line.tables_before).get(tableOf(model, line.vendor));
  const added = new Map<string, Json>();
  for (const { call, model: of, args } of calls) {
    const [constraint] = args as Json[];
    const name = String((constraint?.['kwargs'] as Json | undefined)?.['name']);
    if (call !== 'add_constraint' || of !== label || constraint === undefined) continue;
    if (table?.constraints[name] !== undefined && !own.includes(`"name":"${name}"`))
      added.set(name, constraint);
  }
  return [...added.values()];
}

/** A line with what others of its test say of its models. */
export function completed(line: SchemaLine): SchemaLine {
  const others = referring(line);
  if (line.kind === 'operations') {
    return {
      ...line,
      state_before: [...line.state_before, ...others],
      state_after: [...line.state_after, ...others.map(({ app, name }) => `${app}.${name}`)],
    };
  }
  const models = Object.entries(line.models).map(([label, model]): [string, RecordedModel] => {
    const added = addedConstraints(line, label, model);
    return [
      label,
      added.length === 0 ? model : { ...model, constraints: [...(model.constraints ?? []), ...added] },
    ];
  });
  return {
    ...line,
    models: Object.fromEntries([...models, ...others.map((model) => [labelOf(model), model])]),
  };
}
