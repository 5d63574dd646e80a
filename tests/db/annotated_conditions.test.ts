/** Conditions as annotations. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';

class Page extends models.Model {
  static override readonly Meta = { appLabel: 'pages' };
  declare static readonly objects: models.Manager<Page>;
  declare id: number;
  @models.IntegerField() declare lines: number;
}

describe('a Q as an annotation', () => {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    restore = overrideSettings({
      DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
      INSTALLED_APPS: [],
    });
    apps.populate();
    await connections
      .get()
      .schemaEditor()
      .run((editor) => editor.createModel(Page._meta));
    for (const lines of [10, 20, 30]) await Page.objects.create({ lines });
  });
  afterAll(async () => {
    await restore();
    apps.reset();
  });

  it('is true or false of each row, and can be asked for', async () => {
    const long = Page.objects.annotate({ long: new models.Q({ lines__gte: 20 }) });
    const values: boolean[] = (await long.orderBy('id')).map((page) => page.long);
    expect(values).toEqual([false, true, true]);
    expect(await long.filter({ long: true }).count()).toBe(2);
  });
});
