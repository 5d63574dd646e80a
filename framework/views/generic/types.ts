/** What views of objects, lists, forms and dates have: the types that their mixins add. */
import type { ObjectList, Page, Paginator, PaginatorOptions } from '../../core/paginator';
import type { Model, ModelClass } from '../../db/models/base';
import type { Manager } from '../../db/models/manager';
import type { Condition, QuerySet } from '../../db/models/query';
import type { FormOptions } from '../../forms/forms';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import type { PlainDate } from '../../python/datetime';
import type { MaybePromise } from '../../utils/maybe_promise';
import type { ContextView, View, ViewParams } from './base';

/** A context of a template. */
export type Context = Record<string, unknown>;

/** Where a view's rows come from. */
export type RowSource<M extends Model> = QuerySet<M> | Manager<M>;

/** What every class of generic views has besides its instances. */
export type ViewStatics = Pick<typeof View, 'asView' | 'httpMethodNames'>;

/** A view that answers GET. */
export interface GetView extends ContextView {
  get(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase>;
}

/** A view of one object. */
export interface SingleObjectView<M extends Model = Model> extends ContextView {
  /** The model whose rows it shows; `queryset` comes before. */
  model: ModelClass<M> | null;
  queryset: RowSource<M> | null;
  /** The field that is compared with the slug of the URL. Default: `slug`. */
  slugField: string;
  slugUrlKwarg: string;
  pkUrlKwarg: string;
  /** Whether the slug has to be right where there is a key. */
  queryPkAndSlug: boolean;
  /** Its name in the template, besides `object`; the model's name if null. */
  contextObjectName: string | null;
  /** The object, once the request's method has found it. */
  object: M;
  /** The rows that it may be one of, as a query of its own. */
  getQueryset(): QuerySet<M>;
  getSlugField(): string;
  /**
   * The object that the URL means.
   *
   * @throws Http404 where there is none; AttributeError for a URL that names neither key nor slug.
   */
  getObject(queryset?: QuerySet<M> | null): Promise<M>;
  /** Its name in the template; null for none. */
  getContextObjectName(object: M): string | null;
}

/** A view whose template is named by its object: `library/book_detail.html`. */
export interface SingleObjectTemplateView extends ContextView {
  /** The field of the object that names its template. */
  templateNameField: string | null;
  templateNameSuffix: string;
}

/** What `paginateQueryset()` gives. */
export type Paginated<M> = readonly [
  paginator: Paginator<M>,
  page: Page<M>,
  objects: readonly M[],
  hasOtherPages: boolean,
];

/** A view of several objects. */
export interface MultipleObjectView<M extends Model = Model> extends ContextView {
  /** Whether the list may be empty; otherwise that is a 404. */
  allowEmpty: boolean;
  queryset: RowSource<M> | readonly object[] | null;
  /** The model whose rows it shows; `queryset` comes before. */
  model: ModelClass<M> | null;
  /** So many objects are on a page; null for all of them. */
  paginateBy: number | null;
  paginateOrphans: number;
  /** The list's name in the template, besides `object_list`; `<model>_list` if null. */
  contextObjectName: string | null;
  paginatorClass: new (objects: ObjectList<M>, perPage: number, options?: PaginatorOptions) => Paginator<M>;
  /** The number of the page in the URL, or else in the query string. Default: `page`. */
  pageKwarg: string;
  ordering: string | readonly string[] | null;
  /** The objects, once `get()` has them. */
  objectList: QuerySet<M>;
  /** The objects, as a query of its own. */
  getQueryset(): QuerySet<M>;
  getOrdering(): string | readonly string[] | null;
  /** The page that was asked for. @throws Http404 where there is no such page */
  paginateQueryset(queryset: ObjectList<M>, pageSize: number): Promise<Paginated<M>>;
  getPaginateBy(queryset: ObjectList<M>): number | null;
  getPaginator(queryset: ObjectList<M>, perPage: number, options?: PaginatorOptions): Paginator<M>;
  getPaginateOrphans(): number;
  getAllowEmpty(): boolean;
  /** The list's name in the template; null for none. */
  getContextObjectName(objects: ObjectList<M>): string | null;
}

/** A view whose template is named by the model of its list: `library/book_list.html`. */
export interface MultipleObjectTemplateView extends ContextView {
  templateNameSuffix: string;
}

/** What a view needs of a form. */
export interface ViewForm {
  isValid(): Promise<boolean>;
}

/** A form of a model. */
export interface ViewModelForm<M extends Model> extends ViewForm {
  save(): Promise<M>;
}

/** A class of forms that a view makes. */
export type ViewFormClass<F extends ViewForm = ViewForm> = new (options: never) => F;

/** A view with a form. */
export interface WithForm<F extends ViewForm = ViewForm> extends ContextView {
  /** What the form shows at first. */
  initial: Readonly<Record<string, unknown>>;
  formClass: ViewFormClass<F> | null;
  /** Where a valid form leads. */
  successUrl: string | { toString(): string } | null;
  prefix: string | null;
  getInitial(): Record<string, unknown>;
  getPrefix(): string | null;
  /** The class of the form. @throws ImproperlyConfigured without `formClass` */
  getFormClass(): ViewFormClass<F>;
  getForm(formClass?: ViewFormClass<F> | null): F;
  /** What the form is made with: with POST and PUT what was sent, too. */
  getFormKwargs(): FormOptions & Record<string, unknown>;
  /** @throws ImproperlyConfigured without `successUrl` */
  getSuccessUrl(): string;
  /** The answer to a valid form: a redirect to `getSuccessUrl()`. */
  formValid(form: F): MaybePromise<HttpResponseBase>;
  /** The answer to any other: the page with its errors. */
  formInvalid(form: F): Promise<HttpResponseBase>;
}

/** A view that shows its form with GET, and takes it with POST (and PUT). */
export interface ProcessFormView extends GetView {
  post(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase>;
  put(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase>;
}

/** A view with a form of a model, for a new row or the one that it is about. */
export interface ModelFormView<M extends Model = Model>
  extends SingleObjectView<M>,
    WithForm<ViewModelForm<M>> {
  /** The fields of the form, where there is no `formClass`. */
  fields: readonly string[] | '__all__' | null;
}

/** A view of objects that have a date. */
export interface DatedView<M extends Model = Model> extends ContextView {
  readonly model: ModelClass<M> | null;
  getQueryset(): QuerySet<M>;
  getAllowEmpty?(): boolean;
}

/** What URLs say of dates. */
export type Period = 'year' | 'month' | 'week' | 'day';

/** A view that finds objects by a date, whose parts the URL has. */
export interface WithDates extends ContextView {
  /** The DateField or DateTimeField that objects are found by. */
  dateField: string | null;
  /** Whether objects of the future are shown. */
  allowFuture: boolean;
  year: number | string | null;
  month: number | string | null;
  week: number | string | null;
  day: number | string | null;
  /** How the URL writes them, in strptime's language. Default: `%Y`, `%b`, `%U`, `%d`. */
  yearFormat: string;
  monthFormat: string;
  weekFormat: string;
  dayFormat: string;
  getDateField(): string;
  getAllowFuture(): boolean;
  getYearFormat(): string;
  getMonthFormat(): string;
  getWeekFormat(): string;
  getDayFormat(): string;
  /** The year of the URL. @throws Http404 without one; as the others of its kind */
  getYear(): string;
  getMonth(): string;
  getWeek(): string;
  getDay(): string;
  /** The first day of the year after a date that has something to show; null for none. */
  getNextYear(date: PlainDate): Promise<PlainDate | null>;
  getPreviousYear(date: PlainDate): Promise<PlainDate | null>;
  getNextMonth(date: PlainDate): Promise<PlainDate | null>;
  getPreviousMonth(date: PlainDate): Promise<PlainDate | null>;
  getNextWeek(date: PlainDate): Promise<PlainDate | null>;
  getPreviousWeek(date: PlainDate): Promise<PlainDate | null>;
  getNextDay(date: PlainDate): Promise<PlainDate | null>;
  getPreviousDay(date: PlainDate): Promise<PlainDate | null>;
  /** Whether the field keeps times, too. */
  readonly usesDatetimeField: boolean;
  /** @internal A date as the field is compared with it. */
  dateLookup(date: PlainDate): unknown;
  /** @internal What may be shown at most, where the future may not. */
  latest(): unknown;
  /** @internal The condition of a span of days, without the last. */
  between(from: PlainDate, to: PlainDate): Condition;
  /** @internal The first day of the period that a date is in. */
  startOf(date: PlainDate, period: Period): PlainDate;
  /** @internal The first day of the period after. @throws Http404 after the year 9999 */
  startAfter(date: PlainDate, period: Period): PlainDate;
}

/** What an archive shows: the dates that there are, the objects, and more for the template. */
export type DatedItems<M extends Model> = readonly [
  dates: readonly PlainDate[] | null,
  objects: QuerySet<M>,
  context: Context,
];

/** A list of objects by date. */
export interface ArchiveView<M extends Model = Model>
  extends MultipleObjectView<M>,
    MultipleObjectTemplateView,
    WithDates,
    GetView {
  /** What dates are listed by. */
  dateListPeriod: Period;
  dateList: readonly PlainDate[] | null;
  /** What the page shows. */
  getDatedItems(): Promise<DatedItems<M>>;
  /** The rows for which a condition holds, without those of the future. */
  getDatedQueryset(condition?: Condition | null): QuerySet<M>;
  /** @throws Http404 for no rows, unless `allowEmpty`. Django's `get_dated_queryset()` does it; a promise of a query would be its rows. */
  requireRows(rows: QuerySet<M>): Promise<void>;
  getDateListPeriod(): Period;
  /** The first days of the periods that have rows. @throws Http404 for none, unless `allowEmpty` */
  getDateList(rows: QuerySet<M>, period?: Period, ordering?: 'ASC' | 'DESC'): Promise<PlainDate[]>;
}
