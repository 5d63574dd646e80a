import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';

export class Migration extends migrations.Migration {
  override initial = true;
  override dependencies = [];
  override operations = [
    new migrations.CreateModel({
      name: 'Note',
      fields: [
        ['id', new models.BigAutoField({ primaryKey: true, serialize: false })],
        ['author', new models.CharField({ maxLength: 60 })],
        ['text', new models.CharField({ maxLength: 200 })],
        ['created', new models.DateTimeField()],
      ],
    }),
  ];
}
