/** Filters of a list. Django: `django.contrib.admin.filters`. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { Model, ModelClass } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import type { Relation } from '../../../db/models/fields/reverse_related';
import type { QuerySet } from '../../../db/models/query';
import type { HttpRequest } from '../../../http/request';
import type { Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { once } from '../../../utils/module_loading';
import { gettextLazy as _ } from '../../../utils/translation';
import { IncorrectLookupParameters } from '../exceptions';
import type { ModelAdmin } from '../options/model_admin';
import type { ChangeList } from '../views/main';

const lookupValues = once(() => require('../utils/lookup_values') as typeof import('../utils/lookup_values'));

/** The parameters of the address that no filter has taken yet: each with its values. */
export type LookupParams = Map<string, unknown[]>;

/** A choice of a filter, as templates see it. */
export interface FilterChoice {
  readonly selected: boolean;
  readonly query_string: string;
  readonly display: unknown;
  /** What a filter of relations calls the choice for none. */
  readonly isempty?: boolean;
}

/** A class of filters of a field. */
export type FieldListFilterClass = new (
  field: Field | Relation,
  request: HttpRequest,
  params: LookupParams,
  model: ModelClass,
  admin: ModelAdmin,
  fieldPath: string,
) => FieldListFilter;

/** A class of filters of one's own. */
export type ListFilterClass = new (
  request: HttpRequest,
  params: LookupParams,
  model: ModelClass,
  admin: ModelAdmin,
) => ListFilter;

/** A filter in `listFilter`: a field or a path, one with its class, or a class of one's own. */
export type ListFilterItem = string | ListFilterClass | readonly [path: string, filter: FieldListFilterClass];

/** The base of all filters. */
export abstract class ListFilter {
  /** What the filter is called. */
  abstract title: Text;
  template = 'admin/filter.html';

  constructor(
    readonly request: HttpRequest,
    /** The parameters that this filter has taken. */
    readonly usedParameters: Record<string, unknown[]> = {},
  ) {}

  /** Reads what the filter shows: before anything of it is asked. */
  prepare(): MaybePromise<void> {}

  /** Whether there is something to choose. */
  abstract hasOutput(): boolean;
  /** The choices as templates show them. */
  abstract choices(changelist: ChangeList<Model>): Iterable<FilterChoice>;
  /** The rows that are left; undefined: all. */
  abstract queryset(request: HttpRequest, rows: QuerySet<Model>): QuerySet<Model> | null | undefined;
  /** The names of the parameters that it takes. */
  abstract expectedParameters(): readonly string[];

  /** For each choice the count of rows, where counts are shown. */
  facetCounts: Readonly<Record<string, number>> | null = null;

  /** The conditions whose rows are counted for each choice. */
  getFacetCounts(_pkAttname: string, _rows: QuerySet<Model>): Readonly<Record<string, unknown>> | null {
    return null;
  }

  /** Counts the rows of each choice, in one statement. */
  async loadFacets(changelist: ChangeList<Model>): Promise<void> {
    const rows = changelist.getQueryset(this.request, this.expectedParameters());
    const aggregates = this.getFacetCounts(changelist.pkAttname, rows);
    if (aggregates === null) return;
    this.facetCounts = (await (
      rows as unknown as { aggregate(all: unknown): Promise<Record<string, number>> }
    ).aggregate(aggregates)) as Record<string, number>;
  }

  /** What a choice is called, with its count. */
  protected counted(title: unknown, key: string): unknown {
    if (this.facetCounts === null) return title;
    const count = this.facetCounts[key];
    return `${String(title)} (${count ?? '-'})`;
  }
}

/**
 * The base of filters that know themselves what there is to choose. A subclass says `title`, `parameterName`, `lookups()` and
 * `queryset()`.
 *
 * @example
 * ```ts
 * class DecadeFilter extends admin.SimpleListFilter {
 *   override title = 'decade born';
 *   static override readonly parameterName = 'decade';
 *   override lookups() { return [['80s', 'in the eighties'], ['90s', 'in the nineties']] as const; }
 *   override queryset(_request: HttpRequest, rows: models.QuerySet<models.Model>) {
 *     return this.value() === '80s' ? rows.filter({ birthday__lt: '1990-01-01' } as never) : undefined;
 *   }
 * }
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/filters/#using-a-simplelistfilter
 */
