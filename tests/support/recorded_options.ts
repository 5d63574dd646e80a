/** The models of model_options.jsonl: a line has one, and says what others it extends and refers to. */
import { asDeclared, type RecordedField, type RecordedModel } from './vector_operations';
import { vectors } from './vectors';

type Json = Record<string, unknown>;

/** A model as its class was declared. */
export interface DeclaredModel extends RecordedModel {
  readonly meta?: Json;
}

interface RecordedFact {
  readonly name: string;
  readonly class: string;
  readonly model?: string;
  readonly [flag: string]: unknown;
}

/** What a line says of its model. */
export interface OptionFacts extends Json {
  readonly ordering: readonly string[];
  readonly fields: readonly RecordedFact[];
  readonly relations: readonly {
    readonly name: string;
    readonly accessor: string;
    readonly hidden?: boolean;
  }[];
  readonly parents: Readonly<Record<string, string | null>>;
  readonly many_to_many: readonly { readonly name: string; readonly symmetrical: boolean }[];
}

/** A line that describes a model. */
export interface OptionsLine {
  readonly call: string;
  readonly model: DeclaredModel;
  readonly facts: OptionFacts;
  readonly test: string | null;
}

const keyOf = ({ app, name }: Pick<RecordedModel, 'app' | 'name'>): string => `${app}.${name}`.toLowerCase();

const isRelation = (kwargs: Json): boolean => 'to' in kwargs;

/** The labels of the models that a model extends. */
export function basesOf({ bases }: RecordedModel): string[] {
  return ((bases ?? []) as (string | { model?: string | null })[]).flatMap((base) => {
    if (typeof base === 'string') return base === 'models.Model' ? [] : [base];
    return base.model ? [base.model] : [];
  });
}

/** A field as a line has it that says what a child has of it. What it refers to is not said: its own model will do. */
function inheritedField(
  label: string,
  { name, class: cls, ...flags }: RecordedFact,
): [string, ...RecordedField] {
  const {
    null: nullable,
    unique,
    primary_key,
    db_index,
    blank,
    verbose_name,
    auto_created,
    serialize,
  } = flags;
  const all = { null: nullable, unique, primary_key, db_index, blank, verbose_name, auto_created, serialize };
  const kwargs = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const parent = auto_created === true && cls === 'OneToOneField' ? name.replace(/_ptr$/, '') : undefined;
  const to = parent === undefined ? label : `${label.split('.')[0]}.${parent}`;
  const relation = { to, on_delete: 'CASCADE', ...(parent !== undefined && { parent_link: true }) };
  return [name, cls, cls === 'ForeignKey' || cls === 'OneToOneField' ? { ...kwargs, ...relation } : kwargs];
}

/** The models that a line's extends, as far as it has fields of them. */
function parentsOf({ model, facts }: OptionsLine): DeclaredModel[] {
  const labels = new Set([...basesOf(model), ...facts.fields.flatMap(({ model: label }) => label ?? [])]);
  return [...labels].map((label) => {
    const [app = '', name = ''] = label.split('.');
    const fields = facts.fields
      .filter(
        (field) => field.model === label && !(field['auto_created'] === true && field.class === 'AutoField'),
      )
      .map((field) => inheritedField(label, field));
    const bases = fields.flatMap(([, , { parent_link, to }]) => (parent_link ? [String(to)] : []));
    // What is extended and is no parent is a proxy of one.
    const isProxy = !(label in facts.parents) && !facts.fields.some((field) => field.model === label);
    if (isProxy) return { app, name, fields: [], bases: Object.keys(facts.parents), meta: { proxy: true } };
    const isDirect = basesOf(model).includes(label);
    return { app, name, fields, bases, meta: isDirect ? { ordering: facts.ordering } : {} };
  });
}

/** Whether relations of a model to itself hold in both directions, as a line of its own says. */
function symmetryOf({ facts }: Pick<OptionsLine, 'facts'>): ReadonlyMap<string, boolean> {
  return new Map(facts.many_to_many.map(({ name, symmetrical }) => [name, symmetrical]));
}

