/** Django: `django.contrib.contenttypes.prefetch`. */
import type { Model } from '../../db/models/base';
import { type AnyQuerySet, Prefetch, refuseValues } from '../../db/models/prefetch';
import type { QuerySet } from '../../db/models/query';

/**
 * A GenericForeignKey to read ahead, with a queryset for some of its models.
 *
 * @throws ValueError for a queryset of values; when it is awaited, for two of one model.
 *
 * @example
 * ```ts
 * await TaggedItem.objects.prefetchRelated(
 *   new GenericPrefetch('contentObject', [Book.objects.selectRelated('author'), Film.objects.all()]),
 * );
 * ```
 */
export class GenericPrefetch<
  const out L extends string = string,
  const out A extends string = string,
> extends Prefetch<L, AnyQuerySet, A> {
  constructor(
    lookup: L,
    readonly querysets: readonly AnyQuerySet[],
    options: { toAttr?: A } = {},
  ) {
    super(lookup, options);
    querysets.forEach(refuseValues);
  }

  override currentQuerysets(level: number): readonly QuerySet<Model>[] | undefined {
    if (this.currentPrefetchTo(level) !== this.prefetchTo) return undefined;
    return this.querysets as unknown as readonly QuerySet<Model>[];
  }
}
