/**
 * Full text search and likeness of texts.
 *
 * Django: `django.contrib.postgres.search`; https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/
 */
import { declareBuiltin } from '../../../db/models/fields/deconstruct';
import { fieldDecorator } from '../../../db/models/fields/decorators';
import * as fields from './fields';
import './lookups';

declareBuiltin(fields.SearchVectorField, 'tsango.contrib.postgres.search');
export const SearchVectorField = fieldDecorator(fields.SearchVectorField);

export { type ConfigParam, SearchConfig } from './config';
export { SearchQueryField } from './fields';
export { CombinedSearchQuery, SearchQuery, type SearchQueryOptions } from './query';
export { SearchHeadline, type SearchHeadlineOptions, SearchRank, type SearchRankOptions } from './rank';
export {
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
} from './trigram';
export { CombinedSearchVector, SearchVector, type SearchVectorOptions } from './vector';
