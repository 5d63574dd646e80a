/**
 * The types of queries. A path is checked where it is written, and never enumerated: what the compiler has to do grows
 * with the queries, not with the models.
 */

import type { Aggregate, OfPath } from './aggregates';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import type { FExpression } from './expressions/value';
import type { Window } from './expressions/window';
import type { SamePath } from './functions/callable';
import type { DatePart, RegisteredLookups } from './lookups/names';
import type { AnyQuerySet, Prefetch } from './prefetch';
import type { Q } from './q';

/** What a foreign key's property holds: the row where it is loaded, a promise of it where it is not. */
export type Related<M extends Model> = M | Promise<M>;
/** The same for `null: true`. */
export type RelatedOrNull<M extends Model> = M | null | Promise<M | null>;

/** Only for types: the model of the rows that a related manager manages. */
export declare const TARGET: unique symbol;

/** Rows that a path leads to through a property that is a list of them, or manages them. */
type TargetOf<V> = V extends readonly (infer R extends Model)[]
  ? R
  : V extends { readonly [TARGET]: infer R extends Model }
    ? R
    : Extract<V, Model>;

type Prev = [never, 0, 1, 2, 3, 4, 5, 6];
/** So many relations a path is followed; what goes farther is `unknown`, not an error. */
export type MaxDepth = 6;

type TextLookup =
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'regex'
  | 'iregex';
type OrderLookup = 'gt' | 'gte' | 'lt' | 'lte';

/** Something in a query that cannot be: the message is the type. */
export interface QueryError<Message extends string> {
  readonly QueryError: Message;
}

/** What may stand on the right of `exact`. A relation takes an instance or its key. */
export type Operand<V> = [TargetOf<V>] extends [never]
  ? V | Expression
  : TargetOf<V> | string | number | bigint | Expression;
type Plain<V> = Exclude<Awaited<V>, null | undefined>;

type LookupValue<V, L extends string> = L extends 'exact'
  ? Operand<V> | null
  : L extends 'in'
    ? Iterable<Operand<V> | null> | AnyQuery
    : L extends 'isnull'
      ? boolean
      : L extends 'range'
        ? readonly [Operand<V>, Operand<V>]
        : L extends OrderLookup
          ? Operand<V>
          : L extends TextLookup
            ? TextOperand<V>
            : L extends keyof RegisteredLookups
              ? RegisteredLookups[L]
              : V extends string
                ? OfText<L>
                : V extends number | boolean | bigint | Uint8Array | Model
                  ? OfTransform<L>
                  : unknown;
/** A list contains items, a range values and ranges, a text a text. */
type TextOperand<V> = V extends readonly unknown[]
  ? V | Expression
  : V extends { readonly bounds: string }
    ? unknown
    : string | Expression;
/** Days and times are texts, too: what can be taken of them can be asked of a text. */
type OfText<L extends string> = L extends `${infer Head}__${infer Rest}`
  ? Head extends DatePart
    ? LookupValue<number, Rest>
    : OfTransform<L>
  : L extends DatePart
    ? number | Expression
    : OfTransform<L>;
/** What a site's own transforms give is not known. */
type OfTransform<L extends string> = L extends `${infer Head}__${string}`
  ? Head extends keyof RegisteredLookups
    ? unknown
    : QueryError<`Unsupported lookup '${L}'`>
  : QueryError<`Unsupported lookup '${L}'`>;

/** Any query, as an operand. */
export interface AnyQuery {
  readonly query: object;
  then: unknown;
}

/** The type that the value of a filter's key must have. */
export type FilterValue<T, K extends string, D extends number = MaxDepth> = K extends keyof T
  ? Operand<Plain<T[K]>> | AnyQueryOf<T[K]> | null
  : K extends 'pk' | `pk__${string}`
    ? unknown
    : K extends `${infer Head}__${infer Rest}`
      ? Head extends keyof T
        ? D extends 0
          ? unknown
          : Step<T[Head], Rest, D>
        : `${Head}Set` extends keyof T
          ? D extends 0
            ? unknown
            : Step<T[`${Head}Set`], Rest, D>
          : Unresolved<T, Head>
      : `${K}Set` extends keyof T
        ? Operand<Plain<T[`${K}Set`]>> | AnyQueryOf<T[`${K}Set`]> | null
        : Unresolved<T, K>;
type AnyQueryOf<V> = [TargetOf<Plain<V>>] extends [never] ? never : AnyQuery;
/** A name that the class does not declare: what refers to a model may be declared nowhere. */
type Unresolved<T, K extends string> = string extends keyof T
  ? unknown
  : QueryError<`Cannot resolve keyword '${K}' into field`>;
