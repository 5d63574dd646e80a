/** What views of one object and of several have in common. */
import { ImproperlyConfigured } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import type { Options } from '../../db/models/options';
import type { QuerySet } from '../../db/models/query';
import type { RowSource } from './types';

/** The rows of a view's `queryset`, or of its `model`, anew. @throws ImproperlyConfigured if it has neither */
export function rowsOf<M extends Model>(view: {
  readonly queryset: RowSource<M> | readonly object[] | null;
  readonly model: ModelClass<M> | null;
}): QuerySet<M> {
  const { queryset, model } = view;
  if (queryset !== null) {
    return (Array.isArray(queryset) ? queryset : (queryset as RowSource<M>).all()) as QuerySet<M>;
  }
  if (model !== null) return model._defaultManager.all() as unknown as QuerySet<M>;
  const name = view.constructor.name;
  throw new ImproperlyConfigured(
    `${name} is missing a QuerySet. Define ${name}.model, ${name}.queryset, or override ${name}.getQueryset().`,
  );
}

/** What is known of the class of a row, or of the rows of a query; undefined for anything else. */
export function metaOf(object: unknown): Options | undefined {
  if (object === null || typeof object !== 'object') return undefined;
  const { model } = object as { model?: { _meta?: Options } };
  return model?._meta ?? (object.constructor as { _meta?: Options })._meta;
}

/** `library/book_list.html`. */
export function templateOf(meta: Options, suffix: string): string {
  return `${meta.appLabel}/${meta.modelName}${suffix}.html`;
}

/** What a body gives, or `null` where the class names no template. */
export function unlessUnconfigured<T>(body: () => T): T | null {
  try {
    return body();
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return null;
    throw error;
  }
}
