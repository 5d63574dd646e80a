/** How alike texts are by their groups of three letters: the extension pg_trgm. Django: `TrigramSimilarity` and others. */
import type { Expression } from '../../../db/models/expressions/base';
import { expressionOf } from '../../../db/models/expressions/combined';
import { Func } from '../../../db/models/expressions/func';
import type { Field } from '../../../db/models/fields/base';
import { FloatField } from '../../../db/models/fields/numbers';

class TrigramFunction extends Func<number> {
  constructor(form: { function: string } | { argJoiner: string }, ...args: (string | Expression)[]) {
    super(...args, 'function' in form ? form : { ...form, function: '' });
  }

  protected override resolveOutputField(): Field {
    return new FloatField();
  }
}

/**
 * How alike two texts are, from 0 to 1. A migration installs the extension: `new TrigramExtension()`.
 *
 * @param text what is compared with: a text, or an expression
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#trigramsimilarity
 * @example
 * ```ts
 * Author.objects
 *   .annotate({ similarity: TrigramSimilarity('name', 'Katie Stevens') })
 *   .filter({ similarity__gt: 0.3 })
 *   .orderBy('-similarity');
 * ```
 */
export function TrigramSimilarity(expression: string | Expression, text: string | Expression): Func<number> {
  return new TrigramFunction({ function: 'SIMILARITY' }, expression, expressionOf(text));
}

/** How far two texts are from each other: 1 less {@link TrigramSimilarity}. */
export function TrigramDistance(expression: string | Expression, text: string | Expression): Func<number> {
  return new TrigramFunction({ argJoiner: ' <-> ' }, expression, expressionOf(text));
}

/** How alike a text and some part of another are. */
export function TrigramWordSimilarity(
  text: string | Expression,
  expression: string | Expression,
): Func<number> {
  return new TrigramFunction({ function: 'WORD_SIMILARITY' }, expressionOf(text), expression);
}

/** How alike a text and some words of another are. */
export function TrigramStrictWordSimilarity(
  text: string | Expression,
  expression: string | Expression,
): Func<number> {
  return new TrigramFunction({ function: 'STRICT_WORD_SIMILARITY' }, expressionOf(text), expression);
}

/** 1 less {@link TrigramWordSimilarity}. */
export function TrigramWordDistance(
  text: string | Expression,
  expression: string | Expression,
): Func<number> {
  return new TrigramFunction({ argJoiner: ' <<-> ' }, expressionOf(text), expression);
}

/** 1 less {@link TrigramStrictWordSimilarity}. */
export function TrigramStrictWordDistance(
  text: string | Expression,
  expression: string | Expression,
): Func<number> {
  return new TrigramFunction({ argJoiner: ' <<<-> ' }, expressionOf(text), expression);
}
