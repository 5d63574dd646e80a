import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ContentFile, LocalFile } from 'tsango/core/files/base';
import { createTemporaryFile } from 'tsango/core/files/temp';
import { cleanFileName, SimpleUploadedFile, TemporaryUploadedFile } from 'tsango/core/files/uploadedfile';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['in memory', () => new ContentFile('0123456789', 'a.txt')],
  [
    'on disk',
    () => {
      const file = path.join(folder, 'a.txt');
      writeFileSync(file, '0123456789');
      return new LocalFile(file, 'a.txt', 10);
    },
  ],
])('a file %s is read as a whole, in pieces and from anywhere', async (_title, make) => {
  const file = make();
  expect([file.name, file.size, String(file)]).toEqual(['a.txt', 10, 'a.txt']);
  expect([String(await file.read(4)), String(await file.read()), String(await file.read())]).toEqual([
    '0123',
    '456789',
    '',
  ]);
  file.seek(8);
  expect(String(await file.read(5))).toBe('89');
  const pieces: string[] = [];
  for await (const piece of file.chunks(3)) pieces.push(String(piece));
  expect(pieces).toEqual(['012', '345', '678', '9']);
  expect(await file.text()).toBe('0123456789');
  expect([file.multipleChunks(9), file.multipleChunks(10)]).toEqual([true, false]);
  await file.close();
  await file.close();
});

it('a temporary upload is deleted when it is closed, unless it was moved', async () => {
  const info = { fieldName: 'f', name: 'a.txt', contentType: 'text/plain' };
  const first = await createTemporaryFile({ folder, suffix: '.upload' });
  await first.handle.close();
  const upload = new TemporaryUploadedFile(first.path, 0, info);
  expect(upload.temporaryFilePath()).toMatch(/tmp[0-9a-f]{24}\.upload$/);
  await upload.close();
  expect(existsSync(first.path)).toBe(false);

  const second = await createTemporaryFile({ folder });
  await second.handle.close();
  const moved = new TemporaryUploadedFile(second.path, 0, info);
  renameSync(second.path, path.join(folder, 'kept'));
  await moved.close();
  expect(existsSync(path.join(folder, 'kept'))).toBe(true);
});

it('names are basenames', () => {
  expect(new SimpleUploadedFile('/etc/passwd', 'x').name).toBe('passwd');
  expect(cleanFileName(`${'é'.repeat(300)}.jpeg`)).toHaveLength(255);
  for (const name of ['', '.', '..', 'a/..']) {
    expect(() => cleanFileName(name)).toThrow(expect.objectContaining({ name: 'SuspiciousFileOperation' }));
  }
});
