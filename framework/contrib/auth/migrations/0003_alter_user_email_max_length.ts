import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0002_alter_permission_name_max_length'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'user',
      name: 'email',
      field: new models.EmailField({ maxLength: 254, verboseName: 'email address', blank: true }),
    }),
  ];
}
