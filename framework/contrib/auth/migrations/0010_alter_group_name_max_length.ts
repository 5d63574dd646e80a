import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0009_alter_user_last_name_max_length'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'group',
      name: 'name',
      field: new models.CharField({ maxLength: 150, unique: true, verboseName: 'name' }),
    }),
  ];
}
