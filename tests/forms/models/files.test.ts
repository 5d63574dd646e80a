/** Files of a model, from a browser's form to the storage; and none is left behind where the form is refused. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { apps } from 'tsango/apps';
import { configure, overrideSettings } from 'tsango/conf';
import { SimpleUploadedFile } from 'tsango/core/files/uploadedfile';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import * as forms from 'tsango/forms';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { Client } from 'tsango/test';
import { path as route } from 'tsango/urls';
import { createTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

class Letter extends models.Model {
  static override readonly Meta = { appLabel: 'post' };
  declare static readonly objects: models.Manager<Letter>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare sender: string;
  @models.FileField({ uploadTo: (letter, name) => `letters/${(letter as Letter).sender}/${name}` })
  declare scan: models.FieldFile;
  @models.ImageField({ uploadTo: 'stamps', blank: true, widthField: 'wide', heightField: 'high' })
  declare stamp: models.ImageFieldFile;
  @models.IntegerField({ null: true, blank: true, editable: false }) declare wide: number | null;
  @models.IntegerField({ null: true, blank: true, editable: false }) declare high: number | null;
}

class LetterForm extends forms.modelForm(Letter, { fields: ['scan', 'stamp', 'sender'] }) {}

/** A GIF of 3 by 2 pixels. */
const GIF = Buffer.from('47494638396103000200800000ffffff0000002c00000000030002000002028451003b', 'hex');
const LARGE = 'x'.repeat(50_000);

let seen: { types: string[]; temporary: number } = { types: [], temporary: 0 };

async function write(request: HttpRequest, { pk }: { pk: string }): Promise<HttpResponse> {
  const instance = pk === '0' ? null : await Letter.objects.get({ pk });
  const form = new LetterForm({ data: request.POST, files: request.FILES, instance });
  seen = {
    types: [...request.FILES.values()].map((file) => file.constructor.name),
    temporary: files('temporary').length,
  };
  if (!(await form.isValid())) return new HttpResponse(form.errors.asText().value, { status: 400 });
  return new HttpResponse(String((await form.save()).id));
}

let folder: string;
let restore: () => Promise<void>;
const files = (name: string): string[] => {
  const all = readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true });
  return all
    .filter((each) => each.isFile())
    .map((each) => path.relative(path.join(folder, name), path.join(each.parentPath, each.name)))
    .sort();
};
/** Temporary files are removed when the response has been sent: nobody waits for that. */
async function cleanedUp(): Promise<void> {
  for (let turns = 0; turns < 1000 && files('temporary').length > 0; turns++) await setImmediate();
  expect(files('temporary')).toEqual([]);
}
const stored = (name: string): Buffer => readFileSync(path.join(folder, 'media', name));

configure({ SECRET_KEY: 'not a secret', ALLOWED_HOSTS: ['testserver'] });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsango-letters-'));
  for (const name of ['media', 'temporary']) mkdirSync(path.join(folder, name));
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
    MEDIA_ROOT: path.join(folder, 'media'),
    FILE_UPLOAD_TEMP_DIR: path.join(folder, 'temporary'),
    FILE_UPLOAD_MAX_MEMORY_SIZE: 10_000,
    ROOT_URLCONF: { urlpatterns: [route('<pk>/', write)] } as unknown as string,
    MIDDLEWARE: [],
  });
  apps.populate();
  await createTables([Letter]);
});
afterEach(async () => {
  await connections.closeAll();
  await restore();
  apps.reset();
  rmSync(folder, { recursive: true, force: true });
});

const send = async (pk: string, data: Record<string, unknown>): Promise<string> =>
  (await new Client().post(`/${pk}/`, data)).text;

it('are stored under names that the other values give, and images are measured', async () => {
  const id = await send('0', {
    sender: 'ada',
    scan: new SimpleUploadedFile('a.txt', LARGE),
    stamp: new SimpleUploadedFile('s.gif', GIF, 'text/plain'),
  });
  expect(seen).toEqual({ types: ['TemporaryUploadedFile', 'TemporaryUploadedFile'], temporary: 2 });
  const letter = await Letter.objects.get({ pk: id });
  expect([letter.scan.name, letter.stamp.name, letter.wide, letter.high]).toEqual([
    'letters/ada/a.txt',
    'stamps/s.gif',
    3,
    2,
  ]);
  expect(stored('letters/ada/a.txt').toString()).toBe(LARGE);
  await cleanedUp();
});

it('stay where nothing is sent, are replaced, and are cleared where that is wished', async () => {
  const id = await send('0', {
    sender: 'ada',
    scan: new SimpleUploadedFile('a.txt', 'one'),
    stamp: new SimpleUploadedFile('s.gif', GIF),
  });
  expect(await send(id, { sender: 'bob' })).toBe(id);
  let letter = await Letter.objects.get();
  expect([letter.sender, letter.scan.name, letter.stamp.name]).toEqual([
    'bob',
    'letters/ada/a.txt',
    'stamps/s.gif',
  ]);
  await send(id, { sender: 'bob', scan: new SimpleUploadedFile('b.txt', 'two'), 'stamp-clear': 'on' });
  letter = await Letter.objects.get();
  expect([letter.scan.name, letter.stamp.name, letter.wide]).toEqual(['letters/bob/b.txt', '', null]);
  expect(stored('letters/bob/b.txt').toString()).toBe('two');
  const shown = new LetterForm({ instance: letter });
  expect(String(shown.scan)).toContain('Currently: <a href="');
  expect(String(shown.scan)).not.toContain('scan-clear');
  expect(String(shown.stamp)).not.toContain('Currently');
});

it('leave nothing behind where the form is refused', async () => {
  const said = await send('0', {
    sender: 'x'.repeat(21),
    scan: new SimpleUploadedFile('a.txt', LARGE),
    stamp: new SimpleUploadedFile('s.gif', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/gif'),
  });
  expect(said).toBe(
    '* stamp\n  * Upload a valid image. The file you uploaded was either not an image or a corrupted image.\n' +
      '* sender\n  * Ensure this value has at most 20 characters (it has 21).',
  );
  expect(seen.temporary).toBe(2);
  await cleanedUp();
  expect(files('media')).toEqual([]);
  expect(await Letter.objects.count()).toBe(0);
  expect(await send('0', { sender: 'ada' })).toBe('* scan\n  * This field is required.');
  expect(await send('0', { sender: 'ada', scan: 'a.txt' })).toBe('* scan\n  * This field is required.');
});

it('have names that stay in the storage', async () => {
  const said = await send('0', { sender: '../../x', scan: new SimpleUploadedFile('a.txt', 'one') });
  expect(said).toContain('Bad Request');
  expect(existsSync(path.join(folder, 'x'))).toBe(false);
  expect(files('media')).toEqual([]);
});
