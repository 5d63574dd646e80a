/** The list of a model's objects that a request asks for. Django: `django.contrib.admin.views.main`. */
import { InvalidPage, Paginator } from '../../../core/paginator';
import type { Model, ModelClass } from '../../../db/models/base';
import { Exists } from '../../../db/models/expressions/subquery';
import { OuterRef } from '../../../db/models/expressions/value';
import type { Options } from '../../../db/models/options';
import type { QuerySet } from '../../../db/models/query';
import type { BaseModelFormSet } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import { gettext } from '../../../utils/translation';
import { DisallowedModelAdminToField, IncorrectLookupParameters } from '../exceptions';
import type { ListFilter } from '../filters';
import { countRows, type RowCount, textOfCount } from '../large/estimate';
import { CountedPaginator, rowsOfPage } from '../large/pages';
import type { ModelAdmin } from '../options/model_admin';
import { pageOf } from '../options/responses';
import { type FieldReference, IS_POPUP_VAR, ShowFacets, TO_FIELD_VAR } from '../types';
import { quoteKey } from '../utils/keys';
import type { DateHierarchy } from './date_hierarchy';
import { type FoundFilters, findFilters } from './filters';
import { orderingColumns, orderingOf } from './ordering';
import {
  ALL_VAR,
  changedParameters,
  IGNORED,
  IS_FACETS_VAR,
  listParameters,
  pageNumber,
  SEARCH_VAR,
} from './parameters';
import type { ResultHeader, ResultRow } from './results';
import { filteredRows, readFiltered, withRelated } from './rows';

export { ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR } from './parameters';

/** A list: its columns, filters, order, and the rows of a page. An admin's `getChangelist()` says the class. */
export class ChangeList<M extends Model = Model> {
  readonly model: ModelClass<M>;
  readonly opts: Options;
  readonly listDisplay: readonly FieldReference<M>[];
  readonly listDisplayLinks: readonly FieldReference<M>[] | null;
  readonly listEditable: readonly string[];
  readonly listPerPage: number;
  readonly listMaxShowAll: number;
  readonly searchFields: readonly string[];
  readonly searchHelpText: string | null;
  readonly dateHierarchy: string | null;
  readonly sortableBy: readonly FieldReference<M>[];
  readonly addFacets: boolean;
  readonly isFacetsOptional: boolean;
  readonly isPopup: boolean;
  readonly toField: string | null;
  readonly pageNum: number;
  readonly showAll: boolean;
  /** What was searched for. */
  readonly query: string;
  /** The parameters of the address: the last value of each, and all of each. */
  readonly params: ReadonlyMap<string, string>;
  readonly filterParams: ReadonlyMap<string, readonly string[]>;
  readonly rootQueryset: QuerySet<M>;
  readonly preservedFilters: string;

  private found!: FoundFilters;
  queryset!: QuerySet<M>;
  paginator!: Paginator<M>;
  filterSpecs: readonly ListFilter[] = [];
  hasFilters = false;
  hasActiveFilters = false;
  resultCount = 0;
  fullResultCount: number | null = null;
  /** What is shown instead of a count that is estimated. */
  resultCountText: string | null = null;
  fullResultCountText: string | null = null;
  showFullResultCount = true;
  showAdminActions = true;
  canShowAll = false;
  multiPage = false;
  resultList: readonly M[] = [];
  title = '';
  clearAllFiltersQs = '';
  /** What the page shows, once it is prepared. */
  headers: readonly ResultHeader[] = [];
  results: readonly ResultRow[] = [];
  dates: DateHierarchy | null = null;
  pageRange: readonly (number | string)[] = [];
  /** The forms of rows whose columns can be edited. */
  formset: BaseModelFormSet | null = null;

