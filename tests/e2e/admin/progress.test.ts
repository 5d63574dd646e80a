/** Actions that say how far they are, in a browser: followed, stopped, failing, confirmed, and without scripts. */
import type { Page } from 'playwright-core';
import { describeWith } from '../../support/services';
import { violations } from './axe';
import { openAsGrace, seen, shop, useShop } from './support';

jest.setTimeout(60_000);

type Run = typeof import('./site/shop/admin')['work']['run'];

const LIST = '/admin/shop/book/?o=-1';

/** Something that a test lets go on. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function does(run: Run): void {
  (require('./site/shop/admin') as typeof import('./site/shop/admin')).work.run = run;
}

/** Chooses three books and an action. */
async function start(page: Page, label = 'Proofread the selected books'): Promise<void> {
  for (const i of [0, 1, 2]) await page.locator('input[name="_selected_action"]').nth(i).check();
  await page.getByLabel('Action:').first().selectOption({ label });
  await page.getByRole('button', { name: 'Run the selected action' }).first().click();
}

describeWith('chromium', 'an action that says how far it is', () => {
  useShop();

  it('shows a bar, tells it, and ends as any other', async () => {
    const { opened, open } = gate();
    does(async function* (books) {
      yield { done: 1, total: await books.count(), message: 'a first one' };
      await opened;
    });
    const { page, errors } = await openAsGrace(LIST);
    await start(page);
    const dialog = page.getByRole('dialog', { name: 'Proofread the selected books' });
    await dialog.getByText('1 of 3: a first one').first().waitFor();
    const bar = dialog.getByRole('progressbar', { name: 'Proofread the selected books' });
    expect(await bar.evaluate((each) => [each.getAttribute('value'), each.getAttribute('max')])).toEqual([
      '1',
      '3',
    ]);
    expect(await dialog.getByRole('status').textContent()).toBe('1 of 3: a first one');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    expect(await violations(page)).toEqual([]);
    open();
    await page.getByText('3 proofread.').waitFor();
    expect(new URL(page.url()).search).toBe('?o=-1');
    expect(await page.locator('dialog').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it.each(['Cancel', 'Escape'])('is stopped by %s', async (way) => {
    const { opened, open } = gate();
    const ended = gate();
    const before = await shop.Book.objects.filter({ notes: 'stopped' }).count();
    does(async function* (books) {
      try {
        await books.filter({ pk: (await books.first())?.pk } as never).update({ notes: 'stopped' });
        yield { done: 1, total: 3 };
        await opened;
        yield { done: 2, total: 3 };
        await books.update({ notes: 'stopped' });
      } finally {
        ended.open();
      }
    });
    const { page, errors } = await openAsGrace(LIST);
    await start(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 of 3').first().waitFor();
    const left = page.waitForEvent('requestfailed');
    if (way === 'Cancel') await dialog.getByRole('button', { name: 'Cancel' }).click();
    else await page.keyboard.press('Escape');
    expect(await dialog.getByRole('status').textContent()).toBe('Stopped: 1 of 3');
    await left;
    open();
    await ended.opened;
    expect(await shop.Book.objects.filter({ notes: 'stopped' }).count()).toBe(Math.max(before, 1));
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.waitForURL((url) => url.search === '?o=-1');
    await dialog.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('says that it has failed', async () => {
    does(async function* () {
      yield { done: 1 };
      throw new Error('out of ink');
    });
    const { page } = await openAsGrace(LIST);
    await start(page);
    const alert = page.getByRole('dialog').getByRole('alert');
    expect(await alert.textContent()).toBe('Error: out of ink');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('says that the server is gone', async () => {
    does(async function* () {
      yield { done: 1 };
    });
    const { page } = await openAsGrace(LIST);
    await page.route('**/admin/shop/book/**', (asked) => asked.abort());
    await start(page);
    expect(await page.getByRole('dialog').getByRole('alert').textContent()).toBe(
      'The connection was lost before the action was finished.',
    );
    await page.context().close();
  });

  it('may ask before it begins', async () => {
    does(async function* () {
      yield { done: 1, total: 3 };
    });
    const { page, errors } = await openAsGrace(LIST);
    await start(page, 'Proofread the selected books, surely');
    await page.getByText('3 books.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Yes, surely' }).click();
    await page.getByText('3 proofread.').waitFor();
    expect(errors).toEqual([]);
  });

  it('whoever was logged out meanwhile is asked to log in', async () => {
    const { page } = await openAsGrace(LIST);
    await page.context().clearCookies({ name: 'sessionid' });
    await start(page);
    await page.getByLabel('Username').waitFor();
  });

  it('runs to its end without scripts', async () => {
    does(async function* () {
      yield { done: 1, total: 3 };
    });
    const { page } = await openAsGrace(LIST, { javaScriptEnabled: false });
    await start(page);
    expect(await seen(page.getByRole('status').first())).toBe('3 proofread.');
  });
});
