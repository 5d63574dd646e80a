/** Pages of large lists. */
import { EmptyPage, Paginator } from '../../../core/paginator';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { RowCount } from './estimate';

/** From so many rows on that come before a page, only their keys are read, not what belongs to them. */
const DEEP = 5_000;

/** Pages of a list whose count is known. Where it is estimated, there may be pages behind the last one, and the last ones may be none. */
export class CountedPaginator<T> extends Paginator<T> {
  constructor(
    list: ConstructorParameters<typeof Paginator<T>>[0],
    perPage: number,
    readonly known: RowCount,
  ) {
    super(list, perPage);
  }

  override get count(): number {
    return this.known.count;
  }

  override checked(number: unknown, pages: number): number {
    return super.checked(number, this.known.isEstimated ? Math.max(pages, Number(number) || 0) : pages);
  }
}

/**
 * The rows of a page. A database reads all that it skips: so behind many rows it is asked for keys alone, without what is joined to them, and
 * from the nearer end where that is known; then for the rows of these keys.
 *
 * @throws EmptyPage, PageNotAnInteger for a page that there is not.
 */
export async function rowsOfPage<M extends Model>(
  paginator: Paginator<M>,
  number: number,
  rows: QuerySet<M>,
): Promise<readonly M[]> {
  const { perPage } = paginator;
  const isCounted = paginator instanceof CountedPaginator;
  const isEstimated = isCounted && paginator.known.isEstimated;
  const isOwn = !isCounted && paginator.constructor !== Paginator;
  const bottom = (number - 1) * perPage;
  if (isOwn || bottom < DEEP) return nonEmpty([...(await paginator.page(number))], number, isEstimated);
  const count = await paginator.count;
  await paginator.validateNumber(number);
  const keys = await keysOf(
    rows,
    bottom,
    Math.min(bottom + perPage, isEstimated ? Infinity : count),
    isEstimated ? null : count,
  );
  const found = await rows.filter({ pk__in: keys } as never);
  return nonEmpty(found as unknown as readonly M[], number, isEstimated);
}

async function keysOf<M extends Model>(
  rows: QuerySet<M>,
  bottom: number,
  top: number,
  count: number | null,
): Promise<unknown[]> {
  const keys = rows
    .selectRelated(null as never)
    .valuesList('pk' as never, { flat: true } as never) as unknown as QuerySet<M, unknown>;
  if (count === null || count - top >= bottom) return keys.slice(bottom, top);
  return keys.reverse().slice(count - top, count - bottom);
}

function nonEmpty<M>(rows: readonly M[], number: number, isEstimated: boolean): readonly M[] {
  if (isEstimated && rows.length === 0 && number > 1) throw new EmptyPage('That page contains no results');
  return rows;
}
