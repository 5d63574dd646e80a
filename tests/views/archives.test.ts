/** Archives by date and time, with time zones and without. */
import '../db/settings';
import { overrideSettings } from 'tsango/conf';
import * as models from 'tsango/db/models';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { YearArchiveView } from 'tsango/views/generic';
import { useTables } from '../support/model_tables';
import { SQLITE_ENGINE } from '../support/sqlite';

class Signing extends models.Model {
  static override readonly Meta = { appLabel: 'archives' };
  declare static readonly objects: models.Manager<Signing>;
  @models.DateTimeField() declare eventDate: Date;
}

class Year extends YearArchiveView<Signing> {
  override model = Signing;
  override dateField = 'eventDate';
  override templateName = 'year.html';
}

const SOURCE =
  '{% if next_year %}{{ next_year|date:"Y" }} {% endif %}{% for date in date_list %}{{ date|date:"c" }} {% endfor %}{{ date_list }}';

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Signing], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    TIME_ZONE: 'America/Chicago',
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        OPTIONS: { loaders: [['django.template.loaders.locmem.Loader', { 'year.html': SOURCE }]] },
      },
    ],
    ROOT_URLCONF: { urlpatterns: [path('<int:year>/', Year.asView())] },
  },
  rows: async () => {
    for (const time of ['2008-04-02T12:00:00Z', '2010-04-02T12:00:00Z'])
      await Signing.objects.create({ eventDate: new Date(time) });
  },
});

it.each([
  [
    true,
    '2010 2008-04-01T00:00:00-05:00 &lt;QuerySet [datetime.datetime(2008, 4, 1, 0, 0, tzinfo=zoneinfo.ZoneInfo(key=&#x27;America/Chicago&#x27;))]&gt;',
  ],
  [false, '2010 2008-04-01T00:00:00 &lt;QuerySet [datetime.datetime(2008, 4, 1, 0, 0)]&gt;'],
])('USE_TZ %s: the list of dates has zones or none', async (USE_TZ, page) => {
  await overrideSettings({ USE_TZ }, async () => {
    expect((await new Client().get('/2008/')).text).toBe(page);
  });
});
