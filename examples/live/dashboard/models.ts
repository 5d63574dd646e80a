import * as models from 'tsango/db/models';

/** What a sensor has measured. */
export class Reading extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['-id'] };
  declare static readonly objects: models.Manager<Reading>;

  declare id: number;
  @models.SlugField() declare sensor: string;
  @models.FloatField() declare value: number;
  @models.DateTimeField({ autoNowAdd: true }) declare at: Date;
}