type Step<V, Rest extends string, D extends number> = [TargetOf<Plain<V>>] extends [never]
  ? LookupValue<Plain<V>, Rest>
  : Rest extends RelationLookup
    ? LookupValue<Plain<V>, Rest>
    : FilterValue<TargetOf<Plain<V>>, Rest, Prev[D]>;
type RelationLookup = 'exact' | 'in' | 'isnull' | OrderLookup | 'range';

/**
 * Conditions whose keys are checked one by one: annotations first, then the model's paths. Keys that are known only when
 * it runs are checked then.
 */
export type Checked<T, F, A> = {
  [K in keyof F]: K extends string
    ? string extends K
      ? unknown
      : K extends keyof A
        ? Operand<Plain<A[K]>> | null
        : K extends `${infer Head}__${infer L}`
          ? Head extends keyof A
            ? LookupValue<Plain<A[Head]>, L>
            : FilterValue<T, K>
          : FilterValue<T, K>
    : never;
};

/** The type of the value of a path, as `values()` gives it: a relation is its key. */
export type PathValue<T, P extends string, D extends number = MaxDepth> = P extends keyof T
  ? ValueOf<T[P]>
  : P extends `${infer Head}__${infer Rest}`
    ? Head extends keyof T
      ? D extends 0
        ? unknown
        : [TargetOf<Plain<T[Head]>>] extends [never]
          ? unknown
          : PathValue<TargetOf<Plain<T[Head]>>, Rest, Prev[D]> | NullOf<T[Head]>
      : `${Head}Set` extends keyof T
        ? D extends 0
          ? unknown
          : [TargetOf<Plain<T[`${Head}Set`]>>] extends [never]
            ? unknown
            : PathValue<TargetOf<Plain<T[`${Head}Set`]>>, Rest, Prev[D]> | NullOf<T[`${Head}Set`]>
        : unknown
    : `${P}Set` extends keyof T
      ? ValueOf<T[`${P}Set`]>
      : unknown;
type NullOf<V> = V extends readonly unknown[] | { readonly [TARGET]: unknown }
  ? null
  : null extends Awaited<V>
    ? null
    : never;
type KeyOf<M> = M extends { id: infer K } ? K : unknown;
type ValueOf<V> = [TargetOf<Plain<V>>] extends [never] ? V : KeyOf<TargetOf<Plain<V>>> | NullOf<V>;

/** The names of a model's values: what is not a method, nor what every model has. */
export type FieldName<T> = {
  [K in Exclude<keyof T, keyof Model> & string]: T[K] extends (...args: never[]) => unknown ? never : K;
}[Exclude<keyof T, keyof Model> & string];

/** `P` itself where it is a path of T, else the choices, as Django's error lists them. `story` is a relation without a name of its own, whose property is `storySet`. */
export type Path<T, P extends string, D extends number = MaxDepth> = P extends keyof T | 'pk'
  ? P
  : P extends `${infer Head}__${infer Rest}`
    ? Head extends keyof T
      ? D extends 0
        ? P
        : [TargetOf<Plain<T[Head]>>] extends [never]
          ? P
          : `${Head}__${Path<TargetOf<Plain<T[Head]>>, Rest, Prev[D]>}`
      : `${Head}Set` extends keyof T
        ? D extends 0
          ? P
          : `${Head}__${Path<TargetOf<Plain<T[`${Head}Set`]>>, Rest, Prev[D]>}`
        : FieldName<T> | 'pk'
    : `${P}Set` extends keyof T
      ? P
      : FieldName<T> | 'pk';

/** The name of an annotation, or a path from it: a filtered relation's, a transform's. */
type PathFrom<A> = (keyof A & string) | `${keyof A & string}__${string}`;

/** A path of the model, or from an annotation. */
export type PathOf<T, A, P extends string> = P extends PathFrom<A> ? P : Path<T, P>;
/** What `orderBy` takes. */
export type OrderOf<T, A, P extends string> = P extends '?'
  ? P
  : P extends `-${infer Rest}`
    ? Rest extends PathFrom<A>
      ? P
      : `-${Path<T, Rest>}`
    : PathOf<T, A, P>;
/** The value of a path or an annotation. */
export type ValueAt<T, A, P extends string> = P extends keyof A ? A[P] : PathValue<T, P>;

type AnnotationValue<T, E> =
  E extends Window<infer Over>
    ? AnnotationValue<T, Over>
    : E extends OfPath<infer P> | SamePath<infer P>
      ? PathValue<T, P> | null
      : E extends FExpression<infer P>
        ? PathValue<T, P>
        : E extends Aggregate<infer V>
          ? V
          : E extends Expression<infer V>
            ? V
            : E extends Q
              ? boolean
              : unknown;
/** The values of annotations. */
export type Annotations<T, E> = { readonly [K in keyof E]: AnnotationValue<T, E[K]> };

