/** Lists in pages. Django: `django.core.paginator`; https://docs.djangoproject.com/en/5.2/ref/paginator/ */

import { NamedError } from '../python/errors';
import { toInt } from '../python/numbers';
import { LazyText, type Text } from '../utils/functional';
import { type MaybePromise, then } from '../utils/maybe_promise';
import { GET_ITEM, HAS_ITEM } from '../utils/subscriptable';
import { gettextLazy as _ } from '../utils/translation';

/** Rows without an order may come twice, or never, in pages. */
export class UnorderedObjectListWarning extends Error {
  override readonly name = 'UnorderedObjectListWarning';
}

/** There is no such page. */
export class InvalidPage extends NamedError {}

/** What was asked for is no number. */
export class PageNotAnInteger extends InvalidPage {}

/** The number is below 1, or behind the last page. */
export class EmptyPage extends InvalidPage {}

/** What is counted and sliced by a database: a QuerySet. */
export interface PagedQuery<T> extends PromiseLike<T[]> {
  count(): Promise<number>;
  slice(start: number, end?: number): PagedQuery<T>;
  readonly ordered?: boolean;
  readonly model?: { readonly name: string };
}

/** What a paginator takes: a list, or a QuerySet. */
export type ObjectList<T> = readonly T[] | PagedQuery<T>;

/** What is said of a page that there is not, by code. */
export type PaginatorMessages = Readonly<Record<'invalid_page' | 'min_page' | 'no_results', Text>>;

/** What a paginator is made with, besides the list and the size of a page. */
export interface PaginatorOptions {
  /** So many objects, or fewer, are put on the page before instead of on a last page of their own. Default: 0. */
  readonly orphans?: number;
  /** Whether the first page may be empty. Default: true. */
  readonly allowEmptyFirstPage?: boolean;
  readonly errorMessages?: Partial<PaginatorMessages> | null;
}

const DEFAULT_MESSAGES: PaginatorMessages = {
  invalid_page: _('That page number is not an integer'),
  min_page: _('That page number is less than 1'),
  no_results: _('That page contains no results'),
};

/**
 * A list, or a QuerySet, in pages of so many objects. What has to be counted by the database is promised, the first time;
 * `await` takes both.
 *
 * @example
 * ```ts
 * const paginator = new Paginator(Article.objects.orderBy('pk'), 25);
 * const page = await paginator.getPage(request.GET.get('page'));
 * for (const article of page) console.log(article.headline);
 * ```
 */
export class Paginator<T> {
  /** What stands for page numbers that are left out. */
  static readonly ELLIPSIS: Text = _('…');
  static readonly defaultErrorMessages: PaginatorMessages = DEFAULT_MESSAGES;

  readonly objectList: ObjectList<T>;
  readonly perPage: number;
  readonly orphans: number;
  readonly allowEmptyFirstPage: boolean;
  readonly errorMessages: PaginatorMessages;
  private counted: MaybePromise<number> | undefined;

  constructor(objectList: ObjectList<T>, perPage: number | string, options: PaginatorOptions = {}) {
    this.objectList = objectList;
    this.perPage = Number(toInt(perPage));
    this.orphans = Number(toInt(options.orphans ?? 0));
    this.allowEmptyFirstPage = options.allowEmptyFirstPage ?? true;
    this.errorMessages = {
      ...(this.constructor as typeof Paginator).defaultErrorMessages,
      ...options.errorMessages,
    };
    warnOfNoOrder(objectList);
  }

  /** How many objects there are on all pages. */
  get count(): MaybePromise<number> {
    if (this.counted === undefined) {
      const { objectList } = this;
      this.counted = isList(objectList)
        ? objectList.length
        : objectList.count().then((count) => {
            this.counted = count;
            return count;
          });
    }
    return this.counted;
  }

  /** How many pages there are. */
  get numPages(): MaybePromise<number> {
    return then(this.count, (count) => this.pagesOf(count));
  }

  /** @internal How many pages so many objects are. */
  pagesOf(count: number): number {
    if (count === 0 && !this.allowEmptyFirstPage) return 0;
    return Math.ceil(Math.max(1, count - this.orphans) / this.perPage);
  }

  /** The numbers of the pages, from 1. */
  get pageRange(): MaybePromise<number[]> {
    return then(this.numPages, (pages) => range(1, pages + 1));
  }

  /**
   * The number of a page that there is.
   *
   * @throws PageNotAnInteger, EmptyPage
   */
  validateNumber(number: unknown): MaybePromise<number> {
    return then(this.numPages, (pages) => this.checked(number, pages));
  }

  /** @internal The number, of so many pages. @throws PageNotAnInteger, EmptyPage */
  checked(number: unknown, pages: number): number {
    let wanted: number;
    try {
      if (typeof number === 'number' && !Number.isInteger(number)) throw new TypeError('no integer');
      wanted = Number(toInt(number));
    } catch {
      throw new PageNotAnInteger(this.message('invalid_page'));
    }
    if (wanted < 1) throw new EmptyPage(this.message('min_page'));
    if (wanted > pages) throw new EmptyPage(this.message('no_results'));
    return wanted;
  }

