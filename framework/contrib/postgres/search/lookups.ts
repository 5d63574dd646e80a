/** `title__search`, `name__unaccent`, `name__trigram_similar`. The app registers them: `tsango.contrib.postgres`. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Compiler, Expression, Sql } from '../../../db/models/expressions/base';
import { Lookup } from '../../../db/models/lookups/base';
import { Transform } from '../../../db/models/lookups/transform';
import { PostgresOperatorLookup } from '../lookups';
import type { SearchConfig } from './config';
import { SearchVectorField } from './fields';
import { isSearchQuery, SearchQuery } from './query';
import { SearchVector } from './vector';

declare module '../../../db/models/lookups/names' {
  interface RegisteredLookups {
    search: string | Expression;
    unaccent: string;
    trigram_similar: string;
    trigram_word_similar: string;
    trigram_strict_word_similar: string;
  }
}

const configOf = (side: unknown): SearchConfig | undefined =>
  (side as { config?: SearchConfig } | null)?.config;

/** A vector matches: a text is a SearchQuery of it. */
export class SearchVectorExact extends Lookup {
  static override readonly lookupName: string = 'exact';

  /** What is searched in. */
  protected vector(): Expression {
    return this.lhs;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const vector = this.vector();
    const [left, params] = this.processLhs(compiler, connection, vector);
    const config = configOf(vector);
    const query = isSearchQuery(this.rhs)
      ? this.rhs
      : SearchQuery(this.rhs as string | Expression, config === undefined ? {} : { config });
    const [right, more] = compiler.compile(query);
    return [`${left} @@ ${right}`, [...params, ...more]];
  }
}

/** The same of a text, which becomes a vector. */
export class SearchLookup extends SearchVectorExact {
  static override readonly lookupName = 'search';

  protected override vector(): Expression {
    if (this.lhs.outputField instanceof SearchVectorField) return this.lhs;
    const config = configOf(this.rhs);
    return SearchVector(this.lhs, config === undefined ? {} : { config });
  }
}

/** The text without accents, on both sides: the extension unaccent. */
export class Unaccent extends Transform<string> {
  static override readonly lookupName = 'unaccent';
  static override readonly bilateral = true;
  protected override readonly functionName = 'UNACCENT';
}

abstract class TrigramLookup extends PostgresOperatorLookup {
  protected override castType(): string {
    return 'text';
  }
}

/** `%` */
export class TrigramSimilar extends TrigramLookup {
  static override readonly lookupName = 'trigram_similar';
  protected readonly operator = '%';
}

/** `%>` */
export class TrigramWordSimilar extends TrigramLookup {
  static override readonly lookupName = 'trigram_word_similar';
  protected readonly operator = '%>';
}

/** `%>>` */
export class TrigramStrictWordSimilar extends TrigramLookup {
  static override readonly lookupName = 'trigram_strict_word_similar';
  protected readonly operator = '%>>';
}

SearchVectorField.registerLookup(SearchVectorExact);
