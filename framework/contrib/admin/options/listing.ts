/** The half of an admin that is about the list of its objects. */
import type { Paginator } from '../../../core/paginator';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { BaseModelFormSet, ModelForm, ModelformsetFactoryOptions } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import { formatHtml } from '../../../utils/html';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { once } from '../../../utils/module_loading';
import type { SafeString } from '../../../utils/safestring';
import { gettext } from '../../../utils/translation';
import type { ListFilterItem } from '../filters';
import type { ActionForm } from '../helpers';
import type { ActionFunction } from '../sites';
import { type FieldReference, ShowFacets } from '../types';
import { keyText } from '../utils/keys';
import type { ChangeList } from '../views/main';
import { BaseModelAdmin } from './base';
import type { ModelAdmin } from './model_admin';
import type { AdminAction } from './model_admin_types';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const formsModule = once(() => require('./forms') as typeof import('./forms'));
const search = once(() => require('./search') as typeof import('./search'));
const paginator = once(() => require('../../../core/paginator') as typeof import('../../../core/paginator'));
const mainView = once(() => require('../views/main') as typeof import('../views/main'));
const actionsModule = once(() => require('./actions') as typeof import('./actions'));
const changeList = once(() => require('./change_list') as typeof import('./change_list'));
const preserved = once(() => require('./preserved_filters') as typeof import('./preserved_filters'));

/** What an admin says of its list: columns, filters, search, pages and actions. */
export abstract class ListingModelAdmin<M extends Model = Model> extends BaseModelAdmin<M> {
  /** The columns of the list: fields, members of the admin or the model, functions of the row. */
  listDisplay: readonly FieldReference<M>[] = ['__str__'];
  /** The columns that lead to the object. Default: the first; null: none. */
  listDisplayLinks: readonly FieldReference<M>[] | null = [];
  listFilter: readonly ListFilterItem[] = [];
  /** Whether related rows are read with the list's: all, or those that are named. Default: those of the columns. */
  listSelectRelated: boolean | readonly string[] = false;
  /** Relations to several rows that columns of functions read, `tags` or `reviewSet`: read in one statement for the page each. */
  listPrefetchRelated: readonly string[] = [];
  listPerPage = 100;
  /** So many at most are shown by "Show all". */
  listMaxShowAll = 200;
  /**
   * Of a table with more rows than that a list without filters shows what the database's statistics say of their number, instead of
   * counting them (PostgreSQL). Null: they are always counted, as in Django.
   */
  estimateCountAbove: number | null = 100_000;
  /** The columns that are form fields. */
  listEditable: readonly string[] = [];
  /** What is searched: paths; `^` at their beginning: what begins so, `=`: what is so, `@`: full text. */
  searchFields: readonly string[] = [];
  searchHelpText: string | null = null;
  /** A date by whose years, months and days one can move through the list. */
  dateHierarchy: string | null = null;
  /** The class that cuts the list into pages. Default: Paginator. */
  paginator: typeof Paginator | null = null;
  preserveFilters = true;
  showFacets = ShowFacets.ALLOW;
  /** Functions, or names of methods of the admin or actions of the site. */
  actions: readonly (string | ActionFunction)[] | null = [];
  /** The columns of files that `exportCsv` and `exportJson` make. Default: those of the list. */
  exportFields: readonly FieldReference<M>[] | null = null;
  /** The form in which an action is chosen; one's own extends `ActionForm`. */
  actionForm: typeof ActionForm | null = null;
  actionsOnTop = true;
  actionsOnBottom = false;
  actionsSelectionCounter = true;
  changeListTemplate: string | null = null;
  deleteSelectedConfirmationTemplate: string | null = null;

  /** @internal This, as what takes the admin of any model. */
  protected get self(): ModelAdmin {
    return this as unknown as ModelAdmin;
  }

  /** @internal What makes forms. */
  protected get forms(): typeof import('./forms') {
    return formsModule();
  }

  // What is shown -----------------------------------------------------------------------------------------------

  getListDisplay(_request: HttpRequest): readonly FieldReference<M>[] {
    return this.listDisplay;
  }

