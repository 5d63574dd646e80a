/** What of the rows is selected, and what they are: instances, objects, lists. Django: `QuerySet.annotate` and its kin. */
import { ValueError } from '../../core/exceptions';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import type { Reader } from './iterables';
import type { Prefetch, PrefetchLookup } from './prefetch';
import { isExpression } from './q';
import type { QuerySet } from './query';
import { Refinable } from './query_refine';
import {
  type Annotated,
  addAnnotations,
  listNames,
  type Named,
  namedValues,
  relatedTree,
} from './query_shape';
import { callOf, callOfNamed } from './sql/plan_calls';
import { addDeferredLoading, addImmediateLoading } from './sql/select_mask';
import type * as typing from './typing';
import { flatReader, listReader, namedReader, valuesReader } from './values_rows';

/**
 * The part of QuerySet that says what a row is.
 * @ts-expect-error see QuerySet */
export abstract class Selectable<out T extends Model, out Row, out A> extends Refinable<T, Row, A> {
  /** Only for types: denies what is expected above at once, before the compiler looks at every method for it. */
  declare readonly _selects: (model: T, annotations: A) => void;

  /**
   * Values for each row, by name. An aggregate is over what is related to the row. An aggregate without a name is called
   * after its field: `book__count`.
   *
   * @throws ValueError for the name of a field; TypeError for what is no expression.
   * @example `Author.objects.annotate({ books: Count('book') })`
   */
  annotate<const E extends Annotated>(
    annotations: E,
  ): NoInfer<QuerySet<T, Row & typing.Annotations<T, E>, A & typing.Annotations<T, E>>>;
  annotate(
    ...annotations: (Expression | Annotated)[]
  ): NoInfer<QuerySet<T, Row & typing.Unnamed, A & typing.Unnamed>>;
  annotate(...annotations: readonly unknown[]): never {
    this._notSupportCombinedQueries('annotate');
    return this._annotate(namedValues<Annotated>(annotations, 'annotate'), true) as never;
  }

  /** Names for expressions, which rows do not get. @throws as `annotate`. */
  alias<const E extends Annotated>(annotations: E): NoInfer<QuerySet<T, Row, A & typing.Annotations<T, E>>>;
  alias(...annotations: (Expression | Annotated)[]): NoInfer<QuerySet<T, Row, A & typing.Unnamed>>;
  alias(...annotations: readonly unknown[]): never {
    this._notSupportCombinedQueries('alias');
    return this._annotate(namedValues<Annotated>(annotations, 'annotate'), false) as never;
  }

  _annotate(annotations: Annotated, select: boolean): this {
    return this._step(callOfNamed(select ? 'annotate' : 'alias', annotations), (query) =>
      addAnnotations(query, annotations, this._fields, select),
    );
  }

  /**
   * The rows as plain objects of these paths; of all fields, without any. Expressions come last, by name.
   *
   * @example `Article.objects.values('id', 'author__name', { shout: Upper('headline') })`
   */
  values<const P extends string>(
    ...paths: typing.PathOf<T, A, P>[]
  ): NoInfer<QuerySet<T, { [K in P]: typing.ValueAt<T, A, K> }, A>>;
  values<const P extends string, const E extends Named>(
    ...given: [...paths: typing.PathOf<T, A, P>[], expressions: E]
  ): NoInfer<
    QuerySet<
      T,
      { [K in P]: typing.ValueAt<T, A, K> } & typing.Annotations<T, E>,
      A & typing.Annotations<T, E>
    >
  >;
  values(...all: readonly unknown[]): never {
    const given = all as readonly (string | Named)[];
    const names = given.flatMap((each) => (typeof each === 'string' ? [each] : Object.keys(each)));
    const expressions = Object.assign({}, ...given.filter((each) => typeof each !== 'string')) as Named;
    return this._values(names, expressions, valuesReader(names.length === 0)) as never;
  }

  /**
   * The rows as lists of values. `flat: true`: the values of one path alone. `named: true`: lists whose items have names,
   * too.
   *
   * @throws TypeError for both, and for `flat` with several paths.
   * @example `await Article.objects.valuesList('headline', { flat: true })`
   */
  valuesList<const P extends string>(
    path: typing.PathOf<T, A, P>,
    options: { flat: true },
  ): NoInfer<QuerySet<T, typing.ValueAt<T, A, P>, A>>;
  valuesList<const P extends readonly string[]>(
    ...given: [...paths: P, options: { named: true }] &
      [...paths: typing.PathsOf<T, A, P>, options: { named: true }]
  ): NoInfer<
    QuerySet<T, typing.ValuesAt<T, A, P> & { readonly [K in P[number]]: typing.ValueAt<T, A, K> }, A>
  >;
  valuesList<const P extends readonly (string | Expression)[]>(
    ...paths: P & typing.PathsOf<T, A, P>
  ): NoInfer<QuerySet<T, typing.ValuesAt<T, A, P>, A>>;
  valuesList(...given: readonly unknown[]): never {
    const last = given[given.length - 1];
    const isOptions = typeof last === 'object' && last !== null && !isExpression(last);
    const { flat = false, named = false } = (isOptions ? last : {}) as { flat?: boolean; named?: boolean };
    const paths = (isOptions ? given.slice(0, -1) : given) as readonly (string | Expression)[];
    if (flat && named) throw new TypeError("'flat' and 'named' can't be used together.");
    if (flat && paths.length > 1) {
      throw new TypeError("'flat' is not valid when values_list is called with more than one field.");
    }
    const { names, expressions } = listNames(paths);
    return this._values(names, expressions, named ? namedReader : flat ? flatReader : listReader) as never;
  }

