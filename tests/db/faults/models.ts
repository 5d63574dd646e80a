/** The models that are written while something goes wrong. */
import * as models from 'tsango/db/models';

/** A sum that has to stay the same. */
export class Account extends models.Model {
  static override readonly Meta = { appLabel: 'faults' };
  declare static readonly objects: models.Manager<Account>;
  declare id: number;
  @models.CharField({ maxLength: 40, unique: true }) declare name: string;
  @models.IntegerField({ default: 0 }) declare amount: number;
}

/** What refers to it. */
export class Entry extends models.Model {
  static override readonly Meta = { appLabel: 'faults' };
  declare static readonly objects: models.Manager<Entry>;
  declare id: number;
  @models.ForeignKey(() => Account, { onDelete: models.CASCADE }) declare account: models.Related<Account>;
}
