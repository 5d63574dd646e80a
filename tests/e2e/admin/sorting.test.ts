/** Inlines are put into another order in a browser: by dragging, by buttons, and without scripts by numbers. */
import type { Locator, Page } from 'playwright-core';
import { describeWith } from '../../support/services';
import { openAsGrace, seen, shop, useShop } from './support';

jest.setTimeout(120_000);

const ADDRESS = '/admin/shop/shelf/1/change/';

const stored = async (): Promise<[string[], string[]]> => [
  [...(await shop.Exhibit.objects.orderBy('position'))].map(({ title, position }) => `${position} ${title}`),
  [...(await shop.Sign.objects.orderBy('position'))].map(({ words, position }) => `${position} ${words}`),
];
const titles = (page: Page): Promise<string[]> =>
  page
    .locator('#exhibit_set-group tr.form-row:not(.empty-form) .field-title input')
    .evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
const row = (page: Page, title: string): Locator =>
  page.locator('#exhibit_set-group tr.form-row, #sign_set-group .inline-related').filter({ hasText: title });

/** Takes a row by its handle to where another one is. */
async function drag(page: Page, from: Locator, to: Locator, { drop = true } = {}): Promise<void> {
  const handle = from.locator('.drag-handle');
  await handle.scrollIntoViewIfNeeded();
  const [start, end] = [await handle.boundingBox(), await to.boundingBox()];
  if (start === null || end === null) throw new Error('The rows are not on the page.');
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  const target = end.y < start.y ? end.y + 2 : end.y + end.height - 2;
  await page.mouse.move(start.x + 5, target, { steps: 12 });
  if (drop) await page.mouse.up();
}

