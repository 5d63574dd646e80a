import * as models from 'tsango/db/models';

export class Guest extends models.Model {
  static override readonly Meta = { ordering: ['-id'] };
  declare static readonly objects: models.Manager<Guest>;

  declare id: number;
  @models.CharField({ maxLength: 40, unique: true }) declare name: string;
  @models.DateTimeField({ autoNowAdd: true }) declare came: Date;
}
