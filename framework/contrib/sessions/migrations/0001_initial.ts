import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override initial = true;
  override dependencies = [];
  override operations = [
    new migrations.CreateModel({
      name: 'Session',
      fields: [
        [
          'session_key',
          new models.CharField({
            verboseName: 'session key',
            maxLength: 40,
            primaryKey: true,
            serialize: false,
          }),
        ],
        ['session_data', new models.TextField({ verboseName: 'session data' })],
        ['expire_date', new models.DateTimeField({ verboseName: 'expire date', dbIndex: true })],
      ],
      options: {
        dbTable: 'django_session',
        verboseName: 'session',
        verboseNamePlural: 'sessions',
      },
    }),
  ];
}
