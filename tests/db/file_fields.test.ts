/** Fields of files: names in the row, contents in a storage. */
import './settings';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { ContentFile } from 'tsango/core/files/base';
import { FileSystemStorage } from 'tsango/core/files/storage';
import { SimpleUploadedFile } from 'tsango/core/files/uploadedfile';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { isTruthy } from 'tsango/python';
import { DjangoTemplates } from 'tsango/template/backends/django';
import { SQLITE_ENGINE } from '../support/sqlite';

const appLabel = 'filed';

class Document extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Document>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @models.FileField({ uploadTo: 'papers/%Y', maxLength: 30 }) declare paper: models.FieldFile;
}

class Photo extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Photo>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare owner: string;
  @models.ImageField({
    uploadTo: (photo, name) => `${(photo as Photo).owner}/${name}`,
    widthField: 'wide',
    heightField: 'high',
    blank: true,
  })
  declare image: models.ImageFieldFile;
  @models.IntegerField({ null: true, blank: true }) declare wide: number | null;
  @models.IntegerField({ null: true, blank: true }) declare high: number | null;
}

/** A GIF of 3 by 2 pixels. */
const GIF = Buffer.from('47494638396103000200800000ffffff0000002c00000000030002000002028451003b', 'hex');

let restore: () => Promise<void>;
let folder: string;
beforeEach(async () => {
  apps.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'tsango-media-'));
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
    MEDIA_ROOT: folder,
    MEDIA_URL: '/media/',
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      await editor.createModel(Document._meta);
      await editor.createModel(Photo._meta);
    });
});
afterEach(async () => {
  await restore();
  apps.reset();
  rmSync(folder, { recursive: true });
});

const year = new Date().getFullYear();

it('stores a file that was assigned when the row is saved, under a name of uploadTo and of its own', async () => {
  const made = new Document({ title: 'One', paper: new ContentFile('text', 'one.txt') });
  expect([made.paper.name, made.paper.committed, made.paper.size]).toEqual(['one.txt', false, 4]);
  await made.save();
  expect(made.paper.name).toBe(`papers/${year}/one.txt`);
  expect(readFileSync(path.join(folder, made.paper.name), 'utf8')).toBe('text');
  const second = await Document.objects.create({
    title: 'Two',
    paper: new ContentFile('other', 'one.txt') as never,
  });
  expect(second.paper.name).toMatch(new RegExp(`^papers/${year}/one_\\w{7}.txt$`));
  const { rows } = await connections.get().execute('SELECT paper FROM filed_document ORDER BY id');
  expect(rows.map(({ paper }) => paper)).toEqual([made.paper.name, second.paper.name]);
});

it('reads the stored file', async () => {
  await Document.objects.create({ title: 'One', paper: new ContentFile('text', 'one.txt') as never });
  const { paper } = await Document.objects.get({ title: 'One' });
  expect([paper.url, paper.path, paper.size, paper.closed]).toEqual([
    `/media/papers/${year}/one.txt`,
    path.join(folder, `papers/${year}/one.txt`),
    4,
    true,
  ]);
  expect(await paper.text()).toBe('text');
  await paper.close();
  expect((await (await paper.open()).read(2)).toString()).toBe('te');
  await paper.close();
});

it('keeps a name that is too long short enough for the column', async () => {
  const paper = new ContentFile('text', `${'long'.repeat(9)}.txt`);
  const made = await Document.objects.create({ title: 'Long', paper: paper as never });
  expect(made.paper.name).toMatch(/^papers\/\d{4}\/longl?\w*_\w{7}\.txt$/);
  expect(made.paper.name).toHaveLength(30);
});

