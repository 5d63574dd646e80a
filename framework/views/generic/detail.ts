/** Pages of one object. Django: `django.views.generic.detail`; https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-display/#detailview */
import { AttributeError, Http404, ImproperlyConfigured, ObjectDoesNotExist } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import type { Condition, QuerySet } from '../../db/models/query';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { percentFormat } from '../../python/format';
import { gettext } from '../../utils/translation';
import { type Constructor, ContextView, type ViewParams } from './base';
import { metaOf, rowsOf, templateOf, unlessUnconfigured } from './objects';
import type {
  Context,
  GetView,
  RowSource,
  SingleObjectTemplateView,
  SingleObjectView,
  ViewStatics,
} from './types';

/** Gives a view one object: by its key or its slug in the URL. */
export function SingleObjectMixin<Base extends Constructor<ContextView>, M extends Model = Model>(
  base: Base,
) {
  return class extends base {
    /** The model whose rows it shows; `queryset` comes before. */
    model: ModelClass<M> | null = null;
    queryset: RowSource<M> | null = null;
    /** The field that is compared with the slug of the URL. */
    slugField = 'slug';
    slugUrlKwarg = 'slug';
    pkUrlKwarg = 'pk';
    /** Whether the slug has to be right where there is a key. */
    queryPkAndSlug = false;
    /** Its name in the template, besides `object`; the model's name if null. */
    contextObjectName: string | null = null;
    /** The object, once `get()` has found it. */
    declare object: M;

    /** The rows that it may be one of, as a query of its own. */
    getQueryset(): QuerySet<M> {
      return rowsOf<M>(this);
    }

    getSlugField(): string {
      return this.slugField;
    }

    /**
     * The object that the URL means.
     *
     * @throws Http404 where there is none; AttributeError for a URL that names neither key nor slug.
     */
    async getObject(queryset: QuerySet<M> | null = null): Promise<M> {
      let rows = queryset ?? this.getQueryset();
      const pk = this.params[this.pkUrlKwarg] ?? null;
      const slug = this.params[this.slugUrlKwarg] ?? null;
      if (pk !== null) rows = rows.filter({ pk } as unknown as Condition);
      if (slug !== null && (pk === null || this.queryPkAndSlug)) {
        rows = rows.filter({ [this.getSlugField()]: slug } as unknown as Condition);
      }
      if (pk === null && slug === null) {
        throw new AttributeError(
          `Generic detail view ${this.constructor.name} must be called with either an object pk or a slug in the URLconf.`,
        );
      }
      try {
        return await rows.get();
      } catch (error) {
        if (!(error instanceof ObjectDoesNotExist)) throw error;
        const name = String(rows.model._meta.verboseName);
        throw new Http404(
          percentFormat(gettext('No %(verbose_name)s found matching the query'), { verbose_name: name }),
          { cause: error },
        );
      }
    }

    /** Its name in the template; null for none. */
    getContextObjectName(object: M): string | null {
      return this.contextObjectName ?? metaOf(object)?.modelName ?? null;
    }

    override async getContextData(values: Readonly<Context> = {}): Promise<Context> {
      const object = this.object ?? null;
      const own: Context = {};
      if (object !== null) {
        own['object'] = object;
        const name = this.getContextObjectName(object);
        if (name) own[name] = object;
      }
      return super.getContextData({ ...own, ...values });
    }
  };
}

/** Names the template by the object: `library/book_detail.html`. */
export function SingleObjectTemplateResponseMixin<
  Base extends Constructor<ContextView & { object: unknown; model: { readonly _meta: unknown } | null }>,
>(base: Base): Base & Constructor<SingleObjectTemplateView> {
  return class extends base {
    /** The field of the object that names its template. */
    templateNameField: string | null = null;
    templateNameSuffix = '_detail';

    override getTemplateNames(): string[] {
      const named = unlessUnconfigured(() => super.getTemplateNames());
      if (named !== null) return named;
      const names: string[] = [];
      const object = (this.object ?? null) as Readonly<Record<string, unknown>> | null;
      const own = object !== null && this.templateNameField !== null && object[this.templateNameField];
      if (own) names.push(String(own));
      const meta = metaOf(object) ?? metaOf({ model: this.model });
      if (meta !== undefined) names.push(templateOf(meta, this.templateNameSuffix));
      if (names.length > 0) return names;
      throw new ImproperlyConfigured(
        "SingleObjectTemplateResponseMixin requires a definition of 'templateName', 'templateNameField', or 'model'; " +
          "or an implementation of 'getTemplateNames()'.",
      );
    }
  };
}

/** The page of one object, by `pk` or `slug` of the URL. */
export interface DetailView<M extends Model = Model>
  extends SingleObjectView<M>,
    SingleObjectTemplateView,
    GetView {}

class Detail extends SingleObjectTemplateResponseMixin(SingleObjectMixin(ContextView)) {
  async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return this.renderToResponse(await this.getContextData({ object: this.object }));
  }
}

/**
 * The page of one object: `get` finds it by `pk` or `slug` of the URL, and renders `<app>/<model>_detail.html` with
 * `object` and a variable of the model's name.
 *
 * @example
 * ```ts
 * class BookDetail extends DetailView<Book> {
 *   override model = Book;
 * }
 * path('books/<int:pk>/', BookDetail.asView())
 * ```
 */
export const DetailView = named('DetailView', Detail) as unknown as ViewStatics & {
  new <M extends Model = Model>(): DetailView<M>;
};

/** @internal A class with the name that errors show. */
export function named<T extends object>(name: string, cls: T): T {
  return Object.defineProperty(cls, 'name', { value: name, configurable: true });
}
