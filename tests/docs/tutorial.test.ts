/** docs/tutorial, done as it says: from an empty folder, in order, with the packed package and a browser. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launch } from '../support/browser';
import { SampleFolder } from '../support/samples/folder';
import { describeWith } from '../support/services';
import { ROOT } from '../support/site';
import { Reader } from '../support/tutorial/reader';

jest.setTimeout(300_000);

const PARTS = readdirSync(path.join(ROOT, 'docs', 'tutorial'))
  .filter((name) => /^\d\d\.md$/.test(name))
  .sort();

describeWith(['chromium', 'pty', 'django'], 'docs/tutorial', () => {
  let samples: SampleFolder;
  let browser: Browser;
  let reader: Reader;
  let failed = false;

  beforeAll(async () => {
    [samples, browser] = [new SampleFolder(['marked']), await launch()];
    reader = new Reader(samples, browser);
  });
  afterAll(async () => {
    await reader?.stop();
    await browser?.close();
    samples?.remove();
  });

  it.each(PARTS)('%s', async (part) => {
    // A part begins where the one before it ends.
    if (failed) throw new Error('the part before this one failed');
    failed = true;
    expect(await reader.follow(`docs/tutorial/${part}`)).toBeGreaterThan(3);
    failed = false;
  });

  it('no page had an error', () => {
    expect(reader.errors.filter((text) => !/favicon|404 \(Not Found\)/.test(text))).toEqual([]);
  });
});
