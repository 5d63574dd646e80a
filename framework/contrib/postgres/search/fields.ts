/** Columns and values of full text search. */
import { Field } from '../../../db/models/fields/base';

/**
 * Words of a document, prepared for search: `tsvector`. It is filled by the database, with a trigger or as a
 * GeneratedField, and indexed by a GinIndex.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchvectorfield
 * @example `@SearchVectorField({ null: true }) declare vector: string | null;`
 */
export class SearchVectorField extends Field {
  readonly internalType = 'SearchVectorField';

  override dbType(): string {
    return 'tsvector';
  }
}

/** What is searched for: `tsquery`. */
export class SearchQueryField extends Field {
  readonly internalType = 'SearchQueryField';

  override dbType(): string {
    return 'tsquery';
  }
}

/** Weights of a rank. */
export class Float4Field extends Field {
  readonly internalType = 'Float4Field';

  override dbType(): string {
    return 'float4';
  }
}