it('saves and deletes through the property', async () => {
  const made = await Document.objects.create({ title: 'One' });
  expect([made.paper.isEmpty, String(made.paper)]).toEqual([true, '']);
  expect(() => made.paper.url).toThrow("The 'paper' attribute has no file associated with it.");
  await made.paper.save('two.txt', 'content');
  const found = await Document.objects.get({ title: 'One' });
  expect(found.paper.name).toBe(`papers/${year}/two.txt`);
  await found.paper.delete();
  expect(existsSync(path.join(folder, `papers/${year}/two.txt`))).toBe(false);
  expect((await Document.objects.get({ title: 'One' })).paper.isEmpty).toBe(true);
});

it('takes a name, and leaves the storage alone', async () => {
  const made = await Document.objects.create({ title: 'Named', paper: 'there.txt' as never });
  expect([made.paper.name, made.paper.committed]).toEqual(['there.txt', true]);
  expect(await Document.objects.filter({ paper: 'there.txt' } as never).count()).toBe(1);
  expect(await Document.objects.filter({ paper: made.paper } as never).count()).toBe(1);
  expect(JSON.stringify(made)).toContain('"paper":"there.txt"');
});

it('refuses a file without a name, and one that would leave the storage', async () => {
  await expect(
    Document.objects.create({ title: 'x', paper: new ContentFile('text') as never }),
  ).rejects.toThrow(
    "File for paper must have the name attribute specified to be saved. Pass a 'name' argument to ContentFile.",
  );
  await expect(
    Document.objects.create({ title: 'x', paper: new ContentFile('text', '../../x.txt') as never }),
  ).rejects.toMatchObject({ name: 'SuspiciousFileOperation' });
  expect(await Document.objects.count()).toBe(0);
  const field = Document._meta.getField('paper') as unknown as {
    generateFilename(row: Document, name: string): string;
  };
  expect(() => field.generateFilename(new Document(), '../x.txt')).toThrow('Detected path traversal attempt');
});

it('stores a file in the storage of the field', async () => {
  const elsewhere = path.join(folder, 'elsewhere');
  class Kept extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel };
    declare static readonly objects: models.Manager<Kept>;
    @models.FileField({ storage: () => new FileSystemStorage({ location: elsewhere, baseUrl: '/kept/' }) })
    declare file: models.FieldFile;
  }
  await connections
    .get()
    .schemaEditor()
    .run((editor) => editor.createModel(Kept._meta));
  const kept = await Kept.objects.create({ file: new SimpleUploadedFile('a b.txt', 'text') as never });
  expect([kept.file.url, existsSync(path.join(elsewhere, 'a_b.txt'))]).toEqual(['/kept/a_b.txt', true]);
});

it('writes down how large an image is', async () => {
  const photo = new Photo({ owner: 'ada', image: new ContentFile(GIF, 'a.gif') });
  expect([photo.wide, photo.high]).toEqual([3, 2]);
  await photo.save();
  expect(await Photo.objects.get({ owner: 'ada' })).toMatchObject({ wide: 3, high: 2 });
  expect(photo.image.name).toBe('ada/a.gif');
  const found = await Photo.objects.get({ owner: 'ada' });
  expect([await found.image.width, await found.image.height]).toEqual([3, 2]);
  found.image = '' as never;
  expect([found.wide, found.high]).toEqual([null, null]);
});

it('finds an empty file field blank', async () => {
  await expect(new Document({ title: 'x' }).fullClean()).rejects.toMatchObject({
    messageDict: { paper: ['This field cannot be blank.'] },
  });
  await new Photo({ owner: 'x' }).fullClean();
});

it('is false in a template where there is no file', () => {
  const engine = new DjangoTemplates({ NAME: 'x', BACKEND: '', DIRS: [], APP_DIRS: false, OPTIONS: {} });
  const said = (document: Document): unknown =>
    engine
      .fromString('{% if document.paper %}{{ document.paper }}{% else %}none{% endif %}')
      .render({ document });
  expect(said(new Document({ title: 'x' }))).toBe('none');
  expect(said(new Document({ title: 'x', paper: 'a.txt' }))).toBe('a.txt');
  expect([isTruthy(new ContentFile('')), isTruthy(new Document({ title: 'x' }).paper)]).toEqual([
    true,
    false,
  ]);
});
