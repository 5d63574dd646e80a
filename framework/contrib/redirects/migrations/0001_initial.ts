import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['sites', '0001_initial'] as const];
  override operations = [
    new migrations.CreateModel({
      name: 'Redirect',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['site', new models.ForeignKey('sites.Site', { onDelete: models.CASCADE, verboseName: 'site' })],
        [
          'old_path',
          new models.CharField({
            helpText:
              'This should be an absolute path, excluding the domain name. Example: “/events/search/”.',
            maxLength: 200,
            verboseName: 'redirect from',
            dbIndex: true,
          }),
        ],
        [
          'new_path',
          new models.CharField({
            helpText: 'This can be either an absolute path (as above) or a full URL starting with “http://”.',
            maxLength: 200,
            verboseName: 'redirect to',
            blank: true,
          }),
        ],
      ],
      options: {
        ordering: ['oldPath'],
        uniqueTogether: [['site', 'old_path']],
        dbTable: 'django_redirect',
        verboseName: 'redirect',
        verboseNamePlural: 'redirects',
      },
    }),
  ];
}
