/** Documents of full text search. Django: `SearchVector`, `CombinedSearchVector`. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Compiler, Expression, Sql } from '../../../db/models/expressions/base';
import { CombinedExpression, expressionOf } from '../../../db/models/expressions/combined';
import { Func, type FuncOptions } from '../../../db/models/expressions/func';
import { Value } from '../../../db/models/expressions/value';
import type { Field } from '../../../db/models/fields/base';
import { CharField, TextField } from '../../../db/models/fields/text';
import { callable } from '../../../db/models/functions/callable';
import { Cast } from '../../../db/models/functions/cast';
import { Coalesce } from '../../../db/models/functions/comparison';
import { typeName } from '../../../python/str';
import { type ConfigParam, SearchConfig } from './config';
import { SearchVectorField } from './fields';

/** What a SearchVector takes besides what is searched. */
export interface SearchVectorOptions extends FuncOptions {
  /** The language's rules. Default: those of the connection. */
  config?: ConfigParam;
  /** How much its words count in a rank: `A` to `D`. */
  weight?: 'A' | 'B' | 'C' | 'D' | Expression;
}

/** @throws TypeError for what is no vector. */
function combined(lhs: Vector, other: unknown): CombinedSearchVector {
  if (!(other instanceof SearchVectorFunction) && !(other instanceof CombinedSearchVector)) {
    throw new TypeError(
      `SearchVector can only be combined with other SearchVector instances, got ${typeName(other)}.`,
    );
  }
  return new CombinedSearchVector(lhs, other, lhs.config);
}

type Vector = SearchVectorFunction | CombinedSearchVector;

class SearchVectorFunction extends Func<string> {
  protected override readonly functionName = 'to_tsvector';
  config: SearchConfig | undefined;
  private weight: Expression | undefined;

  constructor(
    ...args: [...expressions: (string | Expression)[], options: SearchVectorOptions] | (string | Expression)[]
  ) {
    super(...args);
    const { config, weight } = this.options as SearchVectorOptions;
    this.config = SearchConfig.fromParameter(config);
    this.weight = weight === undefined ? undefined : expressionOf(weight);
  }

  override getSourceExpressions(): readonly Expression[] {
    const { config, weight } = this;
    return [
      ...this.sources,
      ...(config === undefined ? [] : [config]),
      ...(weight === undefined ? [] : [weight]),
    ];
  }

  override setSourceExpressions(given: readonly Expression[]): void {
    const rest = [...given];
    this.sources = rest.splice(0, this.sources.length);
    if (this.config !== undefined) this.config = rest.shift() as SearchConfig;
    if (this.weight !== undefined) this.weight = rest.shift();
  }

  protected override resolveOutputField(): Field {
    return new SearchVectorField();
  }

  /** Two documents as one: `SearchVector('title') + SearchVector('body')` of Django's. @throws TypeError */
  override add(other: unknown): CombinedSearchVector {
    return combined(this, other);
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = this.sources.map((source) => {
      const { outputField: field } = source;
      const isText = field instanceof CharField || field instanceof TextField;
      return new Coalesce(isText ? source : Cast(source, new TextField()), new Value(''));
    });
    const [text, params] = copy.write(compiler, connection, {
      template: '%(expressions)s',
      argJoiner: " || ' ' || ",
    });
    const [config, own] = this.config === undefined ? ['', []] : compiler.compile(this.config);
    const vector = `to_tsvector(${config === '' ? '' : `${config}, `}${text})`;
    if (this.weight === undefined) return [vector, [...own, ...params]];
    const [weight, more] = compiler.compile(this.weight);
    return [`setweight(${vector}, ${weight})`, [...own, ...params, ...more]];
  }
}

/** Two documents as one. */
export class CombinedSearchVector extends CombinedExpression {
  constructor(
    lhs: Vector,
    rhs: Vector,
    readonly config: SearchConfig | undefined,
  ) {
    super(lhs, '||', rhs, new SearchVectorField());
  }

  override get methodName(): string {
    return 'add';
  }

  override add(other: unknown): CombinedSearchVector {
    return combined(this, other);
  }
}

/**
 * What is searched: fields, or expressions, as the words of one document.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchvector
 * @example
 * ```ts
 * const search = SearchVector('title', { weight: 'A' }).add(SearchVector('body', { weight: 'B' }));
 * Entry.objects.annotate({ search }).filter({ search: 'cheese' });
 * ```
 */
export const SearchVector = callable(SearchVectorFunction);
