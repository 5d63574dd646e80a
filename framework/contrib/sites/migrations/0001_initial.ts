import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';
import { SiteManager, simpleDomainNameValidator } from '../models';

export class Migration extends migrations.Migration {
  override dependencies = [];
  override operations = [
    new migrations.CreateModel({
      name: 'Site',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        [
          'domain',
          new models.CharField({
            maxLength: 100,
            verboseName: 'domain name',
            validators: [simpleDomainNameValidator],
          }),
        ],
        ['name', new models.CharField({ maxLength: 50, verboseName: 'display name' })],
      ],
      options: {
        ordering: ['domain'],
        dbTable: 'django_site',
        verboseName: 'site',
        verboseNamePlural: 'sites',
      },
      managers: [['objects', new SiteManager()]],
    }),
  ];
}