  /** @throws DisallowedModelAdminToField */
  constructor(
    readonly modelAdmin: ModelAdmin<M>,
    readonly request: HttpRequest,
    /** Whether rows can be chosen, to do something with them. */
    readonly hasActions = false,
  ) {
    const { GET } = request;
    this.model = modelAdmin.model;
    this.opts = modelAdmin.opts;
    const columns = modelAdmin.getListDisplay(request);
    this.listDisplay = hasActions ? ['action_checkbox', ...columns] : columns;
    this.listDisplayLinks = modelAdmin.getListDisplayLinks(request, columns);
    this.listPerPage = modelAdmin.listPerPage;
    this.listMaxShowAll = modelAdmin.listMaxShowAll;
    this.searchFields = modelAdmin.getSearchFields(request);
    this.searchHelpText = modelAdmin.searchHelpText;
    this.dateHierarchy = modelAdmin.dateHierarchy;
    this.sortableBy = modelAdmin.getSortableBy(request);
    this.addFacets =
      modelAdmin.showFacets === ShowFacets.ALWAYS ||
      (modelAdmin.showFacets === ShowFacets.ALLOW && GET.has(IS_FACETS_VAR));
    this.isFacetsOptional = modelAdmin.showFacets === ShowFacets.ALLOW;
    this.isPopup = GET.has(IS_POPUP_VAR);
    this.toField = GET.get(TO_FIELD_VAR) ?? null;
    if (this.toField && !modelAdmin.toFieldAllowed(request, this.toField)) {
      throw new DisallowedModelAdminToField(`The field ${this.toField} cannot be referenced.`);
    }
    this.listEditable = this.isPopup ? [] : modelAdmin.listEditable;
    this.pageNum = pageNumber(request);
    this.showAll = GET.has(ALL_VAR);
    this.filterParams = listParameters(request);
    this.params = new Map([...this.filterParams.keys()].map((name) => [name, GET.get(name) ?? ''] as const));
    this.query = (GET.get(SEARCH_VAR) ?? '').replace(/^\s+|\s+$/g, '');
    this.rootQueryset = modelAdmin.getQueryset(request);
    this.preservedFilters = modelAdmin.getPreservedFilters(request);
  }

  /** The list of a request, with the rows of its page. @throws IncorrectLookupParameters */
  static async make<M extends Model>(
    modelAdmin: ModelAdmin<M>,
    request: HttpRequest,
  ): Promise<ChangeList<M>> {
    const list = new this(modelAdmin, request, (await modelAdmin.getActions(request)).size > 0);
    await list.load();
    return list;
  }

  /** Reads the rows. */
  async load(): Promise<void> {
    if (this.query.includes('\0')) {
      const { ERROR } = require('../../messages/constants') as typeof import('../../messages/constants');
      this.modelAdmin.messageUser(this.request, gettext('Null characters are not allowed.'), ERROR);
      Object.assign(this, { query: '' });
    }
    this.found = await this.getFilters(this.request);
    const { specs, hasActiveFilters } = this.found;
    Object.assign(this, { filterSpecs: specs, hasFilters: specs.length > 0, hasActiveFilters });
    this.queryset = this.getQueryset(this.request);
    const self = this as unknown as ChangeList;
    await readFiltered(self, async () => {
      if (this.addFacets) for (const spec of this.filterSpecs) await spec.loadFacets(self);
      await this.getResults(this.request);
    });
    const title = this.isPopup
      ? gettext('Select %s')
      : (await this.modelAdmin.hasChangePermission(this.request))
        ? gettext('Select %s to change')
        : gettext('Select %s to view');
    this.title = title.replace('%s', String(this.opts.verboseName));
  }

  get lookupOpts(): Options {
    return this.opts;
  }

  /** What the form of the search hands on: the other parameters. */
  get hiddenSearchParams(): [string, readonly string[]][] {
    return [...this.filterParams].filter(([name]) => name !== SEARCH_VAR);
  }

  get pkAttname(): string {
    return this.opts.pk.attname;
  }

  get filtersUrl(): string {
    return this.getQueryString({}, [IS_FACETS_VAR]);
  }

  get addFacetLink(): string {
    return this.getQueryString({ [IS_FACETS_VAR]: 'True' });
  }

  get removeFacetLink(): string {
    return this.getQueryString({}, [IS_FACETS_VAR]);
  }

  /** The parameters that filters may take. */
  getFiltersParams(): Map<string, unknown[]> {
    return new Map(
      [...this.filterParams]
        .filter(([name]) => !IGNORED.has(name))
        .map(([name, values]) => [name, [...values]]),
    );
  }

  /** The filters of the list, and what is left of the parameters. @throws DisallowedModelAdminLookup, IncorrectLookupParameters */
  getFilters(request: HttpRequest): Promise<FoundFilters> {
    return findFilters(this as unknown as ChangeList, request);
  }

  /** The address with other parameters: those that are null go, and those that begin with one of `remove`. */
  getQueryString(changed: Readonly<Record<string, unknown>> = {}, remove: Iterable<string> = []): string {
    return changedParameters(this.filterParams, changed, remove);
  }

