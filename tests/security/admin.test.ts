/** Django's advisories about the admin: what whoever may see a page can make of it that he may not. */
import { configure } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import { User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { GenericForeignKey } from 'tsango/contrib/contenttypes/fields';
import * as models from 'tsango/db/models';
import { Client } from 'tsango/test';
import { library, useLibrary } from '../contrib/admin/support';
import { createTables } from '../support/model_tables';

const Meta: models.MetaOptions = { appLabel: 'library' };

class Note extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Note>;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare contentType: models.Related<ContentType>;
  @models.PositiveIntegerField() declare objectId: number;
  @models.TextField() declare text: string;
  @GenericForeignKey() declare of: models.RelatedOrNull<models.Model>;
}

class Link extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Link>;
  declare id: number;
  @models.URLField() declare url: string;
}

configure({ SECRET_KEY: 'not a secret' });
useLibrary();

/** A client that is logged in as staff with some permissions alone. */
async function clerk(
  ...permissions: readonly (readonly [action: string, model: typeof models.Model])[]
): Promise<Client> {
  const { Permission } = require('tsango/contrib/auth/models') as typeof import('tsango/contrib/auth/models');
  await User.objects.all().delete();
  const user = await User.objects.createUser('clerk', null, 'secret', { isStaff: true });
  for (const [action, model] of permissions) {
    const [permission] = await Permission.objects.getOrCreate({
      codename: `${action}_${model._meta.modelName}`,
      contentType: await ContentType.objects.getForModel(model),
    });
    await user.userPermissions.add(permission);
  }
  const client = new Client();
  await client.forceLogin(user);
  return client;
}

beforeAll(async () => {
  const { GenericTabularInline } =
    require('tsango/contrib/contenttypes/admin') as typeof import('tsango/contrib/contenttypes/admin');
  class NoteInline extends GenericTabularInline<Note> {
    override readonly model = Note;
  }
  await createTables([Note, Link]);
  admin.site.unregister(library.Tag);
  admin.site.register(library.Tag, { inlines: [NoteInline] });
  admin.site.register(Link, { listDisplay: ['id', 'url'] });
});
afterEach(async () => {
  await Note.objects.all().delete();
});

const PREFIX = 'library-note-content_type-object_id';

/** The page of a tag as a form sends it, with a note that is new. */
const withNote = (text: string): Record<string, string> => ({
  word: 'loud',
  [`${PREFIX}-TOTAL_FORMS`]: '1',
  [`${PREFIX}-INITIAL_FORMS`]: '0',
  [`${PREFIX}-0-text`]: text,
});

it('CVE-2026-4277: nobody adds by a generic inline what he may not add', async () => {
  const tag = await library.Tag.objects.create({ word: 'quiet' });
  const url = `/admin/library/tag/${tag.id}/change/`;
  const reader = await clerk(['change', library.Tag], ['view', Note]);
  expect((await reader.post(url, withNote('forged'))).statusCode).toBe(302);
  expect(await Note.objects.count()).toBe(0);
  expect((await library.Tag.objects.get({ pk: tag.id })).word).toBe('loud');
  const editor = await clerk(['change', library.Tag], ['view', Note], ['change', Note]);
  await editor.post(url, withNote('forged'));
  expect(await Note.objects.count()).toBe(0);
  const writer = await clerk(['change', library.Tag], ['add', Note]);
  await writer.post(url, withNote('allowed'));
  const note = await Note.objects.get({});
  expect([note.text, await note.of]).toEqual(['allowed', expect.objectContaining({ id: tag.id })]);
});

it('CVE-2026-4292: a list whose rows can be edited makes no new ones', async () => {
  const ada = await library.Author.objects.create({ name: 'Ada' });
  const client = await clerk(['view', library.Author], ['change', library.Author]);
  const list = (forms: Record<string, string>): Record<string, string> => ({
    ...{ 'form-INITIAL_FORMS': '1', 'form-0-id': String(ada.id), 'form-0-born': '1815-12-10', _save: 'Save' },
    ...forms,
  });
  const beyond = list({ 'form-TOTAL_FORMS': '2', 'form-1-id': '', 'form-1-born': '1906-12-09' });
  expect((await client.post('/admin/library/author/', beyond)).statusCode).toBe(400);
  const none = list({ 'form-TOTAL_FORMS': '2', 'form-INITIAL_FORMS': '0', 'form-1-born': '1906-12-09' });
  expect((await client.post('/admin/library/author/', none)).statusCode).toBe(400);
  const [only, ...others] = await library.Author.objects.all();
  expect([only?.name, only?.born, others]).toEqual(['Ada', null, []]);
  const own = list({ 'form-TOTAL_FORMS': '1' });
  expect((await client.post('/admin/library/author/', own)).statusCode).toBe(302);
  expect(String((await library.Author.objects.get({})).born)).toBe('1815-12-10');
});

it('CVE-2026-15920: a URL that could run something is a text, in lists and where it is only shown', async () => {
  const [bad, good] = await Link.objects.bulkCreate([
    new Link({ url: 'javascript:alert(1)//https://example.com/' }),
    new Link({ url: 'https://example.com/' }),
  ]);
  const client = await clerk(['view', Link]);
  const list = await client.get('/admin/library/link/');
  expect(list.text).toContain('javascript:alert(1)');
  expect(list.text).not.toMatch(/href="\s*javascript:/i);
  expect(list.text).toContain('<a href="https://example.com/">https://example.com/</a>');
  const links = await Link.objects.orderBy('id').flat('id');
  expect([bad?.url, good?.url, links.length]).toEqual([expect.any(String), expect.any(String), 2]);
  const page = await client.get(`/admin/library/link/${links[0]}/change/`);
  expect(page.text).toContain('javascript:alert(1)');
  expect(page.text).not.toMatch(/href="\s*javascript:/i);
});
