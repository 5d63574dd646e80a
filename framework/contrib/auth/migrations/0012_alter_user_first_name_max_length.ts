import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0011_update_proxy_permissions'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'user',
      name: 'first_name',
      field: new models.CharField({ blank: true, maxLength: 150, verboseName: 'first name' }),
    }),
  ];
}
