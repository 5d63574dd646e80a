import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0001_initial'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'permission',
      name: 'name',
      field: new models.CharField({ maxLength: 255, verboseName: 'name' }),
    }),
  ];
}
