/** How well documents match, and where. Django: `SearchRank`, `SearchHeadline`. */
import { Expression } from '../../../db/models/expressions/base';
import { expressionOf } from '../../../db/models/expressions/combined';
import { Func } from '../../../db/models/expressions/func';
import { Value } from '../../../db/models/expressions/value';
import type { Field } from '../../../db/models/fields/base';
import { FloatField } from '../../../db/models/fields/numbers';
import { TextField } from '../../../db/models/fields/text';
import { callable } from '../../../db/models/functions/callable';
import { Cast } from '../../../db/models/functions/cast';
import { ArrayField } from '../fields/array';
import { type ConfigParam, SearchConfig } from './config';
import { Float4Field } from './fields';
import { SearchQuery } from './query';
import { SearchVector } from './vector';

/** What a SearchRank takes besides vector and query. */
export interface SearchRankOptions {
  /** How much words of the weights D, C, B and A count. Default: 0.1, 0.2, 0.4, 1. */
  weights?: readonly number[] | Expression;
  /** How the length of the document counts: bits, as PostgreSQL has them. Default: 0. */
  normalization?: number | Expression;
  /** Whether it counts how near the words are to each other. Default: false. */
  coverDensity?: boolean;
}

class SearchRankFunction extends Func<number> {
  constructor(
    vector: string | Expression,
    query: string | Expression,
    { weights, normalization, coverDensity = false }: SearchRankOptions = {},
  ) {
    super(
      ...(weights === undefined
        ? []
        : [Cast(weightsOf(weights), new ArrayField({ baseField: new Float4Field() }))]),
      typeof vector === 'string' ? SearchVector(vector) : vector,
      typeof query === 'string' ? SearchQuery(query) : query,
      ...(normalization === undefined ? [] : [expressionOf(normalization)]),
      { function: coverDensity ? 'ts_rank_cd' : 'ts_rank' },
    );
  }

  protected override resolveOutputField(): Field {
    return new FloatField();
  }
}

/** Weights as the literal of an array. */
function weightsOf(weights: readonly number[] | Expression): Expression {
  return weights instanceof Expression ? weights : new Value(`{${weights.map(Number).join(',')}}`);
}

/** How PostgreSQL marks what it found; each has a default of its own. */
export interface SearchHeadlineOptions {
  config?: ConfigParam;
  startSel?: string;
  stopSel?: string;
  maxWords?: number;
  minWords?: number;
  shortWord?: number;
  highlightAll?: boolean;
  maxFragments?: number;
  fragmentDelimiter?: string;
}

const OPTIONS = [
  'startSel',
  'stopSel',
  'maxWords',
  'minWords',
  'shortWord',
  'highlightAll',
  'maxFragments',
  'fragmentDelimiter',
] as const satisfies (keyof SearchHeadlineOptions)[];

class SearchHeadlineFunction extends Func<string> {
  protected override readonly functionName = 'ts_headline';

  constructor(
    text: string | Expression,
    query: string | Expression,
    { config, ...options }: SearchHeadlineOptions = {},
  ) {
    const known = SearchConfig.fromParameter(config);
    const written = OPTIONS.filter((name) => options[name] !== undefined)
      .map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}=${optionValue(options[name])}`)
      .join(', ');
    super(
      ...(known === undefined ? [] : [known]),
      text,
      typeof query === 'string' ? SearchQuery(query) : query,
      ...(written === '' ? [] : [new Value(written)]),
    );
  }

  protected override resolveOutputField(): Field {
    return new TextField();
  }
}

/** A value as it stands in the text of options: texts in quotes. */
function optionValue(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? `E${quoted}` : quoted;
}

/**
 * How well a document matches: the higher, the better.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchrank
 * @example `Entry.objects.annotate({ rank: SearchRank(SearchVector('body'), SearchQuery('cheese')) }).orderBy('-rank')`
 */
export const SearchRank = callable(SearchRankFunction);

/**
 * A part of the text, with what was found marked. The text is not escaped: what people wrote is HTML then only if it is
 * escaped before.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchheadline
 * @example `Entry.objects.annotate({ headline: SearchHeadline('body', SearchQuery('cheese'), { startSel: '<b>', stopSel: '</b>' }) })`
 */
export const SearchHeadline = callable(SearchHeadlineFunction);
