/**
 * Random changes of models: only such as a database can do and undo with rows in its tables. What Django could not undo
 * either (a column without a default that has to have a value again) is left out, not tried.
 */
import {
  FAMILIES,
  type FieldSpec,
  INTEGERS,
  type Kind,
  type ModelSpec,
  type Named,
  PLAIN,
  RELATIONS,
  valueFor,
  type World,
} from './world';

/** Decides by the numbers that it was given. */
export class Picks {
  private at = 0;
  constructor(private readonly numbers: readonly number[]) {}

  below(limit: number): number {
    return limit === 0 ? 0 : (this.numbers[this.at++] ?? 0) % limit;
  }

  chance(of: number): boolean {
    return this.below(of) === 1;
  }

  of<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}

/** The models after a change, and what was renamed by it. */
export interface Change {
  readonly what: string;
  readonly world: World;
  readonly renamedField?: readonly [model: string, from: string, to: string];
  readonly renamedModel?: readonly [from: string, to: string];
}

type Maker = (world: World, picks: Picks, serial: number) => Change | undefined;

const changed = (world: World, model: ModelSpec, changes: Partial<ModelSpec>): World =>
  world.map((each) => (each === model ? { ...each, ...changes } : each));

const without = <T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> => {
  const { [key]: _gone, ...rest } = value;
  return rest;
};

const isColumn = ([, { kind }]: readonly [string, FieldSpec]): boolean => kind !== 'ManyToManyField';

/** The names that an index or a constraint speaks of. */
const namesOf = (named: Named): readonly string[] =>
  named.is === 'check'
    ? [named.field]
    : [...named.fields.map(bare), ...(named.condition ? [named.condition] : [])];
const bare = (name: string): string => name.replace(/^-/, '');

function isUsed(model: ModelSpec, name: string): boolean {
  return (
    model.orderWithRespectTo === name ||
    model.uniqueTogether.some((group) => group.includes(name)) ||
    model.named.some((each) => namesOf(each).includes(name))
  );
}

function newField(world: World, picks: Picks, existing: boolean): FieldSpec | undefined {
  const isRelation = world.length > 0 && picks.chance(3);
  const kind = picks.of(isRelation ? RELATIONS : PLAIN) as Kind;
  const options: Record<string, unknown> = {};
  if (isRelation) {
    const target = picks.of(world) as ModelSpec;
    const many = kind === 'ManyToManyField';
    const filled = !existing && !many && picks.chance(2);
    if (!many && !filled) options['null'] = true;
    return {
      kind,
      options,
      to: target.name,
      distinct: false,
      filled,
      everUnique: kind === 'OneToOneField',
      everTo: [target.id],
    };
  }
  if (kind === 'CharField' || kind === 'SlugField') options['maxLength'] = 20 + picks.below(3) * 10;
  if (kind === 'DecimalField') options['maxDigits'] = 6 + picks.below(3);
  const how = picks.below(4);
  const spec = { kind } as FieldSpec;
  if (how === 0) options['null'] = true;
  else if (how === 1 && kind !== 'JSONField') options['default'] = valueFor(spec, 2);
  else if (how === 2 && (kind === 'CharField' || INTEGERS.includes(kind)))
    options['dbDefault'] = valueFor(spec, 1);
  const indexable = kind !== 'JSONField';
  if (indexable && picks.chance(4)) options['dbIndex'] = true;
  const distinct = !existing && kind !== 'BooleanField' && indexable;
  const mayBeUnique = distinct || (existing && how === 0 && indexable);
  if (mayBeUnique && picks.chance(5)) options['unique'] = true;
  return {
    kind,
    options,
    distinct,
    filled: !existing || how !== 0,
    everUnique: options['unique'] === true,
    everTo: [],
  };
}

const addModel: Maker = (world, picks, serial) => {
  if (world.length >= 6) return undefined;
  const fields = new Map<string, FieldSpec>();
  for (let at = 0; at <= picks.below(4); at++) {
    const spec = newField(world, picks, false);
    if (spec !== undefined) fields.set(`f${serial}x${at}`, spec);
  }
  const model: ModelSpec = {
    id: serial,
    name: `Model${serial}`,
    key: picks.chance(2) ? 'BigAutoField' : 'AutoField',
    fields,
    named: [],
    uniqueTogether: [],
  };
  return { what: `add ${model.name}`, world: [...world, model] };
};

