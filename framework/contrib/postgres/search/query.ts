/** What is searched for. Django: `SearchQuery`, `CombinedSearchQuery`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Compiler, Expression, Sql } from '../../../db/models/expressions/base';
import { CombinedExpression, expressionOf } from '../../../db/models/expressions/combined';
import { Func, type FuncOptions, withOptions } from '../../../db/models/expressions/func';
import type { Field } from '../../../db/models/fields/base';
import { callable } from '../../../db/models/functions/callable';
import { typeName } from '../../../python/str';
import { type ConfigParam, SearchConfig } from './config';
import { SearchQueryField } from './fields';

const FUNCTIONS = new Map([
  ['plain', 'plainto_tsquery'],
  ['phrase', 'phraseto_tsquery'],
  ['raw', 'to_tsquery'],
  ['websearch', 'websearch_to_tsquery'],
]);

/** What a SearchQuery takes besides its terms. */
export interface SearchQueryOptions extends FuncOptions {
  /** The language's rules. Default: those of the connection. */
  config?: ConfigParam;
  /** Whether it finds what does not match. Default: false. */
  invert?: boolean;
  /** How the terms are read: all of them, in their order, PostgreSQL's own syntax, that of search engines. Default: `plain`. */
  searchType?: 'plain' | 'phrase' | 'raw' | 'websearch';
}

type Query = SearchQueryFunction | CombinedSearchQuery;

/** Whether an expression is one that is searched for. */
export function isSearchQuery(value: unknown): value is Query {
  return value instanceof SearchQueryFunction || value instanceof CombinedSearchQuery;
}

/** @throws TypeError for what is no query. */
function combined(lhs: Query, operator: '&&' | '||', other: unknown): CombinedSearchQuery {
  if (!isSearchQuery(other)) {
    throw new TypeError(
      `SearchQuery can only be combined with other SearchQuery instances, got ${typeName(other)}.`,
    );
  }
  return new CombinedSearchQuery(lhs, operator, other, lhs.config);
}

class SearchQueryFunction extends Func<string> {
  config: SearchConfig | undefined;
  private given: SearchQueryOptions;

  /** @throws ValueError for a type that there is not. */
  constructor(value: string | Expression, options: SearchQueryOptions = {}) {
    const { config, invert: _, searchType = 'plain', ...rest } = options;
    const name = FUNCTIONS.get(searchType);
    if (name === undefined) throw new ValueError(`Unknown search_type argument '${searchType}'.`);
    const known = SearchConfig.fromParameter(config);
    super(...(known === undefined ? [] : [known]), expressionOf(value), { ...rest, function: name });
    this.config = known;
    this.given = options;
  }

  protected override resolveOutputField(): Field {
    return new SearchQueryField();
  }

  override deconstruct(): readonly unknown[] {
    return withOptions(this.sources.slice(-1), this.given);
  }

  /** What matches both. */
  and(other: unknown): CombinedSearchQuery {
    return combined(this, '&&', other);
  }

  /** What matches one of the two. */
  or(other: unknown): CombinedSearchQuery {
    return combined(this, '||', other);
  }

  /** What does not match: Django's `~`. */
  invert(): this {
    const copy = this.copy();
    copy.given = { ...this.given, invert: !this.given.invert };
    return copy;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, params] = super.asSql(compiler, connection);
    return [this.given.invert ? `!!(${sql})` : sql, params];
  }
}

/** Two queries as one. */
export class CombinedSearchQuery extends CombinedExpression {
  constructor(
    lhs: Query,
    operator: '&&' | '||',
    rhs: Query,
    readonly config: SearchConfig | undefined,
  ) {
    super(lhs, operator, rhs, new SearchQueryField());
  }

  /** What matches both. */
  and(other: unknown): CombinedSearchQuery {
    return combined(this, '&&', other);
  }

  /** What matches one of the two. */
  or(other: unknown): CombinedSearchQuery {
    return combined(this, '||', other);
  }
}

/**
 * Terms to search for.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchquery
 * @example `SearchQuery('red tomato').or(SearchQuery("'green' & ('leek' | 'kale')", { searchType: 'raw' }))`
 */
export const SearchQuery = callable(SearchQueryFunction);
