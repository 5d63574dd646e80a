/** Queries of the recorded ORM, rebuilt of their description alone. */
import type { StateApps } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { CombinedExpression, type Operator } from 'tsango/db/models/expressions/combined';
import { fieldOf, NotYet } from './vector_models';
import { decode } from './vector_values';

type Json = Readonly<Record<string, unknown>>;
/** A recorded call. */
export type Call = readonly [method: string, args: readonly unknown[], kwargs: Json];
/** Where a recorded query begins, and what was called on it. */
export interface RecordedChain {
  readonly model: string;
  readonly start: Json;
  readonly chain: readonly Call[];
}

type Any = Record<string, (...args: unknown[]) => unknown>;

/** Makes queries over the models of one app. */
export class QueryBuilder {
  constructor(private readonly apps: StateApps) {}

  /** @throws NotYet for what is not here yet. */
  build({ model, start, chain }: RecordedChain): Any {
    const [app = '', name = ''] = model.split('.');
    if (!('manager' in start) || !this.apps.find(model.toLowerCase())) throw new NotYet('how it begins');
    let query = this.apps.getModel(app, name).objects.all() as unknown as Any;
    for (const call of chain) query = this.call(query, call);
    return query;
  }

  private call(query: Any, [method, args, kwargs]: Call): Any {
    const given = method === '__getitem__' ? [] : args.map((each) => this.value(each));
    const named = this.named(kwargs);
    const on = (name: string, ...all: unknown[]): Any => (query[name] as (...args: unknown[]) => Any)(...all);
    switch (method) {
      case 'filter':
      case 'exclude':
        return on(method, ...given, ...(Object.keys(named).length > 0 ? [named] : []));
      case 'annotate':
      case 'alias':
        return on(method, { ...defaultNames(given), ...named });
      case 'order_by':
        return on('orderBy', ...given);
      case 'all':
      case 'none':
      case 'reverse':
      case 'distinct':
        return on(method, ...given);
      case 'select_related':
        return on('selectRelated', ...given);
      case 'values':
        return on('values', ...texts(given, named));
      case 'values_list':
        if (named['named']) throw new NotYet('named rows');
        return named['flat'] ? on('flat', ...texts(given, {})) : on('valuesList', texts(given, {}));
      case '__getitem__': {
        const [slice] = args as [{ $slice?: [number | null, number | null, number | null] }];
        if (slice.$slice === undefined || slice.$slice[2] !== null) throw new NotYet('an index');
        const [from, to] = slice.$slice;
        return on('slice', from ?? 0, ...(to === null ? [] : [to]));
      }
      default:
        throw new NotYet(`the method ${method}`);
    }
  }

  /** Keyword arguments. */
  named(kwargs: Json): Record<string, unknown> {
    const all: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(kwargs)) all[name] = this.value(value);
    return all;
  }

  /** An argument. @throws NotYet. */
  value(json: unknown): unknown {
    if (Array.isArray(json)) return json.map((each) => this.value(each));
    if (typeof json !== 'object' || json === null) return json;
    const given = json as Json;
    if ('$q' in given) return this.condition(given['$q'] as Json);
    if ('$f' in given) return models.F(String(given['$f']));
    if ('$outer' in given) {
      if (typeof given['$outer'] !== 'string') throw new NotYet('nested outer references');
      return models.OuterRef(given['$outer']);
    }
    if ('$expr' in given) return this.expression(given);
    if ('$queryset' in given) return this.build(given['$queryset'] as RecordedChain);
    if ('$tuple' in given || '$set' in given) {
      return ((given['$tuple'] ?? given['$set']) as unknown[]).map((each) => this.value(each));
    }
    if ('$obj' in given) {
      const [label, pk] = given['$obj'] as [string, unknown];
      const found = this.build({ model: label, start: { manager: 'objects' }, chain: [] });
      const one = (found['filter'] as (filter: object) => Any).call(found, { pk: decode(pk) });
      // On an embedded database the rows are there at once.
      return ((one['fetch'] as () => unknown[]).call(one) as unknown[])[0];
    }
    if ('$field' in given) {
      const [name, ...rest] = given['$field'] as [string, ...Json[]];
      return fieldOf(name, (rest[rest.length - 1] ?? {}) as Json);
    }
    return decode(given);
  }

  private condition({ connector, negated, children }: Json): models.Q {
    const all = (children as unknown[]).map((child) =>
      Array.isArray(child) ? [String(child[0]), this.value(child[1])] : this.value(child),
    );
    return models.Q.create(all as never, connector as 'AND', negated as boolean);
  }

  private expression(json: Json): unknown {
    const args = (json['args'] as unknown[]).map((each) => this.value(each));
    const { output_field: outputField, ...rest } = this.named((json['kwargs'] ?? {}) as Json);
    const options = { ...rest, ...(outputField !== undefined && { outputField }) };
    const name = String(json['$expr']);
    switch (name) {
      case 'Count':
      case 'Sum':
      case 'Avg':
      case 'Min':
      case 'Max':
        // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the recording names it.
        return (models[name] as (...all: unknown[]) => unknown)(args[0], options);
      case 'Value':
        return new models.Value(args[0], options as object);
      case 'CombinedExpression':
        return new CombinedExpression(
          args[0] as never,
          args[1] as Operator,
          args[2] as never,
          outputField as never,
        );
      case 'When': {
        const { then, ...conditions } = options as Record<string, unknown>;
        return models.When((args[0] ?? conditions) as models.Q, then);
      }
      case 'Case':
        return models.Case(...(args as never[]), options as object);
      case 'Subquery':
        return models.Subquery(args[0] as never, options as object);
      case 'Exists':
        return models.Exists(args[0] as never);
      case 'ExpressionWrapper':
        return new models.ExpressionWrapper(args[0] as never, outputField as never);
      default:
        throw new NotYet(`the expression ${name}`);
    }
  }
}

function texts(given: readonly unknown[], named: Json): string[] {
  if (!given.every((each) => typeof each === 'string') || Object.keys(named).length > 0) {
    throw new NotYet('expressions in values()');
  }
  return given as string[];
}

function defaultNames(given: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(given.map((each) => [(each as { defaultAlias: string }).defaultAlias, each]));
}
