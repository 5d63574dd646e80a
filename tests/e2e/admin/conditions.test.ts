/** Several filters at once in a browser: with the keyboard alone, and without scripts. */
import { describeWith } from '../../support/services';
import { openAsGrace, useShop } from './support';

jest.setTimeout(120_000);

describeWith('chromium', 'several filters at once', () => {
  useShop();

  it('are set with the keyboard, applied together, shown in words, and taken away one by one', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/book/?q=vol');
    const form = page.locator('details.conditions');
    await form.locator('summary').focus();
    await page.keyboard.press('Enter');
    await form.getByRole('group', { name: 'Price' }).getByLabel('At least').fill('7');
    await page.keyboard.press('Tab');
    await page.keyboard.type('10');
    const author = form.getByRole('group', { name: 'Author' });
    await author.getByLabel('Jane Austen').focus();
    await page.keyboard.press('Space');
    await author.getByLabel('Mary Shelley').check();
    await form.getByRole('group', { name: 'Public' }).getByLabel('Value').selectOption('Yes');
    await Promise.all([page.waitForURL(/price__lte/), page.keyboard.press('Enter')]);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      ...{ author__id__in: '3,2', is_public__exact: '1', price__gte: '7', price__lte: '10', q: 'vol' },
    });
    const rows = page.locator('#result_list tbody tr');
    const few = await rows.count();
    expect(few).toBeGreaterThan(0);
    const applied = page.getByRole('list', { name: 'Applied filters' });
    expect(await applied.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/author is one of Jane Austen, Mary Shelley$/),
      expect.stringMatching(/public is Yes$/),
      expect.stringMatching(/price is at least 7$/),
      expect.stringMatching(/price is at most 10$/),
      'Clear all',
    ]);
    await applied.getByRole('link', { name: 'Remove filter: price is at least 7' }).click();
    await page.waitForURL((url) => !url.searchParams.has('price__gte'));
    expect(await rows.count()).toBeGreaterThan(few);
    await applied.getByRole('link', { name: 'Clear all' }).click();
    await page.waitForURL((url) => url.search === '?q=vol');
    expect(errors).toEqual([]);
  });

  it('work without scripts, on a phone and from the right', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/book/', {
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      locale: 'ar',
    });
    await page.getByRole('link', { name: 'Filter', exact: true }).click();
    const form = page.locator('details.conditions');
    await form.locator('summary').click();
    await form.getByRole('group', { name: 'Published' }).getByLabel('Until').fill('1810-06-30');
    await form.getByRole('button', { name: 'Apply all' }).click();
    await page.waitForURL(/published__lt=1810-07-01/);
    expect(await page.getByRole('list', { name: 'Applied filters' }).textContent()).toContain(
      'published until June 30, 1810',
    );
    expect(errors).toEqual([]);
  });
});