/** The recorded models. */
export class RecordedOptions {
  private readonly lines = new Map<string, OptionsLine[]>();

  constructor(lines = vectors<OptionsLine>('migrations/model_options')) {
    for (const line of lines) {
      if (line.call !== 'Options') continue;
      const key = keyOf(line.model);
      this.lines.set(key, [...(this.lines.get(key) ?? []), line]);
    }
  }

  /** The line of a model, best by the same test: several tests may have one of the name. */
  find(key: string, test: string | null): OptionsLine | undefined {
    const known = this.lines.get(key.toLowerCase()) ?? [];
    return (
      known.find((each) => each.test === test) ?? known.find((each) => each.test === null) ?? known.at(-1)
    );
  }

  /** Whether relations to itself of a model of a test hold in both directions, as far as that was recorded. */
  symmetrical(model: RecordedModel, test: string | null): ReadonlyMap<string, boolean> | undefined {
    const same = (this.lines.get(keyOf(model)) ?? []).find(
      (line) => line.test === test && JSON.stringify(line.model.fields) === JSON.stringify(model.fields),
    );
    return same && symmetryOf(same);
  }

  /** A line's model with all that it extends and refers to: as it was recorded, as its child says, or with a key alone. */
  around(line: OptionsLine): DeclaredModel[] {
    const parents = new Map(parentsOf(line).map((parent) => [keyOf(parent), parent]));
    const all = new Map<string, DeclaredModel>();
    const add = (
      model: DeclaredModel,
      labels: readonly string[],
      known?: ReadonlyMap<string, boolean>,
    ): void => {
      all.set(keyOf(model), {
        ...model,
        fields: asDeclared(model, { ...(known && { symmetrical: known }) }),
      });
      for (const label of labels) {
        const [app = '', name = ''] = label.split('.');
        if (all.has(label.toLowerCase())) continue;
        const said = parents.get(label.toLowerCase());
        const recorded = this.find(label, line.test);
        const isSame =
          recorded?.test === line.test || said?.fields.every(([field]) => hasField(recorded?.model, field));
        const other = (isSame !== false ? recorded?.model : undefined) ??
          said ?? { app, name, fields: keyFields(label, line) };
        add(other, [...basesOf(other), ...targetsOf(other)]);
      }
    };
    // What a field refers to that is no relation is not there.
    const relations = new Set(line.facts.relations.map(({ name }) => name));
    add(line.model, [...basesOf(line.model), ...targetsOf(line.model, relations)], symmetryOf(line));
    return [...all.values()];
  }
}

/** Whether a model declares a field, or gets it as a link to its parent. */
const hasField = (model: RecordedModel | undefined, name: string): boolean =>
  [...(model?.fields ?? []).map(([field]) => field), ...(model ? basesOf(model).map(linkTo) : [])].includes(
    name,
  );

const linkTo = (label: string): string => `${label.split('.').at(-1)?.toLowerCase()}_ptr`;

/** The fields that other fields name of a model of which nothing is known. */
function keyFields(label: string, { model }: OptionsLine): RecordedModel['fields'] {
  return model.fields.flatMap(([, , kwargs]): RecordedModel['fields'] => {
    const { to, to_field: name } = kwargs;
    if (String(to).toLowerCase() !== label.toLowerCase() || typeof name !== 'string') return [];
    return [[name, 'CharField', { max_length: 100, unique: true }]];
  });
}

/** The labels of what a model's fields refer to. */
function targetsOf({ fields }: RecordedModel, names?: ReadonlySet<string>): string[] {
  return fields
    .filter(([name, , kwargs]) => isRelation(kwargs) && (names?.has(name) ?? true))
    .flatMap(([, , { to, through }]) => [to, through])
    .map((to) => (to as { to?: unknown } | undefined)?.to ?? to)
    .flatMap((label) => (typeof label === 'string' && label.includes('.') ? [label] : []));
}