  /** The rows that the address asks for, in their order. @throws IncorrectLookupParameters */
  getQueryset(request: HttpRequest, excludeParameters: readonly string[] | null = null): QuerySet<M> {
    const { found } = this;
    let rows = this.rootQueryset as unknown as QuerySet<Model>;
    for (const spec of found.specs) {
      if (excludeParameters !== null && String(spec.expectedParameters()) === String(excludeParameters))
        continue;
      rows = spec.queryset(request, rows) ?? rows;
    }
    rows = filteredRows(rows, found.remaining);
    const [searched, searchMayHaveDuplicates] = this.modelAdmin.getSearchResults(
      request,
      rows as unknown as QuerySet<M>,
      this.query,
    );
    rows = searched as unknown as QuerySet<Model>;
    if (excludeParameters === null) {
      this.clearAllFiltersQs = this.getQueryString(
        Object.fromEntries(found.remaining),
        this.getFiltersParams().keys(),
      );
    }
    if (found.mayHaveDuplicates || searchMayHaveDuplicates) {
      const same = rows.filter({ pk: OuterRef('pk') } as never);
      rows = this.rootQueryset.filter(Exists(same as never) as never) as unknown as QuerySet<Model>;
    }
    const ordering = orderingOf(this as unknown as ChangeList, rows);
    return withRelated(
      this as unknown as ChangeList,
      rows.orderBy(...(ordering as never[])) as unknown as QuerySet<Model>,
    ) as unknown as QuerySet<M>;
  }

  /** Counts the rows, and reads those of the page. @throws IncorrectLookupParameters for a page that is not there. */
  async getResults(request: HttpRequest): Promise<void> {
    await this.countRows(request);
    this.canShowAll = this.resultCount <= this.listMaxShowAll;
    this.multiPage = this.resultCount > this.listPerPage;
    this.showAdminActions = !this.showFullResultCount || Boolean(this.fullResultCount);
    if ((this.showAll && this.canShowAll) || !this.multiPage) {
      this.resultList = await this.queryset.all();
      return;
    }
    try {
      this.resultList = await rowsOfPage(this.paginator, this.pageNum, this.queryset);
    } catch (error) {
      if (error instanceof InvalidPage) throw new IncorrectLookupParameters(error.message, { cause: error });
      throw error;
    }
  }

  /** Counts the rows of the list, and those of all of it; a large table's are estimated. */
  private async countRows(request: HttpRequest): Promise<void> {
    const { modelAdmin, listPerPage } = this;
    const paginator = modelAdmin.getPaginator(request, this.queryset, listPerPage);
    const isWhole = this.query === '' && this.getFiltersParams().size === 0;
    const countAll = (): Promise<RowCount> =>
      countRows(this.rootQueryset as unknown as QuerySet<Model>, modelAdmin.estimateCountAbove);
    const isOwn = paginator.constructor !== Paginator;
    const shown = isWhole && !isOwn ? await countAll() : { count: await paginator.count, isEstimated: false };
    this.paginator =
      isWhole && !isOwn ? new CountedPaginator(this.queryset as never, listPerPage, shown) : paginator;
    this.resultCount = shown.count;
    this.resultCountText = textOfCount(shown);
    this.showFullResultCount = modelAdmin.showFullResultCount;
    if (!this.showFullResultCount) return;
    // Nothing was left out: it is the same number.
    const full = isWhole ? shown : await countAll();
    this.fullResultCount = full.count;
    this.fullResultCountText = textOfCount(full);
  }

  /** Reads what the page shows: its tags cannot wait for each cell. */
  async prepare(): Promise<void> {
    const { resultHeaders, resultRows } = require('./results') as typeof import('./results');
    const { dateHierarchy } = require('./date_hierarchy') as typeof import('./date_hierarchy');
    const self = this as unknown as ChangeList;
    this.headers = resultHeaders(self);
    this.results = await resultRows(self);
    this.dates = await dateHierarchy(self);
    this.pageRange = await this.paginator.getElidedPageRange(
      this.multiPage && !(this.showAll && this.canShowAll) ? this.pageNum : 1,
    );
  }

  /** The columns that the list is sorted by: `asc` or `desc` by their number. */
  getOrderingFieldColumns(): ReadonlyMap<number, 'asc' | 'desc'> {
    return orderingColumns(this as unknown as ChangeList);
  }

  /** The address of an object's page. */
  urlForResult(row: M): string {
    const key = (row as unknown as Readonly<Record<string, unknown>>)[this.opts.pk.property];
    return pageOf(this.modelAdmin as unknown as ModelAdmin, 'change', quoteKey(key));
  }
}
