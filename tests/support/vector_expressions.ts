/** Values and expressions of the recorded ORM, made of their description alone, by the names that Django gives them. */
import { settings } from 'tsango/conf';
import * as models from 'tsango/db/models';
import { CombinedExpression, type Operator } from 'tsango/db/models/expressions/combined';
import { type PlainDateTime, ZonedDateTime } from 'tsango/python/datetime';
import { tuple } from 'tsango/python/types';
import { camelCase } from 'tsango/utils/module_loading';
import { getDefaultTimezone, makeAware } from 'tsango/utils/timezone';
import { decode } from './vector_values';

export type Json = Readonly<Record<string, unknown>>;
type Make = (...args: unknown[]) => unknown;

/** What was recorded asks for something that is not there, or that a recording cannot hold. */
export class NotThere extends Error {
  constructor(what: string) {
    super(`not there: ${what}`);
  }
}

/** Where Django's names are looked for; a module that is not there has none. */
const MODULES = ['/functions', '', '/lookups', '/expressions', '/expressions/order_by', '/fields/json']
  .map((module) => `tsango/db/models${module}`)
  .concat(
    'tsango/contrib/contenttypes',
    'tsango/contrib/postgres/indexes',
    'tsango/contrib/postgres/constraints',
    'tsango/contrib/postgres/search',
  );

/** The modules that exist; the recording names what of them is wanted. */
const namespaces = MODULES.flatMap((module): Readonly<Record<string, unknown>>[] => {
  try {
    return [require(module) as Readonly<Record<string, unknown>>];
  } catch (error) {
    if (
      (error as { code?: string }).code === 'MODULE_NOT_FOUND' ||
      /Cannot find module|Could not locate module/.test(String(error))
    )
      return [];
    throw error;
  }
});

/** What is exported under one of Django's names. */
export function exported(name: string): unknown {
  return namespaces.find((namespace) => namespace[name] !== undefined)?.[name];
}

const isClass = (value: Make): boolean => /^class\b/.test(Function.prototype.toString.call(value));

/** An exported class or function, called. @throws NotThere. */
export function make(name: string, ...args: unknown[]): unknown {
  const found = exported(name) as Make | undefined;
  if (typeof found !== 'function') throw new NotThere(name);
  return isClass(found)
    ? new (found as unknown as new (...all: unknown[]) => unknown)(...args)
    : found(...args);
}

/** Keyword arguments as an options object: what Python calls None is left out. */
export function optionsOf(named: Json): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(named)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [camelCase(name), value]),
  );
}

export const withOptions = (args: readonly unknown[], named: Json): unknown[] => {
  const options = optionsOf(named);
  return Object.keys(options).length > 0 ? [...args, options] : [...args];
};

/** Parameters that Python's callers may name, and that stand in their place here. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  Cast: ['expression', 'output_field'],
  ExpressionWrapper: ['expression', 'output_field'],
  Extract: ['expression', 'lookup_name'],
  Trunc: ['expression', 'kind'],
  Round: ['expression', 'precision'],
  Replace: ['expression', 'text', 'replacement'],
  LPad: ['expression', 'length', 'fill_text'],
  RPad: ['expression', 'length', 'fill_text'],
  Substr: ['expression', 'pos', 'length'],
  NthValue: ['expression', 'nth'],
  Lag: ['expression', 'offset', 'default'],
  Lead: ['expression', 'offset', 'default'],
  Window: ['expression'],
  Value: ['value'],
  RawSQL: ['sql', 'params'],
  Collate: ['expression', 'collation'],
};

/** Moves named arguments to where they stand. */
export function placed(
  names: readonly string[],
  args: readonly unknown[],
  kwargs: Json,
): [args: unknown[], rest: Record<string, unknown>] {
  const rest = { ...kwargs };
  const all = [...args];
  for (let at = all.length; at < names.length; at++) {
    const name = names[at] as string;
    if (!(name in rest)) break;
    all.push(rest[name]);
    delete rest[name];
  }
  return [all, rest];
}

/** Callables that a recording names and that have a counterpart. */
const CALLABLES: Readonly<Record<string, () => unknown>> = {
  'datetime.datetime.now': () => new Date(),
  'django.utils.timezone.now': () => new Date(),
  'django.db.models.functions.datetime.Now': () => make('Now'),
  'uuid.uuid4': () => crypto.randomUUID(),
  'builtins.dict': () => ({}),
  'builtins.list': () => [],
  dict: () => ({}),
  list: () => [],
};

/** Where values get instances, queries and models from. */
export interface Surroundings {
  instance(json: Json): unknown;
  queryset(json: Json): unknown;
  model(label: string): { _meta: { getField(name: string): unknown } };
}

/** A field by its class and keyword arguments. @throws NotThere. */
export function fieldOf(cls: string, args: readonly unknown[], options: Json): models.Field {
  const Field = exported(cls.slice(cls.lastIndexOf('.') + 1)) as
    | (new (
        ...all: unknown[]
      ) => models.Field)
    | undefined;
  if (Field === undefined) throw new NotThere(`the field ${cls}`);
  return new Field(...args, options);
}

/** Reads recorded values. */
export class Values {
  constructor(private readonly around: Surroundings | undefined) {}

  private get surroundings(): Surroundings {
    if (this.around === undefined) throw new NotThere('instances and queries in the description of a model');
    return this.around;
  }

