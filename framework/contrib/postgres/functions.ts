/** Django: `django.contrib.postgres.functions`. */
import { Func } from '../../db/models/expressions/func';
import { DateTimeField } from '../../db/models/fields/dates';
import { UUIDField } from '../../db/models/fields/others';
import { callable } from '../../db/models/functions/callable';

class RandomUUIDFunction extends Func<string> {
  protected override readonly template = 'GEN_RANDOM_UUID()';

  protected override resolveOutputField(): UUIDField {
    return new UUIDField();
  }
}

class TransactionNowFunction extends Func<Date> {
  protected override readonly template = 'CURRENT_TIMESTAMP';

  protected override resolveOutputField(): DateTimeField {
    return new DateTimeField();
  }
}

/** A UUID of the server's, version 4. @example `Article.objects.update({ uuid: RandomUUID() })` */
export const RandomUUID = callable(RandomUUIDFunction);

/** When the transaction began, where `Now()` is when the statement did. @example `Article.objects.update({ published: TransactionNow() })` */
export const TransactionNow = callable(TransactionNowFunction);
