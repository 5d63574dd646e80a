import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { ContentTypeManager } from '../models';

export class Migration extends migrations.Migration {
  override initial = true;
  override dependencies = [];
  override operations = [
    new migrations.CreateModel({
      name: 'ContentType',
      fields: [
        [
          'id',
          new models.AutoField({
            verboseName: 'ID',
            serialize: false,
            autoCreated: true,
            primaryKey: true,
          }),
        ],
        ['name', new models.CharField({ maxLength: 100 })],
        ['app_label', new models.CharField({ maxLength: 100 })],
        ['model', new models.CharField({ maxLength: 100, verboseName: 'python model class name' })],
      ],
      options: {
        ordering: ['name'],
        dbTable: 'django_content_type',
        verboseName: 'content type',
        verboseNamePlural: 'content types',
      },
      managers: [['objects', new ContentTypeManager()]],
    }),
    new migrations.AlterUniqueTogether({
      name: 'contenttype',
      uniqueTogether: [['app_label', 'model']],
    }),
  ];
}