  /** The value that JSON stands for. @throws NotThere. */
  value(json: unknown): unknown {
    if (Array.isArray(json)) return json.map((each) => this.value(each));
    if (typeof json !== 'object' || json === null) return json;
    const given = json as Json;
    const [kind = ''] = Object.keys(given);
    const content = given[kind];
    switch (kind) {
      case '$q':
        return this.condition(content as Json);
      case '$f':
        return models.F(String(content));
      case '$outer':
        return models.OuterRef(this.outer(content) as string);
      case '$expr':
        return this.expression(given);
      case '$queryset':
        return this.surroundings.queryset(content as Json);
      case '$obj':
      case '$new':
        return this.surroundings.instance(given);
      case '$tuple':
        return tuple((content as unknown[]).map((each) => this.value(each)));
      case '$set':
        return new Set((content as unknown[]).map((each) => this.value(each)));
      case '$float':
        return Number(String(content).replace('inf', 'Infinity'));
      case '$datetime':
        return instant(given);
      case '$field':
        return this.field(content as unknown[]);
      case '$model':
        return this.surroundings.model(String(content));
      case '$model_field': {
        const [label, name] = content as [string, string];
        return this.surroundings.model(label)._meta.getField(name);
      }
      case '$prefetch': {
        const [lookup, queryset, toAttr] = content as [string, unknown, string | null];
        if (given['generic']) {
          return make('GenericPrefetch', lookup, this.value(queryset), optionsOf({ to_attr: toAttr }));
        }
        const options = optionsOf({ queryset: this.value(queryset), to_attr: toAttr });
        return make('Prefetch', lookup, ...(Object.keys(options).length > 0 ? [options] : []));
      }
      case '$filtered_relation': {
        const [name] = content as [string];
        return make(
          'FilteredRelation',
          name,
          optionsOf({ condition: this.value(given['condition'] ?? null) }),
        );
      }
      case '$enum':
        return enumerated(String(content));
      case '$callable': {
        const known = CALLABLES[String(content)];
        if (known === undefined) throw new NotThere(`the callable ${String(content)}`);
        return known;
      }
      case '$range':
      case '$lookup':
        throw new NotThere(kind);
      default:
        return kind.startsWith('$') ? decode(given) : this.named(given);
    }
  }

  /** Named values. */
  named(kwargs: Json): Record<string, unknown> {
    return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [name, this.value(value)]));
  }

  private outer(content: unknown): unknown {
    return typeof content === 'string' ? content : this.value(content);
  }

  private field([name, ...rest]: readonly unknown[]): models.Field {
    const kwargs = (rest[rest.length - 1] ?? {}) as Json;
    const args = rest.length > 1 ? (this.value(rest[0]) as unknown[]) : [];
    return fieldOf(String(name), args, optionsOf(this.named(kwargs)));
  }

  /** What a function is given: a float without a fraction would be an integer. */
  private argument(json: unknown): unknown {
    const value = this.value(json);
    const isFloat = typeof json === 'object' && json !== null && '$float' in json;
    return isFloat && Number.isInteger(value)
      ? make('Value', value, { outputField: new models.FloatField() })
      : value;
  }

  private condition({ connector, negated, children }: Json): models.Q {
    const all = (children as unknown[]).map((child) =>
      Array.isArray(child) ? [String(child[0]), this.value(child[1])] : this.value(child),
    );
    return models.Q.create(all as never, connector as 'AND', negated as boolean);
  }

  private expression(json: Json): unknown {
    const name = String(json['$expr']).replace(/^.*\./, '');
    const [args, rest] = placed(
      PLACES[name] ?? [],
      (json['args'] as unknown[]).map((each) => this.argument(each)),
      this.named((json['kwargs'] ?? {}) as Json),
    );
    switch (name) {
      case 'Value': {
        const [value, field = rest['output_field'] ?? null] = args;
        if (value instanceof models.Value) return value;
        return make(name, ...withOptions([value], { output_field: field }));
      }
      case 'CombinedExpression': {
        const [lhs, operator, rhs] = args.map((each) =>
          isQuery(each) ? models.Subquery(each as never) : each,
        );
        const output = rest['output_field'] as models.Field | undefined;
        return new CombinedExpression(lhs as never, operator as Operator, rhs as never, output);
      }
      case 'When': {
        const { then, ...conditions } = rest;
        const parts = [...args, ...(Object.keys(conditions).length > 0 ? [conditions] : [])] as models.Q[];
        return models.When(parts.length === 1 ? (parts[0] as models.Q) : new models.Q(...parts), then);
      }
      case 'JSONObject':
        return make(name, rest);
      case 'RawSQL':
        return make(name, String(args[0]).replaceAll('%s', '?'), ...withOptions(args.slice(1), rest));
      case 'NegatedExpression':
        return (args[0] as { not?(): unknown }).not?.() ?? make(name, ...args);
      case 'CheckConstraint':
      case 'UniqueConstraint':
      case 'Index':
        return make(name, ...args, optionsOf(rest));
      default:
        return make(name, ...withOptions(args, rest));
    }
  }
}

/** Python's operators take a query as its one value. */
const isQuery = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'valuesList' in value;

/** A member of an enumeration: `Deferrable.DEFERRED`. */
function enumerated(dotted: string): unknown {
  const [name = '', member = ''] = dotted.split('.').slice(-2);
  const found = (exported(name) as Readonly<Record<string, unknown>> | undefined)?.[member];
  if (found === undefined) throw new NotThere(dotted);
  return found;
}

/** The moment that a recorded text is: one without an offset is in the default time zone. */
export function momentOf(json: Json): Date {
  const value = decode(json) as PlainDateTime;
  return (value instanceof ZonedDateTime ? value : makeAware(value, getDefaultTimezone())).toDate();
}

/** A `Date`, unless that would lose microseconds or say more than was said. */
function instant(json: Json): unknown {
  const value = decode(json) as PlainDateTime;
  const naive = settings.USE_TZ && !(value instanceof ZonedDateTime);
  return naive || value.microsecond % 1000 !== 0 ? value : momentOf(json);
}
