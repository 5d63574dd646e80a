/** Managers of the recorded lists that no description holds. */
import * as models from 'tsango/db/models';

export class OrderedObjectManager extends models.Manager<models.Model> {
  override getQueryset(): models.QuerySet<models.Model> {
    return super.getQueryset().orderBy('number' as never) as never;
  }
}
