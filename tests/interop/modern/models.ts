/** What Django has since 5.0, and 5.2: the models of ../migrations_django/modern. */
import * as models from 'tsango/db/models';
import { Now, Upper } from 'tsango/db/models/functions';

const { F } = models;

export class Calculated extends models.Model {
  @models.IntegerField({ dbDefault: 3 }) declare price: number;
  @models.IntegerField({ default: 1 }) declare count: number;
  @models.GeneratedField({
    expression: F('price').mul(F('count')),
    outputField: new models.IntegerField(),
    dbPersist: true,
  })
  declare readonly total: number;
  @models.CharField({ maxLength: 10, dbDefault: 'none' }) declare name: string;
  @models.GeneratedField({
    expression: Upper('name'),
    outputField: new models.CharField({ maxLength: 10 }),
    dbPersist: true,
  })
  declare readonly loud: string;
  @models.DateTimeField({ dbDefault: Now() }) declare made: Date;
}

export class Alike extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    constraints: [new models.UniqueConstraint({ fields: ['name'], name: 'alike', nullsDistinct: false })],
  };
  @models.CharField({ maxLength: 10, null: true }) declare name: string | null;
}

export class Seat extends models.Model {
  @models.CompositePrimaryKey('row', 'place') declare pk: [string, number];
  @models.CharField({ maxLength: 1 }) declare row: string;
  @models.IntegerField() declare place: number;
}