const removeModel: Maker = (world, picks) => {
  const model = picks.of(world);
  if (model === undefined || world.length < 2) return undefined;
  const others = world.filter((each) => each !== model);
  const refer = others.flatMap((other) =>
    [...other.fields]
      .filter(([, spec]) => spec.to === model.name)
      .map(([name, spec]) => ({ other, name, spec })),
  );
  const before = others.some((other) =>
    [...other.fields.values()].some((spec) => spec.to !== model.name && spec.everTo.includes(model.id)),
  );
  if (before || refer.some(({ other, name, spec }) => !canGo(spec) || isUsed(other, name))) return undefined;
  return {
    what: `remove ${model.name}`,
    world: others.map((other) => ({
      ...other,
      fields: new Map([...other.fields].filter(([, spec]) => spec.to !== model.name)),
    })),
  };
};

/** Whether a field can be made again for rows that are there. */
function canGo({ kind, options, everUnique }: FieldSpec): boolean {
  if (kind === 'ManyToManyField') return true;
  const isNull = options['null'] === true && !('default' in options) && !('dbDefault' in options);
  return isNull || (!everUnique && ('default' in options || 'dbDefault' in options));
}

const addField: Maker = (world, picks, serial) => {
  const model = picks.of(world);
  const spec = model && newField(world, picks, true);
  if (model === undefined || spec === undefined) return undefined;
  const name = `f${serial}`;
  return {
    what: `add ${model.name}.${name} ${spec.kind} ${JSON.stringify(spec.options)}`,
    world: changed(world, model, { fields: new Map([...model.fields, [name, spec]]) }),
  };
};

const removeField: Maker = (world, picks) => {
  const model = picks.of(world);
  const [name, spec] = (model && picks.of([...model.fields])) ?? [];
  if (model === undefined || name === undefined || !canGo(spec as FieldSpec) || isUsed(model, name))
    return undefined;
  return {
    what: `remove ${model.name}.${name}`,
    world: changed(world, model, { fields: new Map([...model.fields].filter(([each]) => each !== name)) }),
  };
};

const renameField: Maker = (world, picks, serial) => {
  const model = picks.of(world);
  const [name] = (model && picks.of([...model.fields])) ?? [];
  if (model === undefined || name === undefined) return undefined;
  const to = `r${serial}`;
  const rename = (each: string): string => each.replace(new RegExp(`^(-?)${name}$`), `$1${to}`);
  return {
    what: `rename ${model.name}.${name} to ${to}`,
    renamedField: [model.name, name, to],
    world: changed(world, model, {
      fields: new Map([...model.fields].map(([each, spec]) => [rename(each), spec])),
      uniqueTogether: model.uniqueTogether.map((group) => group.map(rename)),
      named: model.named.map((each) =>
        each.is === 'check'
          ? { ...each, field: rename(each.field) }
          : {
              ...each,
              fields: each.fields.map(rename),
              ...(each.condition !== undefined && { condition: rename(each.condition) }),
            },
      ),
      ...(model.orderWithRespectTo !== undefined && { orderWithRespectTo: rename(model.orderWithRespectTo) }),
    }),
  };
};

const renameModel: Maker = (world, picks, serial) => {
  const model = picks.of(world);
  if (model === undefined) return undefined;
  const to = `Renamed${serial}`;
  return {
    what: `rename ${model.name} to ${to}`,
    renamedModel: [model.name, to],
    world: changed(world, model, { name: to }).map((each) => ({
      ...each,
      fields: new Map(
        [...each.fields].map(([name, spec]) => [name, spec.to === model.name ? { ...spec, to } : spec]),
      ),
    })),
  };
};

const alterField: Maker = (world, picks) => {
  const model = picks.of(world);
  const [name, spec] = (model && picks.of([...model.fields])) ?? [];
  if (model === undefined || name === undefined || spec === undefined) return undefined;
  const altered = alteredField(world, model, name, spec, picks);
  if (altered === undefined) return undefined;
  return {
    what: `alter ${model.name}.${name} from ${spec.kind} ${JSON.stringify(spec.options)} to ${altered.kind} ${altered.to ?? ''} ${JSON.stringify(altered.options)}`,
    world: changed(world, model, {
      fields: new Map([...model.fields].map(([each, old]) => [each, each === name ? altered : old])),
    }),
  };
};

