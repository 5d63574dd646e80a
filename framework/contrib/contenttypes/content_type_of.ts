/** The content type that a condition or a row has, known or not. */
import type { Model } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import type { Expression } from '../../db/models/expressions/base';
import { Col } from '../../db/models/expressions/col';
import type { Field } from '../../db/models/fields/base';
import type { ForeignKey } from '../../db/models/fields/related';
import { Exact, In } from '../../db/models/lookups/builtin';
import type { Options } from '../../db/models/options';
import type { Query } from '../../db/models/sql/query';
import { isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { ContentType } from './models';

/** The content type of a model, on a database. */
export function contentTypeOf(model: Options, using: string | undefined): MaybePromise<ContentType> {
  return ContentType.objects.dbManager(using).forOptions(model);
}

/** The same as a row of the model that a field refers to: in the code of migrations that is one of the past. */
export function relatedType(field: Field, model: Options, using: string | undefined): MaybePromise<Model> {
  return then(contentTypeOf(model, using), (found): Model => {
    const cls = classOf((field as ForeignKey).remoteModel);
    if ((found as Model) instanceof cls) return found;
    const { id, appLabel, model: name } = found;
    return cls.fromDb(found._state.db, ['id', 'appLabel', 'model'], [id, appLabel, name]);
  });
}

/**
 * The id of a model's content type, where it is known or can be had at once; else a query for it, while it is being
 * read for the next time.
 */
export function idOrQuery(model: Options, using: string | undefined): number | Query {
  const type = contentTypeOf(model, using);
  if (!isPromise(type)) return type.id;
  // Whoever asks the database meets its failure.
  type.catch(() => undefined);
  const { appLabel, modelName } = model;
  const { query } = ContentType.objects.filter({ appLabel, model: modelName }).values('id');
  query.subquery = true;
  return query;
}

/** The condition that rows are of a model's content type. */
export function isOfType(field: Field, alias: string, model: Options): Expression {
  const column = new Col(alias, field);
  const type = idOrQuery(model, undefined);
  return typeof type === 'number' ? new Exact(column, type) : new In(column, type);
}

/** The same as what `filter` takes. */
export function typeFilter(name: string, model: Options, using: string | undefined): Record<string, unknown> {
  const type = idOrQuery(model, using);
  return typeof type === 'number' ? { [name]: type } : { [`${name}__in`]: type };
}
