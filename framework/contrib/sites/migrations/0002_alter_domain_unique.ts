import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { simpleDomainNameValidator } from '../models';

export class Migration extends migrations.Migration {
  override dependencies = [['sites', '0001_initial'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'site',
      name: 'domain',
      field: new models.CharField({
        maxLength: 100,
        unique: true,
        validators: [simpleDomainNameValidator],
        verboseName: 'domain name',
      }),
    }),
  ];
}
