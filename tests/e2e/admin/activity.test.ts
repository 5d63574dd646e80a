/** The form of the activity page in a browser: filters together, by days, with the keyboard, and without scripts. */
import { describeWith } from '../../support/services';
import { openAsGrace, shop, useShop } from './support';

jest.setTimeout(120_000);

describeWith('chromium', 'what everybody did', () => {
  useShop();

  it('is filtered by model, action and day at once', async () => {
    const models = require('tsango/contrib/admin/models') as typeof import('tsango/contrib/admin/models');
    const [book, other] = await shop.Book.objects.all();
    const [author] = await shop.Author.objects.all();
    const log = async (object: object | undefined, at: string): Promise<void> => {
      const [entry] = await models.LogEntry.objects.logActions(1, [object as never], models.CHANGE);
      await models.LogEntry.objects
        .filter({ pk: entry?.pk } as never)
        .update({ actionTime: new Date(at) } as never);
    };
    await log(book, '2024-03-01T10:00:00Z');
    await log(other, '2024-03-03T10:00:00Z');
    await log(author, '2024-03-01T10:00:00Z');
    const { page, errors } = await openAsGrace('/admin/admin/activity/', { javaScriptEnabled: false });
    const rows = page.locator('#change-history tbody tr');
    await page.getByLabel('Model').selectOption({ label: 'Shop | book' });
    await page.getByLabel('Action').selectOption('Change');
    await page.getByLabel('From').fill('2024-03-01');
    await page.getByLabel('Until').fill('2024-03-02');
    await page.getByLabel('Until').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/until=2024-03-02/);
    expect(await rows.count()).toBe(1);
    expect(await rows.first().textContent()).toContain(String(book));
    expect(await page.getByLabel('From').inputValue()).toBe('2024-03-01');
    await page.getByLabel('Date').selectOption('Today');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('Nothing matches.').waitFor();
    await page.getByRole('link', { name: 'Clear' }).click();
    await page.waitForURL((url) => url.search === '');
    expect(await rows.count()).toBe(3);
    expect(errors).toEqual([]);
  });
});
