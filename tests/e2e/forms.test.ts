/** A browser and curl send a form with files: the token is checked, the files arrive whole, the message is shown once. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launch, openPage } from '../support/browser';
import { describeWith } from '../support/services';
import { type RunningSite, startSite } from '../support/site';

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
/** Together over FILE_UPLOAD_MAX_MEMORY_SIZE: as in Django the size of the whole body decides. */
const SMALL = randomBytes(10_000);
const LARGE = randomBytes(3_000_000);

let site: RunningSite;
beforeAll(async () => {
  site = await startSite(
    (port) => ['serve', `127.0.0.1:${port}`, '-w', '0', '--settings', 'tests.support.forms_site'],
    {
      migrate: false,
      probe: '/',
    },
  );
}, 60_000);
afterAll(() => site?.stop());

describeWith('chromium', 'in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  it('files are uploaded, and the messages are shown once', async () => {
    const { page, errors } = await openPage(browser);
    await page.goto(site.url);
    await page.getByLabel('Title').fill('Fotos & <Pläne>');
    await page.getByLabel('Files').setInputFiles([
      { name: 'small.bin', mimeType: 'application/octet-stream', buffer: SMALL },
      { name: 'große Datei.bin', mimeType: 'application/octet-stream', buffer: LARGE },
    ]);
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.locator('li').allTextContents()).toEqual([
      `small.bin: 10000 bytes, TemporaryUploadedFile, ${sha256(SMALL)}`,
      `große Datei.bin: 3000000 bytes, TemporaryUploadedFile, ${sha256(LARGE)}`,
      'Title: Fotos & <Pläne>',
    ]);
    expect(await page.locator('li').first().getAttribute('class')).toBe('success');
    await page.reload();
    expect(await page.locator('li').count()).toBe(0);
    expect(errors).toEqual([]);
  }, 60_000);

  it('a form whose token is gone is refused, in words', async () => {
    const { page } = await openPage(browser);
    await page.goto(site.url);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Forbidden');
    expect(await page.content()).toContain('CSRF verification failed. Request aborted.');
  }, 60_000);
});

describeWith('curl', 'with curl', () => {
  it('the same form works, and fails without its token', () => {
    const jar = path.join(site.folder, 'jar');
    const file = path.join(site.folder, 'large.bin');
    writeFileSync(file, LARGE);
    const curl = (...args: string[]): string =>
      execFileSync('curl', ['-sS', '-b', jar, '-c', jar, ...args, `${site.url}/`], { encoding: 'utf8' });
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(curl())?.[1] ?? '';
    expect(
      curl('-L', '-F', `csrfmiddlewaretoken=${token}`, '-F', 'title=x', '-F', `files=@${file}`),
    ).toContain(`large.bin: 3000000 bytes, TemporaryUploadedFile, ${sha256(LARGE)}`);
    expect(curl('-w', '%{http_code}', '-F', 'title=x')).toMatch(/403$/);
  }, 60_000);
});