  private message(code: keyof PaginatorMessages): string {
    const text = this.errorMessages[code];
    return text instanceof LazyText ? text.toString() : text;
  }

  /** A page that there is, whatever was asked for: the first for what is no number, the last for one that is too high or low. */
  async getPage(number: unknown): Promise<Page<T>> {
    let wanted: unknown = number;
    try {
      await this.validateNumber(number);
    } catch (error) {
      if (error instanceof PageNotAnInteger) wanted = 1;
      else if (error instanceof EmptyPage) wanted = await this.numPages;
      else throw error;
    }
    return this.page(wanted);
  }

  /** The page of a number, from 1. @throws PageNotAnInteger, EmptyPage */
  async page(number: unknown): Promise<Page<T>> {
    const wanted = await this.validateNumber(number);
    const count = await this.count;
    const bottom = (wanted - 1) * this.perPage;
    const top = bottom + this.perPage;
    const objects = await this.objectList.slice(bottom, top + this.orphans >= count ? count : top);
    return this.makePage(objects, wanted, count);
  }

  /** What a page is made of: for subclasses that have pages of their own. Django: `_get_page()`. */
  protected makePage(objects: readonly T[], number: number, count: number): Page<T> {
    return new Page(objects, number, this, count);
  }

  /** Every page in turn. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Page<T>, void, undefined> {
    for (const number of await this.pageRange) yield await this.page(number);
  }

  /**
   * The numbers of pages around one, with an ellipsis for those that are left out.
   *
   * @example
   * ```ts
   * await paginator.getElidedPageRange(43); // 1, 2, …, 40, 41, 42, 43, 44, 45, 46, …, 49, 50
   * ```
   */
  getElidedPageRange(
    number: unknown = 1,
    { onEachSide = 3, onEnds = 2 }: { onEachSide?: number; onEnds?: number } = {},
  ): MaybePromise<(number | string)[]> {
    return then(this.validateNumber(number), (current) =>
      then(this.numPages, (pages) => {
        if (pages <= (onEachSide + onEnds) * 2) return range(1, pages + 1);
        const ellipsis = String(Paginator.ELLIPSIS);
        const before =
          current > 1 + onEachSide + onEnds + 1
            ? [...range(1, onEnds + 1), ellipsis, ...range(current - onEachSide, current + 1)]
            : range(1, current + 1);
        const after =
          current < pages - onEachSide - onEnds - 1
            ? [
                ...range(current + 1, current + onEachSide + 1),
                ellipsis,
                ...range(pages - onEnds + 1, pages + 1),
              ]
            : range(current + 1, pages + 1);
        return [...before, ...after];
      }),
    );
  }
}

/** One page: its objects, and where it stands among the others. */
export class Page<T> implements Iterable<T> {
  constructor(
    readonly objectList: readonly T[],
    readonly number: number,
    readonly paginator: Paginator<T>,
    /** How many objects there are on all pages. */
    private readonly count: number,
  ) {}

  /** How many objects the page has. */
  get length(): number {
    return this.objectList.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.objectList[Symbol.iterator]();
  }

  /** The object at a place of the page, from 0; from the end with a negative number. */
  at(index: number): T | undefined {
    return this.objectList.at(index);
  }

  [HAS_ITEM](key: string): boolean {
    return /^\d+$/.test(key) && Number(key) < this.length;
  }

  [GET_ITEM](key: string): unknown {
    return this.objectList[Number(key)];
  }

  private get last(): number {
    return this.paginator.pagesOf(this.count);
  }

  hasNext(): boolean {
    return this.number < this.last;
  }

  hasPrevious(): boolean {
    return this.number > 1;
  }

  hasOtherPages(): boolean {
    return this.hasPrevious() || this.hasNext();
  }

  /** @throws EmptyPage on the last page */
  nextPageNumber(): number {
    return this.paginator.checked(this.number + 1, this.last);
  }

  /** @throws EmptyPage on the first page */
  previousPageNumber(): number {
    return this.paginator.checked(this.number - 1, this.last);
  }

  /** The place of its first object among all, from 1; 0 where there are none. */
  startIndex(): number {
    return this.count === 0 ? 0 : this.paginator.perPage * (this.number - 1) + 1;
  }

  /** The place of its last object among all. */
  endIndex(): number {
    return this.number === this.last ? this.count : this.number * this.paginator.perPage;
  }

  toString(): string {
    return `<Page ${this.number} of ${this.last}>`;
  }
}

function isList<T>(objects: ObjectList<T>): objects is readonly T[] {
  return Array.isArray(objects);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_each, i) => from + i);
}

function warnOfNoOrder(objects: ObjectList<unknown>): void {
  if (isList(objects) || objects.ordered !== false) return;
  const what = `${objects.model?.name ?? ''} ${objects.constructor.name}`.trim();
  process.emitWarning(
    new UnorderedObjectListWarning(
      `Pagination may yield inconsistent results with an unordered object_list: ${what}.`,
    ),
  );
}
