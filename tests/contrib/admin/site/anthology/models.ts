/** An anthology: poems in an order. */
import * as models from 'tsango/db/models';

export class Anthology extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'anthology' };
  declare static readonly objects: models.Manager<Anthology>;

  declare id: number;
  @models.CharField({ maxLength: 60 }) declare title: string;

  override toString(): string {
    return this.title;
  }
}

export class Poem extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'anthology' };
  declare static readonly objects: models.Manager<Poem>;

  declare id: number;
  @models.ForeignKey(() => Anthology, { onDelete: models.CASCADE })
  declare anthology: models.Related<Anthology>;
  declare anthologyId: number;
  @models.CharField({ maxLength: 60 }) declare title: string;
  @models.CharField({ maxLength: 10, default: 'verse' }) declare kind: string;
  @models.PositiveIntegerField({ default: 0 }) declare sortOrder: number;

  override toString(): string {
    return this.title;
  }
}

/** Numbers of all kinds. */
export class Verse extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'anthology',
    constraints: [new models.UniqueConstraint({ fields: ['poem', 'place'], name: 'one_place' })],
  };
  declare id: number;
  @models.ForeignKey(() => Poem, { onDelete: models.CASCADE })
  declare poem: models.Related<Poem>;
  @models.IntegerField() declare place: number;
  @models.IntegerField({ unique: true }) declare line: number;
  @models.SmallIntegerField() declare position: number;
  @models.FloatField() declare weight: number;
  @models.IntegerField({ editable: false }) declare fixed: number;
}
