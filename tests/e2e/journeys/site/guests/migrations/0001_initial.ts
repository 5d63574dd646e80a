import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';

export class Migration extends migrations.Migration {
  override initial = true;
  override operations = [
    new migrations.CreateModel({
      name: 'Guest',
      fields: [
        ['id', new models.BigAutoField({ primaryKey: true })],
        ['name', new models.CharField({ maxLength: 40, unique: true })],
        ['came', new models.DateTimeField({ autoNowAdd: true })],
      ],
      options: { ordering: ['-id'] },
    }),
  ];
}
