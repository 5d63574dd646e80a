import * as migrations from '../../../db/migrations';
import * as models from '../../../db/models';

export class Migration extends migrations.Migration {
  override dependencies = [['sites', '0001_initial'] as const];
  override operations = [
    new migrations.CreateModel({
      name: 'FlatPage',
      fields: [
        [
          'id',
          new models.AutoField({ verboseName: 'ID', serialize: false, autoCreated: true, primaryKey: true }),
        ],
        ['url', new models.CharField({ maxLength: 100, verboseName: 'URL', dbIndex: true })],
        ['title', new models.CharField({ maxLength: 200, verboseName: 'title' })],
        ['content', new models.TextField({ verboseName: 'content', blank: true })],
        ['enable_comments', new models.BooleanField({ default: false, verboseName: 'enable comments' })],
        [
          'template_name',
          new models.CharField({
            helpText:
              'Example: “flatpages/contact_page.html”. If this isn’t provided, the system will use “flatpages/default.html”.',
            maxLength: 70,
            verboseName: 'template name',
            blank: true,
          }),
        ],
        [
          'registration_required',
          new models.BooleanField({
            default: false,
            helpText: 'If this is checked, only logged-in users will be able to view the page.',
            verboseName: 'registration required',
          }),
        ],
        ['sites', new models.ManyToManyField('sites.Site', { verboseName: 'sites' })],
      ],
      options: {
        ordering: ['url'],
        dbTable: 'django_flatpage',
        verboseName: 'flat page',
        verboseNamePlural: 'flat pages',
      },
    }),
  ];
}
