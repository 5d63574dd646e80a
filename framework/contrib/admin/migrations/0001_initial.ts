import { settings } from '../../../conf';
import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { LogEntryManager } from '../models';

export class Migration extends migrations.Migration {
  override dependencies = [
    migrations.swappableDependency(settings.AUTH_USER_MODEL),
    ['contenttypes', '__first__'] as const,
  ];
  override operations = [
    new migrations.CreateModel({
      name: 'LogEntry',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['action_time', new models.DateTimeField({ autoNow: true, verboseName: 'action time' })],
        ['object_id', new models.TextField({ null: true, verboseName: 'object id', blank: true })],
        ['object_repr', new models.CharField({ maxLength: 200, verboseName: 'object repr' })],
        ['action_flag', new models.PositiveSmallIntegerField({ verboseName: 'action flag' })],
        ['change_message', new models.TextField({ verboseName: 'change message', blank: true })],
        [
          'content_type',
          new models.ForeignKey('contenttypes.ContentType', {
            onDelete: models.SET_NULL,
            blank: true,
            null: true,
            verboseName: 'content type',
          }),
        ],
        [
          'user',
          new models.ForeignKey(settings.AUTH_USER_MODEL, { onDelete: models.CASCADE, verboseName: 'user' }),
        ],
      ],
      options: {
        ordering: ['-actionTime'],
        dbTable: 'django_admin_log',
        verboseName: 'log entry',
        verboseNamePlural: 'log entries',
      },
      managers: [['objects', new LogEntryManager()]],
    }),
  ];
}