export abstract class SimpleListFilter extends ListFilter {
  static readonly parameterName: string | null = null;
  /** The choices: their values in the address, and what they are called. */
  lookupChoices: (readonly [value: unknown, title: unknown])[] = [];

  /** @throws ImproperlyConfigured for a class without a title or a name of its parameter. */
  constructor(
    request: HttpRequest,
    params: LookupParams,
    readonly model: ModelClass,
    readonly admin: ModelAdmin,
  ) {
    super(request);
    const name = this.parameterName;
    const values = params.get(name);
    if (values !== undefined) {
      params.delete(name);
      this.usedParameters[name] = [values.at(-1)];
    }
  }

  get parameterName(): string {
    const { parameterName, name } = this.constructor as typeof SimpleListFilter;
    if (parameterName === null) {
      throw new ImproperlyConfigured(`The list filter '${name}' does not specify a 'parameter_name'.`);
    }
    return parameterName;
  }

  /** What there is to choose. */
  abstract lookups(
    request: HttpRequest,
    admin: ModelAdmin,
  ): MaybePromise<Iterable<readonly [value: unknown, title: unknown]> | null | undefined>;

  override async prepare(): Promise<void> {
    if (!this.title) {
      throw new ImproperlyConfigured(
        `The list filter '${this.constructor.name}' does not specify a 'title'.`,
      );
    }
    this.lookupChoices = [...((await this.lookups(this.request, this.admin)) ?? [])];
  }

  hasOutput(): boolean {
    return this.lookupChoices.length > 0;
  }

  /** The value that was chosen; undefined: none. */
  value(): string | undefined {
    return this.usedParameters[this.parameterName]?.[0] as string | undefined;
  }

  expectedParameters(): readonly string[] {
    return [this.parameterName];
  }

  /** Each choice's rows are those that it would leave. */
  override async loadFacets(changelist: ChangeList<Model>): Promise<void> {
    const before = this.usedParameters[this.parameterName];
    const rows = changelist.getQueryset(this.request, this.expectedParameters());
    const counts: Record<string, number> = {};
    for (const [i, [value]] of this.lookupChoices.entries()) {
      this.usedParameters[this.parameterName] = [value];
      const left = this.queryset(this.request, rows);
      if (left !== null && left !== undefined) counts[`${i}__c`] = await left.count();
    }
    if (before === undefined) delete this.usedParameters[this.parameterName];
    else this.usedParameters[this.parameterName] = before;
    this.facetCounts = counts;
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    const { parameterName } = this;
    yield {
      selected: this.value() === undefined,
      query_string: changelist.getQueryString({}, [parameterName]),
      display: _('All'),
    };
    for (const [i, [value, title]] of this.lookupChoices.entries()) {
      yield {
        selected: this.value() === String(value),
        query_string: changelist.getQueryString({ [parameterName]: value }),
        display: this.counted(title, `${i}__c`),
      };
    }
  }
}

/** The base of filters of a field. */
export abstract class FieldListFilter extends ListFilter {
  title: Text;

  constructor(
    readonly field: Field | Relation,
    request: HttpRequest,
    params: LookupParams,
    readonly model: ModelClass,
    readonly admin: ModelAdmin,
    readonly fieldPath: string,
  ) {
    super(request);
    this.title = 'verboseName' in field ? field.verboseName : fieldPath;
    this.take(params);
  }

  /** @internal Takes the parameters that are its own. @throws IncorrectLookupParameters */
  protected take(params: LookupParams): void {
    const { prepareLookupValue } = lookupValues();
    for (const name of this.expectedParameters()) {
      const values = params.get(name);
      if (values === undefined) continue;
      params.delete(name);
      this.usedParameters[name] = prepareLookupValue(name, values) as unknown[];
    }
  }

  hasOutput(): boolean {
    return true;
  }

  queryset(_request: HttpRequest, rows: QuerySet<Model>): QuerySet<Model> {
    const { qOfLookupParameters } = lookupValues();
    try {
      return rows.filter(
        qOfLookupParameters(new Map(Object.entries(this.usedParameters))) as never,
      ) as unknown as QuerySet<Model>;
    } catch (error) {
      // What was sent is no value of the field.
      throw new IncorrectLookupParameters(String(error), { cause: error });
    }
  }
}
