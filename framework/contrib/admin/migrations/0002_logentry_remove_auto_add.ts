import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['admin', '0001_initial'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'logentry',
      name: 'action_time',
      field: new models.DateTimeField({
        verboseName: 'action time',
        default: () => new Date(),
        editable: false,
      }),
    }),
  ];
}
