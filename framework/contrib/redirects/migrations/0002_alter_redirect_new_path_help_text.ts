import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['redirects', '0001_initial'] as const];
  override operations = [
    new migrations.AlterField({
      modelName: 'redirect',
      name: 'new_path',
      field: new models.CharField({
        blank: true,
        helpText:
          'This can be either an absolute path (as above) or a full URL starting with a scheme such as “https://”.',
        maxLength: 200,
        verboseName: 'redirect to',
      }),
    }),
  ];
}