  protected override getListDisplayNames(request: HttpRequest): readonly FieldReference<M>[] {
    return this.getListDisplay(request);
  }

  /** The columns of exported files: a hook for those that not everybody may see. */
  getExportFields(request: HttpRequest): MaybePromise<readonly FieldReference<M>[]> {
    return this.exportFields ?? this.getListDisplay(request);
  }

  getListDisplayLinks(
    _request: HttpRequest,
    listDisplay: readonly FieldReference<M>[],
  ): readonly FieldReference<M>[] | null {
    const { listDisplayLinks: links } = this;
    return links === null || links.length > 0 || listDisplay.length === 0 ? links : listDisplay.slice(0, 1);
  }

  getListFilter(_request: HttpRequest): readonly ListFilterItem[] {
    return this.listFilter;
  }

  getListSelectRelated(_request: HttpRequest): boolean | readonly string[] {
    return this.listSelectRelated;
  }

  getSearchFields(_request: HttpRequest): readonly string[] {
    return this.searchFields;
  }

  /** The rows in which the words are found, and whether a row may be there twice. */
  getSearchResults(
    request: HttpRequest,
    queryset: QuerySet<M>,
    searchTerm: string,
  ): readonly [QuerySet<M>, mayHaveDuplicates: boolean] {
    const { searchResults } = search();
    return searchResults(this as unknown as ModelAdmin<M>, request, queryset, searchTerm);
  }

  getPaginator(
    _request: HttpRequest,
    queryset: QuerySet<M>,
    perPage: number,
    options: { orphans?: number; allowEmptyFirstPage?: boolean } = {},
  ): Paginator<M> {
    const { Paginator: Standard } = paginator();
    return new (this.paginator ?? Standard)<M>(queryset as never, perPage, options);
  }

  /** The class of change lists. */
  getChangelist(_request: HttpRequest): typeof ChangeList {
    return mainView().ChangeList;
  }

  /** The list that a request asks for. @throws IncorrectLookupParameters */
  getChangelistInstance(request: HttpRequest): Promise<ChangeList<M>> {
    return this.getChangelist(request).make(this as unknown as ModelAdmin<M>, request);
  }

  /** The form of a row whose columns can be edited. */
  getChangelistForm(request: HttpRequest): typeof ModelForm {
    return this.forms.changelistForm(this.self, request);
  }

  /** The formset of the list's rows. @param options those of `modelformsetFactory`: a `formset` of one's own, `canDelete` … */
  getChangelistFormset(
    request: HttpRequest,
    options: ModelformsetFactoryOptions = {},
  ): new (
    options: object,
  ) => BaseModelFormSet {
    return this.forms.changelistFormset(this.self, request, options);
  }

  /** The box by which a row is chosen. */
  actionCheckbox(obj: M): SafeString {
    const label = gettext('Select this object for an action - {}').replace('{}', () => String(obj));
    return formatHtml(
      '<input type="checkbox" name="_selected_action" value="{}" class="action-select" aria-label="{}">',
      keyText(obj),
      label,
    );
  }

  // Actions -----------------------------------------------------------------------------------------------------

  /** The actions that whoever asks may run, by their names. */
  getActions(request: HttpRequest): Promise<Map<string, AdminAction>> {
    const { actionsFor } = actionsModule();
    return actionsFor(this.self, request);
  }

  /** The answer of an action; null where none was run. */
  responseAction(request: HttpRequest, queryset: QuerySet<M>): Promise<HttpResponseBase | null> {
    const { responseAction } = actionsModule();
    return responseAction(this.self, request, queryset as unknown as QuerySet<Model>);
  }

  // Pages -------------------------------------------------------------------------------------------------------

  changelistView(
    request: HttpRequest,
    extraContext: Readonly<Record<string, unknown>> = {},
  ): Promise<HttpResponseBase> {
    const { changelistView } = changeList();
    return changelistView(this.self, request, extraContext);
  }

  /** The filters of the list from which one came, for the address of the page that is next. */
  getPreservedFilters(request: HttpRequest): string {
    const { preservedFilters } = preserved();
    return this.preserveFilters ? preservedFilters(this.self, request) : '';
  }
}