describeWith('chromium', 'sortable inlines', () => {
  useShop();

  beforeEach(async () => {
    for (const [i, title] of ['Emma', 'Lodore', 'Persuasion', 'Romola'].entries())
      await shop.Exhibit.objects.filter({ title }).update({ position: i + 1 });
    await shop.Exhibit.objects.exclude({ title__in: ['Emma', 'Lodore', 'Persuasion', 'Romola'] }).delete();
    for (const [i, words] of ['New', 'Signed', 'Last copies'].entries())
      await shop.Sign.objects.filter({ words }).update({ position: i + 1 });
  });

  it('are dragged by their handles, up and down, in tables and below each other', async () => {
    const { page, errors } = await openAsGrace(ADDRESS);
    await drag(page, row(page, 'Emma'), row(page, 'Persuasion'));
    expect(await titles(page)).toEqual(['Lodore', 'Persuasion', 'Emma', 'Romola', '']);
    await drag(page, row(page, 'Romola'), row(page, 'Lodore'));
    expect(await titles(page)).toEqual(['Romola', 'Lodore', 'Persuasion', 'Emma', '']);
    await drag(page, row(page, 'Last copies'), row(page, 'New'));
    await page.getByRole('button', { name: 'Save and continue editing' }).click();
    await page.getByText('was changed successfully').waitFor();
    expect(await stored()).toEqual([
      ['1 Romola', '2 Lodore', '3 Persuasion', '4 Emma'],
      ['1 Last copies', '2 New', '3 Signed'],
    ]);
    expect(await titles(page)).toEqual(['Romola', 'Lodore', 'Persuasion', 'Emma', '']);
    expect(errors).toEqual([]);
  });

  it('are left where they were by Escape, and then nothing is changed', async () => {
    const { page } = await openAsGrace(ADDRESS);
    await drag(page, row(page, 'Emma'), row(page, 'Romola'), { drop: false });
    expect((await titles(page))[0]).toBe('Lodore');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await titles(page)).toEqual(['Emma', 'Lodore', 'Persuasion', 'Romola', '']);
    expect(await page.locator('#shelf_form').getAttribute('data-changed')).toBeNull();
  });

  it('are moved by keys, which keeps the focus and is read out', async () => {
    const { page } = await openAsGrace(ADDRESS);
    const down = page.getByRole('button', { name: 'Move Emma down' });
    await down.focus();
    for (const place of [2, 3, 4]) {
      await page.keyboard.press('Enter');
      const status = page.locator('body > [role="status"]');
      expect(await seen(status)).toBe(`Emma is in place ${place} of 5`);
      expect(await down.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    }
    await page.getByRole('button', { name: 'Move Emma up' }).click();
    expect(await titles(page)).toEqual(['Lodore', 'Persuasion', 'Emma', 'Romola', '']);
    expect(await page.getByRole('button', { name: 'Move Lodore up' }).isDisabled()).toBe(true);
    const signed = page.getByRole('button', { name: 'Move Signed up' });
    await signed.focus();
    await page.keyboard.press('Space');
    // It is the first now: the focus is on the button that still does something.
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('aria-label')).toBe('Move Signed down');
    await page.keyboard.press('Control+s');
    await page.getByText('was changed successfully').waitFor();
    expect(await stored()).toEqual([
      ['1 Lodore', '2 Persuasion', '3 Emma', '4 Romola'],
      ['1 Signed', '2 New', '3 Last copies'],
    ]);
  });

  it('are added between others, taken away again, and deleted', async () => {
    const { page } = await openAsGrace(ADDRESS);
    const add = page.getByRole('button', { name: 'Add another Exhibit' });
    const added = page.locator('#exhibit_set-group tr.form-row:not(.empty-form)');
    await added.nth(4).locator('.field-title input').fill('Silas Marner');
    await add.click();
    await added.nth(5).locator('.field-title input').fill('Gondal');
    await add.click();
    await page.getByRole('button', { name: 'Move #6 up' }).click();
    await drag(page, added.nth(4), row(page, 'Lodore'));
    // The one that is empty goes; the numbers of the others' controls stay as they are.
    await page.getByRole('button', { name: 'Remove #7' }).click();
    await row(page, 'Persuasion').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('was changed successfully').waitFor();
    expect((await stored())[0]).toEqual(['1 Emma', '2 Gondal', '3 Lodore', '4 Romola', '5 Silas Marner']);
    await shop.Exhibit.objects.create({ shelfId: 1, title: 'Persuasion', position: 3 });
  });

  it('come back from an error in the order that was sent', async () => {
    const { page } = await openAsGrace(ADDRESS);
    await page.getByRole('button', { name: 'Move Romola up' }).click();
    await row(page, 'Emma').locator('.field-title input').fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Please correct the error below.').waitFor();
    expect(await titles(page)).toEqual(['', 'Lodore', 'Romola', 'Persuasion', '']);
    await page.locator('#id_exhibit_set-0-title').fill('Emma');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('was changed successfully').waitFor();
    expect((await stored())[0]).toEqual(['1 Emma', '2 Lodore', '3 Romola', '4 Persuasion']);
  });

  it('are dragged by a finger', async () => {
    const { page } = await openAsGrace(ADDRESS, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const handle = row(page, 'New').locator('.drag-handle');
    await handle.scrollIntoViewIfNeeded();
    const [from, to] = [await handle.boundingBox(), await row(page, 'Signed').boundingBox()];
    if (from === null || to === null) throw new Error('The rows are not on the page.');
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove', y: number): Promise<unknown> =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x: from.x + 8, y }] });
    await touch('touchStart', from.y + 10);
    for (let step = 1; step <= 10; step += 1)
      await touch('touchMove', from.y + 10 + ((to.y + to.height - 4 - from.y) * step) / 10);
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('was changed successfully').waitFor();
    expect((await stored())[1]).toEqual(['1 Signed', '2 New', '3 Last copies']);
  });

  it('are in an order of numbers without scripts', async () => {
    const { page } = await openAsGrace(ADDRESS, { javaScriptEnabled: false });
    expect(await page.locator('.drag-handle').count()).toBe(0);
    await page.locator('#id_exhibit_set-3-position').fill('1');
    await page.locator('#id_sign_set-0-position').fill('2');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await stored()).toEqual([
      ['1 Romola', '2 Emma', '3 Lodore', '4 Persuasion'],
      ['1 Signed', '2 New', '3 Last copies'],
    ]);
  });
});
