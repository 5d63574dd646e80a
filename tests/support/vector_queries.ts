/** Queries of the recorded ORM, asked again through the public API. */
import type { StateApps } from 'tsango/db/migrations/state';
import { camelCase } from 'tsango/utils/module_loading';
import { exported, type Json, NotThere, placed, Values, withOptions } from './vector_expressions';
import { Instances, modelOf, propertyOf } from './vector_instances';

/** A recorded call. */
export type Call = readonly [method: string, args: readonly unknown[], kwargs: Json];
/** Where a recorded query begins, and what was called on it. */
export interface RecordedChain {
  readonly model: string;
  readonly start: Json;
  readonly chain: readonly Call[];
}

type Any = Record<string, unknown>;

/** `pub_date__year` as `pubDate__year`: names of fields as they are written here. */
const spelled = (path: string): string => path.split('__').map(propertyOf).join('__');

const spelledKeys = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [spelled(name), value]));

const spelledOr = (values: unknown): Json | null => (values ? spelledKeys(values as Json) : null);

/** Parameters that Python's callers may name, and that stand in their place here. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  contains: ['obj'],
  set: ['objs'],
  bulk_create: ['objs'],
  bulk_update: ['objs', 'fields'],
  raw: ['raw_query', 'params'],
  in_bulk: ['id_list'],
  dates: ['field_name', 'kind'],
  datetimes: ['field_name', 'kind'],
};

/** A slice of Python, or an index. */
type Index = { readonly $slice: readonly [number | null, number | null, number | null] } | number;

/** Asks the recorded queries of one app. */
export class Replayer {
  private readonly values: Values = new Values({
    instance: (json) => this.instances.of(json),
    queryset: (json) => {
      const query = this.build(json as unknown as RecordedChain);
      return isThenable(query) ? query : rowsOf(query);
    },
    model: (label) => modelOf(this.apps, label) as never,
  });
  private readonly instances: Instances;

  constructor(private readonly apps: StateApps) {
    this.instances = new Instances(apps, () => this.values);
  }

  /** Reads what a query needs before it runs. @throws NotThere. */
  prepare({ start, chain }: RecordedChain, terminal: Call | null): Promise<void> {
    return this.instances.prepare(start, chain, terminal);
  }

  /** The query, which may not have run yet. */
  build({ model, start, chain }: RecordedChain): Any {
    let query = this.begin(model, start);
    for (const [method, args, kwargs] of chain) {
      query = (
        method === '__getitem__' ? sliced(query, args[0] as Index) : this.call(query, method, args, kwargs)
      ) as Any;
    }
    return query;
  }

  /** Runs the query; what it comes to. */
  async finish(recorded: RecordedChain, terminal: Call | null): Promise<unknown> {
    const query = this.build(recorded);
    const [method, args, kwargs] = terminal ?? ['iterate', [], {}];
    switch (method) {
      case 'iterate':
        return isThenable(query) ? query : rowsOf(query);
      case '__getitem__': {
        const [index] = args as [Index | string];
        if (typeof index === 'string') return this.call(query, 'slice', [index], {});
        if (typeof index !== 'number') {
          const rows = (await sliced(query, index)) as unknown as unknown[];
          return index.$slice[2] === null ? rows : rows.filter((_, at) => at % Number(index.$slice[2]) === 0);
        }
        return ((await sliced(query, { $slice: [index, index + 1, null] })) as unknown as unknown[])[0];
      }
      case '__getattr__':
        return query[propertyOf(String(args[0]))];
      case 'iterator':
        return collect(this.call(query, method, args, kwargs));
      case 'save':
      case 'refresh_from_db':
        await this.call(query, method, args, kwargs);
        return query;
      default:
        return this.call(query, method, args, kwargs);
    }
  }

  private begin(model: string, start: Json): Any {
    if ('instance' in start) return this.values.value(start['instance']) as Any;
    if ('related' in start) {
      const [instance, accessor] = start['related'] as [unknown, string];
      const manager = (this.values.value(instance) as Any)[propertyOf(accessor)];
      if (typeof manager !== 'object' || manager === null) throw new NotThere('related managers');
      return manager as Any;
    }
    const cls = modelOf(this.apps, model);
    return rowsOf((cls._defaultManager ?? cls.objects) as unknown as Any) as Any;
  }