/** A row whose named relations are there. */
export type Loaded<T, P extends string> = {
  readonly [K in Heads<P> & keyof T]: LoadedValue<T[K], Tails<P, K & string>>;
};
type Heads<P extends string> = P extends `${infer Head}__${string}` ? Head : P;
type Tails<P extends string, H extends string> = P extends `${H}__${infer Rest}` ? Rest : never;
type LoadedValue<V, Tail extends string> = [Tail] extends [never]
  ? Exclude<Awaited<V>, undefined>
  : (TargetOf<Plain<V>> & Loaded<TargetOf<Plain<V>>, Tail>) | NullOf<V>;

/** The property that a path's own column has: of a relation that of the key; none of a path along relations. */
export type ColumnOf<T, P extends string> = P extends `${string}__${string}`
  ? never
  : [TargetOf<Plain<T[P & keyof T]>>] extends [never]
    ? P
    : `${P}Id`;
/** The names of values that are no related rows. */
export type ScalarName<T> = {
  [K in FieldName<T>]: [TargetOf<Plain<T[K]>>] extends [never] ? K : never;
}[FieldName<T>];
/** A row some of whose fields may not be loaded: `await` gives their values. */
export type Deferred<Row, K extends PropertyKey> = Omit<Row, K> & {
  [N in K & keyof Row]: Row[N] | Promise<Row[N]>;
};

/** The paths of a list, one by one; expressions are taken as they are. */
export type PathsOf<T, A, P extends readonly unknown[]> = {
  readonly [I in keyof P]: P[I] extends string ? PathOf<T, A, P[I]> : P[I];
};
/** The values of a list of paths. */
export type ValuesAt<T, A, P extends readonly unknown[]> = {
  -readonly [I in keyof P]: P[I] extends string ? ValueAt<T, A, P[I]> : AnnotationValue<T, P[I]>;
};
/** Annotations that named themselves. */
export type Unnamed = { readonly [name: `${string}__${string}`]: unknown };

/** What `create` takes: the values of fields, and what else the class can be given. */
export type Create<T> = {
  [K in Exclude<keyof T, keyof Model>]?: T[K] extends (...args: never[]) => unknown
    ? never
    : Awaited<T[K]> | Expression;
} & { pk?: unknown };

/** What the editor offers within `filter({ })`: the fields with their lookups, and one relation further. */
export type Suggested<T> = {
  readonly [K in FieldName<T> | Nested<T, FieldName<T>> | 'pk' | 'pk__in']?: unknown;
};
type Nested<T, K extends keyof T & string> = K extends unknown
  ? [TargetOf<Plain<T[K]>>] extends [never]
    ? `${K}__${LookupsOf<Plain<T[K]>>}`
    : `${K}__${FieldName<TargetOf<Plain<T[K]>>> | 'in' | 'isnull'}`
  : never;
type LookupsOf<V> =
  | 'in'
  | 'isnull'
  | (V extends string
      ? TextLookup
      : V extends boolean
        ? never
        : V extends Date
          ? OrderLookup | 'range' | 'year' | 'month' | 'day' | 'date'
          : OrderLookup | 'range');

/** What `update` takes: values, and expressions over the row. */
export type UpdateValues<T, U> = {
  [K in keyof U]: K extends keyof T
    ? Operand<Plain<T[K]>> | (null extends Awaited<T[K]> ? null : never)
    : QueryError<`Cannot resolve keyword '${K & string}' into field`>;
};

/** What is read ahead: the names of properties, one by one. */
export type PrefetchPaths<Row, L extends readonly unknown[]> = {
  readonly [I in keyof L]: L[I] extends string ? Path<Row, L[I]> : unknown;
};
/** The lists that `toAttr` names. */
export type Prefetched<Row, L extends readonly unknown[]> = L extends readonly [infer Head, ...infer Rest]
  ? (Head extends Prefetch<infer P, infer Q, infer A> ? ToAttr<Row, P, Q, A> : unknown) &
      Prefetched<Row, Rest>
  : unknown;
/** Of a path of several steps it is the rows on the way that get it. */
type ToAttr<Row, P extends string, Q, A extends string> = string extends A
  ? unknown
  : P extends `${string}__${string}`
    ? unknown
    : { readonly [K in A]: PrefetchedValue<P extends keyof Row ? Row[P] : unknown, Q> };
type PrefetchedValue<V, Q> = V extends { readonly [TARGET]: infer M }
  ? GivenRows<Q, M>[]
  : GivenRows<Q, TargetOf<Plain<V>>> | null;
type GivenRows<Q, M> = AnyQuerySet extends Q ? M : Q extends PromiseLike<readonly (infer R)[]> ? R : M;