function alteredField(
  world: World,
  model: ModelSpec,
  name: string,
  spec: FieldSpec,
  picks: Picks,
): FieldSpec | undefined {
  const used = isUsed(model, name);
  const { kind, options } = spec;
  if (kind === 'ManyToManyField') return undefined;
  if (spec.to !== undefined) {
    const how = picks.below(3);
    if (how === 0 && kind === 'ForeignKey')
      return { ...spec, options: { ...options, dbIndex: options['dbIndex'] === false } };
    if (how === 1 && options['null'] === true && spec.filled)
      return { ...spec, options: without(options, 'null') };
    const target = picks.of(world);
    if (target === undefined || target.name === spec.to || target.name === model.name) return undefined;
    return { ...spec, to: target.name, everTo: [...spec.everTo, target.id] };
  }
  switch (picks.below(5)) {
    case 0: {
      const other = picks.of(FAMILIES.find((family) => family.includes(kind)) ?? []);
      if (other === undefined || other === kind) return undefined;
      const { maxLength: _length, ...rest } = options;
      const sized = other === 'TextField' || INTEGERS.includes(other) ? {} : { maxLength: 40 };
      return { ...spec, kind: other, options: { ...rest, ...sized } };
    }
    case 1:
      if (options['null'] === true) {
        const rest = without(options, 'null');
        // The rows without a value get the one that is answered: the same.
        return (spec.filled || !(spec.everUnique || used)) && kind !== 'JSONField'
          ? { ...spec, options: rest, filled: true, distinct: spec.filled && spec.distinct }
          : undefined;
      }
      return 'default' in options ? { ...spec, options: { ...options, null: true } } : undefined;
    case 2:
      if (kind === 'JSONField') return undefined;
      return {
        ...spec,
        options: options['dbIndex'] === true ? without(options, 'dbIndex') : { ...options, dbIndex: true },
      };
    case 3:
      if (options['unique'] === true) return { ...spec, options: without(options, 'unique') };
      return spec.distinct && !isUnique(model, [name])
        ? { ...spec, everUnique: true, options: { ...options, unique: true } }
        : undefined;
    default:
      if (kind === 'JSONField' || 'dbDefault' in options) return undefined;
      if ('dbColumn' in options) return { ...spec, options: without(options, 'dbColumn') };
      return {
        ...spec,
        options: { ...options, dbColumn: `column_${picks.below(1000)}_${spec.everTo.length}` },
      };
  }
}

const addNamed: Maker = (world, picks, serial) => {
  const model = picks.of(world);
  const columns = model && [...model.fields].filter(isColumn).filter(([, { kind }]) => kind !== 'JSONField');
  if (model === undefined || columns === undefined || columns.length === 0) return undefined;
  const [first, spec] = picks.of(columns) as [string, FieldSpec];
  const second = picks.of(columns)?.[0] as string;
  const fields = second === first ? [first] : [first, second];
  const name = `n${serial}`;
  const what = picks.below(4);
  const condition = spec.options['null'] === true && picks.chance(2) ? first : undefined;
  let added: Named;
  if (what === 0 && INTEGERS.includes(spec.kind)) added = { is: 'check', name, field: first };
  else if (what === 1 && spec.distinct && !isUnique(model, fields))
    added = { is: 'unique', name, fields, ...(condition && { condition }) };
  else {
    const ordered = picks.chance(3) ? [`-${fields[0]}`, ...fields.slice(1)] : fields;
    added = { is: 'index', name, fields: ordered, ...(condition && { condition }) };
  }
  const after = added.is === 'unique' ? markedUnique(model, fields) : model;
  return {
    what: `add ${JSON.stringify(added)} of ${model.name}`,
    world: changed(world, model, { fields: after.fields, named: [...model.named, added] }),
  };
};

/** Whether there is a UNIQUE of these fields: of two that are the same PostgreSQL makes one, where they come together. */
function isUnique(model: ModelSpec, fields: readonly string[]): boolean {
  const same = (others: readonly string[]): boolean =>
    [...others].sort().join() === [...fields].sort().join();
  return (
    (fields.length === 1 && model.fields.get(fields[0] as string)?.options['unique'] === true) ||
    model.uniqueTogether.some(same) ||
    model.named.some((each) => each.is === 'unique' && same(each.fields))
  );
}

function markedUnique(model: ModelSpec, names: readonly string[]): ModelSpec {
  const fields = [...model.fields].map(
    ([name, spec]) => [name, names.includes(name) ? { ...spec, everUnique: true } : spec] as const,
  );
  return { ...model, fields: new Map(fields) };
}

