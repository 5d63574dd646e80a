/** Pages of several objects. Django: `django.views.generic.list`; https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-display/#listview */
import { Http404, ImproperlyConfigured } from '../../core/exceptions';
import { InvalidPage, type ObjectList, Paginator, type PaginatorOptions } from '../../core/paginator';
import type { Model, ModelClass } from '../../db/models/base';
import type { QuerySet } from '../../db/models/query';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { percentFormat } from '../../python/format';
import { toInt } from '../../python/numbers';
import { gettext } from '../../utils/translation';
import { type Constructor, ContextView, type ViewParams } from './base';
import { named } from './detail';
import { metaOf, rowsOf, templateOf, unlessUnconfigured } from './objects';
import type {
  Context,
  GetView,
  MultipleObjectTemplateView,
  MultipleObjectView,
  Paginated,
  RowSource,
  ViewStatics,
} from './types';

/** Gives a view a list of objects, in pages where `paginateBy` says so. */
export function MultipleObjectMixin<Base extends Constructor<ContextView>, M extends Model = Model>(
  base: Base,
): Base & Constructor<MultipleObjectView<M>> {
  return class extends base {
    /** Whether the list may be empty; otherwise that is a 404. */
    allowEmpty = true;
    queryset: RowSource<M> | readonly object[] | null = null;
    /** The model whose rows it shows; `queryset` comes before. */
    model: ModelClass<M> | null = null;
    /** So many objects are on a page; null for all of them. */
    paginateBy: number | null = null;
    paginateOrphans = 0;
    /** The list's name in the template, besides `object_list`; `<model>_list` if null. */
    contextObjectName: string | null = null;
    paginatorClass: new (
      objects: ObjectList<M>,
      perPage: number,
      options?: PaginatorOptions,
    ) => Paginator<M> = Paginator;
    /** The number of the page in the URL, or else in the query string. */
    pageKwarg = 'page';
    ordering: string | readonly string[] | null = null;
    /** The objects, once `get()` has them. */
    declare objectList: QuerySet<M>;

    /** The objects, as a query of its own. */
    getQueryset(): QuerySet<M> {
      const rows = rowsOf<M>(this);
      const ordering = this.getOrdering();
      if (ordering === null || ordering.length === 0) return rows;
      return rows.orderBy(...((typeof ordering === 'string' ? [ordering] : ordering) as never[]));
    }

    getOrdering(): string | readonly string[] | null {
      return this.ordering;
    }

    /** The page that was asked for. @throws Http404 where there is no such page */
    async paginateQueryset(queryset: ObjectList<M>, pageSize: number): Promise<Paginated<M>> {
      const paginator = this.getPaginator(queryset, pageSize, {
        orphans: this.getPaginateOrphans(),
        allowEmptyFirstPage: this.getAllowEmpty(),
      });
      const wanted = this.params[this.pageKwarg] || this.request.GET.get(this.pageKwarg) || 1;
      const number = await this.pageNumber(wanted, paginator);
      try {
        const page = await paginator.page(number);
        return [paginator, page, page.objectList, page.hasOtherPages()];
      } catch (error) {
        if (!(error instanceof InvalidPage)) throw error;
        throw new Http404(
          percentFormat(gettext('Invalid page (%(page_number)s): %(message)s'), {
            page_number: number,
            message: error.message,
          }),
        );
      }
    }

    /** @internal */
    async pageNumber(wanted: unknown, paginator: Paginator<M>): Promise<number | bigint> {
      try {
        return toInt(wanted);
      } catch {
        if (wanted === 'last') return paginator.numPages;
        throw new Http404(gettext('Page is not “last”, nor can it be converted to an int.'));
      }
    }

    getPaginateBy(_queryset: ObjectList<M>): number | null {
      return this.paginateBy;
    }

    getPaginator(queryset: ObjectList<M>, perPage: number, options: PaginatorOptions = {}): Paginator<M> {
      return new this.paginatorClass(queryset, perPage, options);
    }

    getPaginateOrphans(): number {
      return this.paginateOrphans;
    }

    getAllowEmpty(): boolean {
      return this.allowEmpty;
    }

    /** The list's name in the template; null for none. */
    getContextObjectName(objects: ObjectList<M>): string | null {
      if (this.contextObjectName) return this.contextObjectName;
      const meta = Array.isArray(objects) ? undefined : metaOf(objects);
      return meta === undefined ? null : `${meta.modelName}_list`;
    }

    override async getContextData({ object_list, ...values }: Readonly<Context> = {}): Promise<Context> {
      const objects = (object_list ?? this.objectList) as ObjectList<M>;
      const size = this.getPaginateBy(objects);
      const [paginator, page, shown, isPaginated] = size
        ? await this.paginateQueryset(objects, size)
        : ([null, null, objects, false] as const);
      const name = this.getContextObjectName(objects);
      return super.getContextData({
        paginator,
        page_obj: page,
        is_paginated: isPaginated,
        object_list: shown,
        ...(name !== null && { [name]: shown }),
        ...values,
      });
    }
  };
}

/** Names the template by the model of the list: `library/book_list.html`. */
export function MultipleObjectTemplateResponseMixin<
  Base extends Constructor<ContextView & { objectList: unknown }>,
>(base: Base): Base & Constructor<MultipleObjectTemplateView> {
  return class extends base {
    templateNameSuffix = '_list';

    override getTemplateNames(): string[] {
      const names = unlessUnconfigured(() => super.getTemplateNames()) ?? [];
      const meta = Array.isArray(this.objectList) ? undefined : metaOf(this.objectList);
      if (meta !== undefined) names.push(templateOf(meta, this.templateNameSuffix));
      else if (names.length === 0) {
        const name = this.constructor.name;
        throw new ImproperlyConfigured(
          `${name} requires either a 'templateName' attribute or a getQueryset() method that returns a QuerySet.`,
        );
      }
      return names;
    }
  };
}

/** The page of a list. */
export interface ListView<M extends Model = Model>
  extends MultipleObjectView<M>,
    MultipleObjectTemplateView,
    GetView {}

class List extends MultipleObjectTemplateResponseMixin(MultipleObjectMixin(ContextView)) {
  async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.objectList = this.getQueryset();
    if (!this.getAllowEmpty() && (await isEmpty(this.objectList, this.getPaginateBy(this.objectList)))) {
      throw new Http404(
        percentFormat(gettext('Empty list and “%(class_name)s.allow_empty” is False.'), {
          class_name: this.constructor.name,
        }),
      );
    }
    return this.renderToResponse(await this.getContextData());
  }
}

/** Whether there are no objects: asked for itself where only a page of them will be loaded. */
export async function isEmpty<M extends Model>(
  objects: QuerySet<M> | readonly M[],
  pageSize: number | null,
): Promise<boolean> {
  if (Array.isArray(objects)) return objects.length === 0;
  if (pageSize !== null) return !(await (objects as QuerySet<M>).exists());
  return (await (objects as QuerySet<M>)).length === 0;
}

/**
 * The page of a list: `<app>/<model>_list.html` with `object_list`, `<model>_list`, and with `paginateBy` also
 * `page_obj`, `paginator`, `is_paginated`.
 *
 * @example
 * ```ts
 * class BookList extends ListView<Book> {
 *   override model = Book;
 *   override paginateBy = 25;
 *   override ordering = 'title';
 * }
 * path('books/', BookList.asView())
 * ```
 */
export const ListView = named('ListView', List) as unknown as ViewStatics & {
  new <M extends Model = Model>(): ListView<M>;
};
