/** Django: `django.db.models.manager`. */
import type { Model, ModelClass } from './base';
import { QuerySet } from './query';
import type { Query } from './sql/query';

/**
 * A model's `objects`: every row, and where queries begin. Subclass it to give a model queries of its own:
 *
 * ```ts
 * class ArticleManager extends models.Manager<Article> {
 *   published() { return this.filter({ pubDate__lte: new Date() }); }
 * }
 * export class Article extends models.Model {
 *   static override readonly objects = new ArticleManager(Article);
 * }
 * ```
 */
export class Manager<T extends Model> extends QuerySet<T> {
  /** @param model the class whose rows these are. */
  constructor(model: ModelClass) {
    super(model);
  }

  protected override get chainClass(): new (
    cls: ModelClass,
    query: Query,
  ) => QuerySet<T> {
    return QuerySet;
  }
}