  private call(query: Any, method: string, rawArgs: readonly unknown[], rawKwargs: Json): unknown {
    const [args, kwargs] = placed(
      PLACES[method] ?? [],
      rawArgs.map((each) => this.value(each)),
      this.values.named(rawKwargs),
    );
    const on = (name: string, ...all: unknown[]): unknown => {
      const target =
        typeof query[name] === 'function' ? query : (query['all'] as (() => Any) | undefined)?.call(query);
      const found = target?.[name];
      if (typeof found !== 'function') throw new NotThere(name);
      return (found as (...given: unknown[]) => unknown).apply(target, all);
    };
    switch (method) {
      case 'filter':
      case 'exclude':
      case 'get':
        return on(method, ...args, ...(Object.keys(kwargs).length > 0 ? [kwargs] : []));
      case 'annotate':
      case 'alias':
      case 'aggregate':
        return on(method, ...args, ...(Object.keys(kwargs).length > 0 ? [kwargs] : []));
      case 'values':
        return on('values', ...args, ...(Object.keys(kwargs).length > 0 ? [kwargs] : []));
      case 'values_list':
        return on('valuesList', ...withOptions(args, kwargs));
      case 'union':
        return on('union', ...withOptions(args, kwargs));
      case 'defer':
      case 'only':
        return on(method, ...args);
      case 'update':
        return on('update', spelledKeys(kwargs));
      case 'create': {
        const { through_defaults: defaults, ...values } = kwargs;
        return on('create', ...withOptions([spelledKeys(values)], { through_defaults: spelledOr(defaults) }));
      }
      case 'get_or_create':
      case 'update_or_create': {
        const {
          defaults = args[0] ?? {},
          create_defaults: create,
          through_defaults: through,
          ...rest
        } = kwargs;
        const options = {
          create_defaults: create ? spelledKeys(create as Json) : null,
          through_defaults: spelledOr(through),
        };
        return on(
          camelCase(method),
          ...withOptions([spelledKeys(rest), spelledKeys(defaults as Json)], options),
        );
      }
      case '__and__':
      case '__or__':
      case '__xor__':
        return on(method.slice(2, -2), ...args);
      case 'raw':
        return on('raw', ...withOptions(args, kwargs));
      case 'in_bulk':
        return on('inBulk', ...withOptions(args.length === 0 ? [null] : args, kwargs));
      case 'add':
      case 'set': {
        const { through_defaults: defaults, ...rest } = kwargs;
        return on(method, ...withOptions(args, { ...rest, through_defaults: spelledOr(defaults) }));
      }
      default:
        return on(camelCase(method), ...withOptions(args, kwargs));
    }
  }

  private value(json: unknown): unknown {
    return this.values.value(json);
  }

  /** Registers the lookups that a test had registered; gives back what takes them away. */
  register(lookups: readonly (readonly [field: string, lookup: string, name: string])[]): () => void {
    const undo = lookups.map(([field, lookup, name]) => {
      const Field = fieldClass(field);
      const Lookup = lookupClass(lookup);
      return Field.registerLookup(Lookup, name);
    });
    return () => {
      for (const each of undo.reverse()) each();
    };
  }
}

interface Registering {
  registerLookup(lookup: unknown, name: string): () => void;
}

function fieldClass(name: string): Registering {
  const found = exported(name) as Registering | undefined;
  if (typeof found?.registerLookup !== 'function') throw new NotThere('registerLookup');
  return found;
}

function lookupClass(name: string): unknown {
  const found = exported(name.replace(/^.*\./, ''));
  if (found === undefined) throw new NotThere(`the lookup ${name}`);
  return found;
}

function isThenable(value: Any): boolean {
  return typeof value['then'] === 'function';
}

function rowsOf(query: Any): unknown {
  if (typeof query['all'] !== 'function') throw new NotThere('rows');
  return (query['all'] as () => unknown).call(query);
}

function sliced(query: Any, index: Index): Any {
  if (typeof index === 'number') throw new NotThere('an index in a chain');
  const [from, to] = index.$slice;
  const whole = isThenable(query) ? query : (rowsOf(query) as Any);
  return (whole['slice'] as (...all: unknown[]) => Any).call(whole, from ?? 0, ...(to === null ? [] : [to]));
}

async function collect(rows: unknown): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of rows as AsyncIterable<unknown>) all.push(row);
  return all;
}
