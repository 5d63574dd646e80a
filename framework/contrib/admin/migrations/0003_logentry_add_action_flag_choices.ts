import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['admin', '0002_logentry_remove_auto_add'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'logentry',
      name: 'action_flag',
      field: new models.PositiveSmallIntegerField({
        verboseName: 'action flag',
        choices: [
          [1, 'Addition'],
          [2, 'Change'],
          [3, 'Deletion'],
        ],
      }),
    }),
  ];
}
