import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { UnicodeUsernameValidator } from '../validators';

export class Migration extends migrations.Migration {
  override dependencies = [['auth', '0006_require_contenttypes_0002'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'user',
      name: 'username',
      field: new models.CharField({
        errorMessages: { unique: 'A user with that username already exists.' },
        helpText: 'Required. 30 characters or fewer. Letters, digits and @/./+/-/_ only.',
        maxLength: 30,
        unique: true,
        validators: [new UnicodeUsernameValidator()],
        verboseName: 'username',
      }),
    }),
  ];
}
