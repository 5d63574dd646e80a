import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['everything', '0001_initial']];
  override operations = [
    new migrations.AddField({
      modelName: 'keyed',
      name: 'fresh',
      field: new models.BooleanField({ dbIndex: true, null: true }),
    }),
    new migrations.AddField({
      modelName: 'plain',
      name: 'more',
      field: new models.CharField({ default: 'x', maxLength: 5 }),
    }),
    new migrations.AlterField({
      modelName: 'plain',
      name: 'big',
      field: new models.BigIntegerField({ dbColumn: 'big_one', null: true }),
    }),
    new migrations.AlterField({
      modelName: 'plain',
      name: 'char',
      field: new models.CharField({
        dbIndex: true,
        helpText: 'short',
        maxLength: 40,
        verboseName: 'a text',
      }),
    }),
    new migrations.CreateModel({
      name: 'Added',
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
        ['plain', new models.ForeignKey({ onDelete: models.CASCADE, to: 'everything.plain' })],
      ],
    }),
  ];
}