  /** `valuesList(path, { flat: true })`. */
  flat<const P extends string>(
    path: typing.PathOf<T, A, P>,
  ): NoInfer<QuerySet<T, typing.ValueAt<T, A, P>, A>> {
    return this._values([path as unknown as string], {}, flatReader) as never;
  }

  private _values(names: readonly string[], expressions: Named, reader: Reader<unknown>): this {
    const annotated = Object.keys(expressions).length > 0 ? this._annotate(expressions, true) : this;
    const next = annotated._step(callOf('values', names), (query) => query.setValues(names));
    next._fields = names;
    next._reader = reader;
    return next;
  }

  /**
   * Loads the rows that these foreign keys refer to, in the same statement; every one that cannot be null, without
   * names; none any more, with null.
   *
   * @throws TypeError after `values`; FieldError, when it is awaited, for what is no such relation.
   */
  selectRelated(nothing: null): this;
  selectRelated<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<QuerySet<T, Row & typing.Loaded<T, P>, A>>;
  selectRelated(...given: readonly unknown[]): never {
    const paths = given as readonly (string | null)[];
    this._notSupportCombinedQueries('select_related');
    this._notSupportValues('select_related');
    return this._step(callOf('selectRelated', paths), (query) => {
      if (paths[0] === null) query.selectRelated = false;
      else if (paths.length === 0) query.selectRelated = true;
      else query.selectRelated = relatedTree(query.selectRelated, paths as readonly string[]);
    }) as never;
  }

  /**
   * Loads the rows without these fields: each is a promise then, that loads it when somebody waits (see `fetchMode`).
   * Calls add up; with null, all fields are loaded again. A path along `selectRelated` is for the related rows.
   *
   * @throws TypeError after `values`; FieldDoesNotExist, when it is awaited.
   * @example
   * ```ts
   * for (const article of await Article.objects.defer('body')) console.log(article.headline);
   * ```
   */
  defer(nothing: null): this;
  defer<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<QuerySet<T, typing.Deferred<Row, typing.ColumnOf<T, P>>, A>>;
  defer(...given: readonly unknown[]): never {
    const paths = given as readonly (string | null)[];
    this._notSupportCombinedQueries('defer');
    this._notSupportValues('defer');
    return this._step(callOf('defer', paths), (query) => {
      if (paths[0] === null) query.deferred = [new Set(), true];
      else addDeferredLoading(query, paths as readonly string[]);
    }) as never;
  }

  /**
   * Loads these fields, the key, and no others; the last call counts. What was deferred before stays so.
   *
   * @throws TypeError after `values`; FieldDoesNotExist, when it is awaited.
   */
  only<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<
    QuerySet<T, typing.Deferred<Row, Exclude<typing.ScalarName<T>, typing.ColumnOf<T, P> | 'id'>>, A>
  >;
  only(...given: readonly unknown[]): never {
    const paths = given as readonly string[];
    this._notSupportCombinedQueries('only');
    this._notSupportValues('only');
    if (given.includes(null)) {
      throw new TypeError('Cannot pass None as an argument to only().');
    }
    if (paths.some((path) => this._shape.filteredRelations.has(path.split('__', 1)[0] as string))) {
      throw new ValueError('only() is not supported with FilteredRelation.');
    }
    return this._step(callOf('only', paths), (query) => addImmediateLoading(query, paths)) as never;
  }

  /**
   * Reads related rows of either side ahead, in one statement a relation, by the names of the properties:
   * `'books__tags'`; a `Prefetch` says which rows and where they go. None any more, with null.
   *
   * @throws ValueError for a filtered relation; when it is awaited AttributeError, ValueError for what is no relation.
   */
  prefetchRelated(nothing: null): this;
  prefetchRelated<const L extends readonly (string | Prefetch)[]>(
    ...lookups: L & typing.PrefetchPaths<Row, L>
  ): NoInfer<QuerySet<T, Row & typing.Prefetched<Row, L>, A>>;
  prefetchRelated(...given: readonly unknown[]): never {
    const lookups = given as readonly (PrefetchLookup | null)[];
    this._notSupportCombinedQueries('prefetch_related');
    const [first] = lookups;
    const wanted = lookups.filter((each): each is PrefetchLookup => each !== null);
    for (const each of wanted) {
      const path = typeof each === 'string' ? each : each.prefetchTo;
      if (this._shape.filteredRelations.has(path.split('__', 1)[0] as string)) {
        throw new ValueError('prefetch_related() is not supported with FilteredRelation.');
      }
    }
    const next = this._chain();
    next._prefetchRelatedLookups = first === null ? [] : [...this._prefetchRelatedLookups, ...wanted];
    return next as never;
  }
}
