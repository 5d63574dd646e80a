/** What a query holds, and how it is copied for the next call of a chain. Django: the attributes of `Query`, `clone`. */
import type { Expression } from '../expressions/base';
import type { NamedRelation } from '../filtered_relation';
import type { Options } from '../options';
import type { TableLike } from './datastructures';
import type { Query } from './query';
import { WhereNode } from './where';

/** What ORDER BY takes: a path with a sign, or an expression. */
export type OrderItem = string | Expression;
/** Relations to load with each row. */
export interface RelatedTree {
  [name: string]: RelatedTree;
}

/** How FOR UPDATE locks. */
export interface RowLock {
  readonly nowait: boolean;
  readonly skipLocked: boolean;
  readonly of: readonly string[];
  readonly noKey: boolean;
}

/** How rows are put together. */
export type Combinator = 'union' | 'intersection' | 'difference';

/** A query as data. */
export abstract class QueryState {
  aliasRefcount = new Map<string, number>();
  aliasMap = new Map<string, TableLike>();
  tableMap = new Map<string, string[]>();
  aliasPrefix = 'T';
  subqAliases: ReadonlySet<string> = new Set(['T']);
  /** Aliases of the queries around this one, and whether they are written as aliases. */
  externalAliases = new Map<string, boolean>();
  usedAliases = new Set<string>();
  /** Whether the next `filter` may use the joins of this one. */
  filterIsSticky = false;
  /** The joins of the last lookup, for `trimStart`. */
  lookupJoins: readonly string[] = [];

  where = new WhereNode();
  select: readonly Expression[] = [];
  /** The names given to `values`, in order. */
  selected: readonly string[] | undefined;
  /** The names of `select`. */
  valuesSelect: readonly string[] = [];
  defaultCols = true;
  annotations: ReadonlyMap<string, Expression> = new Map();
  annotationMask: ReadonlySet<string> | undefined;
  /** True: by whatever is selected. */
  groupBy: readonly Expression[] | true | undefined;
  orderBy: readonly OrderItem[] = [];
  defaultOrdering = true;
  standardOrdering = true;
  lowMark = 0;
  highMark: number | undefined;
  distinct = false;
  distinctFields: readonly string[] = [];
  selectRelated: boolean | RelatedTree = false;
  maxDepth = 5;
  /** Field names, and whether these are left out or the only ones. */
  deferred: readonly [names: ReadonlySet<string>, defer: boolean] = [new Set(), true];
  subquery = false;
  /** Relations with conditions, by the names that they have in paths. */
  filteredRelations: ReadonlyMap<string, NamedRelation> = new Map();
  lock: RowLock | undefined;
  /** The database that it was named for, where it is a part of another query. */
  using: string | undefined;
  combinator: Combinator | undefined;
  combinatorAll = false;
  combinedQueries: readonly Query[] = [];

  constructor(
    readonly model: Options,
    /** Whether columns are written with their table. */
    readonly aliasCols = true,
  ) {}

  clone(): this {
    // By the constructor: what it makes the engine keeps fast, and what is empty in both stays that of the copy.
    const copy = new (this.constructor as new (model: Options, aliasCols: boolean) => this)(
      this.model,
      this.aliasCols,
    );
    const { aliasRefcount, aliasMap, tableMap, externalAliases, usedAliases, where } = copy;
    Object.assign(copy, this);
    copy.aliasRefcount = copied(this.aliasRefcount, aliasRefcount);
    copy.aliasMap = copied(this.aliasMap, aliasMap);
    copy.tableMap = copied(this.tableMap, tableMap);
    copy.externalAliases = copied(this.externalAliases, externalAliases);
    copy.usedAliases = this.usedAliases.size === 0 ? usedAliases : new Set(this.usedAliases);
    copy.where = this.where.isPlainlyEmpty ? where : this.where.clone();
    if (this.combinedQueries.length > 0) {
      copy.combinedQueries = this.combinedQueries.map((query) => query.clone());
    }
    return copy;
  }

  /** A copy for the next call of a chain. */
  chain(): this {
    const copy = this.clone();
    if (!copy.filterIsSticky && copy.usedAliases.size > 0) copy.usedAliases = new Set();
    copy.filterIsSticky = false;
    return copy;
  }
}

function copied<K, V>(from: ReadonlyMap<K, V>, empty: Map<K, V>): Map<K, V> {
  return from.size === 0 ? empty : new Map(from);
}
