import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0008_alter_user_username_max_length'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'user',
      name: 'last_name',
      field: new models.CharField({ blank: true, maxLength: 150, verboseName: 'last name' }),
    }),
  ];
}
