import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0004_alter_user_username_opts'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'user',
      name: 'last_login',
      field: new models.DateTimeField({ null: true, verboseName: 'last login', blank: true }),
    }),
  ];
}
