/**
 * docs/files.md, docs/request-response.md#uploads: files with the names that people give them go up and come back whole, are
 * played by their middle, and streams come in parts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { journey, seen, siteFor } from './support';

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A minute and a half of silence, as a file that can be sought in. */
function wave(seconds: number): Buffer {
  const rate = 22_050;
  const data = Buffer.alloc(rate * seconds * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

journey('files', (visitors) => {
  const site = siteFor();

  const NAMES = [
    'plain.txt',
    'Größe & Maß (1).txt',
    '今日の写真.png',
    'it\'s "quoted"; 100%.csv',
    'a b+c#d?e.txt',
    '🙂.bin',
  ];

  it('go up several at a time, and come back as they were, under their names', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/files/'));
    const files = NAMES.map((name, i) => ({
      name,
      mimeType: 'application/octet-stream',
      // One over FILE_UPLOAD_MAX_MEMORY_SIZE.
      buffer: randomBytes(i === 1 ? 3_000_000 : 1000 + i),
    }));
    await page.getByLabel('Files').setInputFiles(files);
    await page.getByRole('button', { name: 'Send' }).click();
    const links = page.locator('#files a');
    // As in Django, of a name stays what is a letter, a digit, a dot, a line or a dash, and spaces become lines. (The
    // browser itself writes %22 for quotes.)
    const listed = await links.allInnerTexts();
    expect([...listed].sort()).toEqual([
      '.bin',
      'Größe__Maß_1.txt',
      'a_bcde.txt',
      'its_22quoted22_100.csv',
      'plain.txt',
      '今日の写真.png',
    ]);
    const came = new Map<string, string>();
    for (const link of await links.all()) {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      came.set(sha256(readFileSync(await download.path())), download.suggestedFilename());
    }
    expect([...came.keys()].sort()).toEqual(files.map(({ buffer }) => sha256(buffer)).sort());
    // A browser writes no file that its disk would hide.
    expect([...came.values()].sort()).toEqual(listed.map((name) => name.replace(/^\./, '')).sort());
    expect(visitors.errors).toEqual([]);
  }, 30_000);

  it('of the same name do not overwrite one another', async () => {
    const page = await visitors.page();
    for (const text of ['one', 'two']) {
      await page.goto(site().url('/files/'));
      const buffer = Buffer.from(text);
      await page.getByLabel('Files').setInputFiles([{ name: 'same.txt', mimeType: 'text/plain', buffer }]);
      await page.getByRole('button', { name: 'Send' }).click();
    }
    const names = (await page.locator('#files a').allInnerTexts()).filter((name) => name.startsWith('same'));
    expect(names).toEqual(['same.txt', expect.stringMatching(/^same_[a-zA-Z0-9]{7}\.txt$/)]);
    const texts = names.map((name) =>
      fetch(site().url(`/files/get/${name}`)).then((answer) => answer.text()),
    );
    expect(await Promise.all(texts)).toEqual(['one', 'two']);
  });

  it('a form without a file is no error; a path out of the folder is one', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/files/'));
    await page.getByRole('button', { name: 'Send' }).click();
    expect(await page.locator('#files').count()).toBe(1);
    for (const name of ['..%2Fdb.sqlite3', '..%2f..%2fetc%2fpasswd', '%2Fetc%2Fpasswd', 'nothing.txt']) {
      const status = (await page.goto(site().url(`/files/get/${name}`)))?.status();
      expect({ name, status }).toEqual({ name, status: name === 'nothing.txt' ? 404 : 400 });
    }
  });

  it('a sound is played by its middle: the browser asks for parts', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/files/'));
    const buffer = wave(90);
    await page.getByLabel('Files').setInputFiles([{ name: 'long.wav', mimeType: 'audio/wav', buffer }]);
    await page.getByRole('button', { name: 'Send' }).click();
    const ranges: string[] = [];
    page.on('response', async (response) => {
      const range = response.headers()['content-range'];
      if (range !== undefined) ranges.push(`${response.status()} ${range}`);
    });
    await page.goto(site().url('/files/play/long.wav'));
    const audio = `document.querySelector('audio')`;
    const seek = `new Promise((resolve, reject) => {
      const audio = ${audio};
      audio.onerror = () => reject(new Error(String(audio.error?.message)));
      audio.onseeked = () => resolve([Math.round(audio.duration), audio.currentTime]);
      const go = () => { audio.currentTime = 80; };
      if (audio.readyState > 0) go(); else audio.onloadedmetadata = go;
    })`;
    expect(await page.evaluate(seek)).toEqual([90, 80]);
    expect(ranges.length).toBeGreaterThan(0);
    for (const range of ranges) expect(range).toMatch(new RegExp(`^206 bytes \\d+-\\d+/${buffer.length}$`));
    const ask = (headers: Record<string, string>) =>
      fetch(site().url('/files/get/long.wav?show'), { headers });
    const part = await ask({ range: 'bytes=-4' });
    expect([part.status, part.headers.get('content-type'), (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      'audio/x-wav',
      4,
    ]);
    expect((await ask({ range: 'bytes=99999999-' })).status).toBe(416);
  }, 30_000);

  it('a page that streams is there in parts; a reader who goes ends it; what fails is no whole page', async () => {
    const page = await visitors.page();
    const tick = (): Promise<unknown> => fetch(site().url('/files/stopped/')).then((answer) => answer.text());
    await page.goto(site().url('/files/ticks/'), { waitUntil: 'commit' });
    await page.locator('li').nth(0).waitFor();
    expect(await page.locator('li').allInnerTexts()).toEqual(['tick 1']);
    const next = await page.context().request.get(site().url('/files/ticks/?next'));
    expect(await next.text()).toBe('ticked');
    await page.locator('li').nth(1).waitFor();
    expect(await page.locator('li').allInnerTexts()).toEqual(['tick 1', 'tick 2']);
    expect(await tick()).toBe('0');
    await page.goto('about:blank');
    // The server may hear of it only after the next tick.
    do {
      await page.context().request.get(site().url('/files/ticks/?next'));
      await page.waitForTimeout(20);
    } while ((await tick()) !== '1');

    await page.goto(site().url('/files/'));
    const broken = `fetch('/files/broken/').then((answer) => answer.text()).then((text) => text, (error) => error.name)`;
    expect(await page.evaluate(broken)).toBe('TypeError');
    expect(await seen(page, 'nav')).toContain('Files');
  }, 30_000);

  it('a body is read as it comes, however long', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/files/'));
    const send = `(async () => {
      const bytes = new Uint8Array(4_000_000).map((_, i) => i * 7);
      const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const answer = await (await fetch('/files/raw/', { method: 'POST', body: bytes })).json();
      return [answer.bytes, answer.sha256 === hash];
    })()`;
    expect(await page.evaluate(send)).toEqual([4_000_000, true]);
  });
});
