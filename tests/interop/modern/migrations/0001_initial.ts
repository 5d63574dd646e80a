import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';
import { Now, Upper } from 'tsango/db/models/functions';

export class Migration extends migrations.Migration {
  override initial = true;
  override operations = [
    new migrations.CreateModel({
      name: 'Calculated',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['price', new models.IntegerField({ dbDefault: 3 })],
        ['count', new models.IntegerField({ default: 1 })],
        [
          'total',
          new models.GeneratedField({
            blank: true,
            dbPersist: true,
            editable: false,
            expression: models.F('price').mul(models.F('count')),
            outputField: new models.IntegerField(),
          }),
        ],
        ['name', new models.CharField({ dbDefault: 'none', maxLength: 10 })],
        [
          'loud',
          new models.GeneratedField({
            blank: true,
            dbPersist: true,
            editable: false,
            expression: Upper(models.F('name')),
            outputField: new models.CharField({ maxLength: 10 }),
          }),
        ],
        ['made', new models.DateTimeField({ dbDefault: Now() })],
      ],
    }),
    new migrations.CreateModel({
      name: 'Seat',
      fields: [
        [
          'pk',
          new models.CompositePrimaryKey('row', 'place', {
            blank: true,
            editable: false,
            primaryKey: true,
            serialize: false,
          }),
        ],
        ['row', new models.CharField({ maxLength: 1 })],
        ['place', new models.IntegerField()],
      ],
    }),
    new migrations.CreateModel({
      name: 'Alike',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['name', new models.CharField({ maxLength: 10, null: true })],
      ],
      options: {
        constraints: [new models.UniqueConstraint({ fields: ['name'], nullsDistinct: false, name: 'alike' })],
      },
    }),
  ];
}