const removeNamed: Maker = (world, picks) => {
  const model = picks.of(world.filter(({ named }) => named.length > 0));
  const gone = model && picks.of(model.named);
  if (model === undefined || gone === undefined) return undefined;
  return {
    what: `remove ${gone.name} of ${model.name}`,
    world: changed(world, model, { named: model.named.filter((each) => each !== gone) }),
  };
};

const renameIndex: Maker = (world, picks, serial) => {
  const model = picks.of(world.filter(({ named }) => named.some(({ is }) => is === 'index')));
  const index = model && picks.of(model.named.filter(({ is }) => is === 'index'));
  if (model === undefined || index === undefined) return undefined;
  return {
    what: `rename ${index.name} of ${model.name}`,
    world: changed(world, model, {
      named: model.named.map((each) => (each === index ? { ...each, name: `m${serial}` } : each)),
    }),
  };
};

const changeTogether: Maker = (world, picks) => {
  const model = picks.of(world);
  if (model === undefined) return undefined;
  if (model.uniqueTogether.length > 0) {
    return {
      what: `no uniqueTogether of ${model.name}`,
      world: changed(world, model, { uniqueTogether: [] }),
    };
  }
  const columns = [...model.fields].filter(isColumn).filter(([, { kind }]) => kind !== 'JSONField');
  const first = picks.of(columns.filter(([, { distinct }]) => distinct))?.[0];
  const second = picks.of(columns)?.[0];
  if (first === undefined || second === undefined || first === second) return undefined;
  if (isUnique(model, [first, second])) return undefined;
  const { fields } = markedUnique(model, [first, second]);
  return {
    what: `uniqueTogether of ${model.name}: ${first}, ${second}`,
    world: changed(world, model, { fields, uniqueTogether: [[first, second]] }),
  };
};

const changeTable: Maker = (world, picks, serial) => {
  const model = picks.of(world);
  if (model === undefined) return undefined;
  const what = `table of ${model.name}`;
  if (model.dbTable === undefined)
    return { what, world: changed(world, model, { dbTable: `table_${serial}` }) };
  return {
    what,
    world: world.map((each) => (each === model ? (without(model, 'dbTable') as ModelSpec) : each)),
  };
};

const changeKey: Maker = (world, picks) => {
  const model = picks.of(world);
  if (model === undefined) return undefined;
  const key = model.key === 'AutoField' ? 'BigAutoField' : 'AutoField';
  return { what: `key of ${model.name}: ${key}`, world: changed(world, model, { key }) };
};

const changeOrder: Maker = (world, picks) => {
  const model = picks.of(world);
  if (model === undefined) return undefined;
  if (model.orderWithRespectTo !== undefined) {
    return {
      what: `no order of ${model.name}`,
      world: world.map((each) =>
        each === model ? (without(model, 'orderWithRespectTo') as ModelSpec) : each,
      ),
    };
  }
  const key = picks.of([...model.fields].filter(([, { kind }]) => kind === 'ForeignKey'))?.[0];
  if (key === undefined) return undefined;
  return {
    what: `order of ${model.name}: ${key}`,
    world: changed(world, model, { orderWithRespectTo: key }),
  };
};

const MAKERS: readonly Maker[] = [
  addField,
  alterField,
  removeField,
  renameField,
  renameModel,
  addNamed,
  removeNamed,
  renameIndex,
  changeTogether,
  changeTable,
  changeKey,
  changeOrder,
  removeModel,
  addModel,
  alterField,
  addField,
  alterField,
];

/** What may be done beside something else: nothing whose names would have to be asked for twice. */
const TOGETHER: readonly Maker[] = [
  addField,
  alterField,
  addNamed,
  removeNamed,
  changeTable,
  changeKey,
  addModel,
  changeTogether,
];

/** A change of the models; the first thing that is made is a model. Sometimes two things are done before anybody looks. */
export function changeOf(world: World, picks: Picks, serial: number): Change | undefined {
  const maker = world.length === 0 ? addModel : picks.of(MAKERS);
  const first = maker?.(world, picks, serial);
  const isRenaming = first?.renamedField !== undefined || first?.renamedModel !== undefined;
  if (first === undefined || isRenaming || !picks.chance(3)) return first;
  const second = picks.of(TOGETHER)?.(first.world, picks, serial + 1000);
  return second === undefined
    ? first
    : { ...first, what: `${first.what}; ${second.what}`, world: second.world };
}
