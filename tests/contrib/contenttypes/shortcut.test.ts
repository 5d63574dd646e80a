/** The page of any row, by its content type. */
import '../../db/settings';
import { ContentType } from 'tsango/contrib/contenttypes';
import { shortcut } from 'tsango/contrib/contenttypes/views';
import * as models from 'tsango/db/models';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

class Page extends models.Model {
  static override readonly Meta = { appLabel: 'shortcuts' };
  declare static readonly objects: models.Manager<Page>;
  @models.CharField({ maxLength: 100 }) declare address: string;
  getAbsoluteUrl(): string {
    return this.address;
  }
}
class Note extends models.Model {
  static override readonly Meta = { appLabel: 'shortcuts' };
  declare static readonly objects: models.Manager<Note>;
  @models.CharField({ maxLength: 100 }) declare text: string;
}

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [ContentType, Page, Note], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    ROOT_URLCONF: {
      urlpatterns: [path('r/<int:content_type_id>/<path:object_id>/', shortcut, { name: 'view_on_site' })],
    },
  },
  rows: async () => {
    ContentType.objects.clearCache();
    for (const [id, model] of [
      [1, 'page'],
      [2, 'note'],
      [3, 'forgotten'],
    ] as const)
      await ContentType.objects.create({ id, appLabel: 'shortcuts', model });
    for (const address of ['/pages/1/', 'https://example.com/2/', '//example.com/3/'])
      await Page.objects.create({ address });
    await Note.objects.create({ text: 'no page' });
  },
});

it.each([
  ['1/1', 'http://testserver/pages/1/'],
  ['1/2', 'https://example.com/2/'],
  ['1/3', '//example.com/3/'],
])('leads to the page of %s: %s', async (what, location) => {
  const response = await new Client().get(`/r/${what}/`);
  expect([response.statusCode, response.headers.get('Location')]).toEqual([302, location]);
});

it('leads to the scheme of the request', async () => {
  const response = await new Client().get('/r/1/1/', null, { secure: true });
  expect(response.headers.get('Location')).toBe('https://testserver/pages/1/');
});

it.each([
  ['a row without a page', '2/1'],
  ['no row', '1/100'],
  ['no key', '1/a'],
  ['no key but a path', '1/a/b'],
  ['a type without a model', '3/1'],
  ['no type', '4/1'],
])('404 for %s', async (_what, which) => {
  expect((await new Client().get(`/r/${which}/`)).statusCode).toBe(404);
});
