/** Objects whose key has several values, in a browser: chosen, edited in the list, added, changed, deleted. */
import { describeWith } from '../../support/services';
import { openAsGrace, shop, useShop } from './support';

jest.setTimeout(120_000);

describeWith('chromium', 'keys of several values', () => {
  useShop();

  it('are as good as others', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/prize/');
    const box = (name: string) =>
      page.getByRole('checkbox', { name: `Select this object for an action - ${name}` });
    await page.locator('#id_form-0-title').fill('Order');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('1 prize was changed successfully.').waitFor();

    await page.getByRole('link', { name: 'Medal 1831' }).click();
    expect(new URL(page.url()).pathname).toBe('/admin/shop/prize/1,1831/change/');
    expect(await page.getByRole('combobox', { name: 'Author' }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Year:').isDisabled()).toBe(true);
    await page.getByLabel('Title:').fill('Ribbon');
    await page.getByRole('button', { name: 'Save and add another' }).click();

    // The box that stands for the list, which is a combobox itself until the script has come.
    await page.locator('#id_author_search').fill('Eliot');
    await page.getByRole('option', { name: 'George Eliot' }).click();
    await page.getByLabel('Year:').fill('1870');
    await page.getByLabel('Title:').fill('Laurel');
    await page.getByRole('button', { name: 'Save and continue editing' }).click();
    await page.getByText('was added successfully').waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/shop/prize/4,1870/change/');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('Added.').waitFor();

    await page.goto('/admin/shop/prize/');
    await box('Ribbon 1831').check();
    await box('Laurel 1870').check();
    await page.getByLabel('Action:').first().selectOption('delete_selected');
    await page.getByRole('button', { name: 'Run' }).first().click();
    await page.getByRole('button', { name: 'Yes, I’m sure' }).click();
    await page.getByText('Successfully deleted 2 prizes.').waitFor();
    const left = [...(await shop.Prize.objects.orderBy('year'))].map(String);
    expect(left).toEqual(['Medal 1832', 'Order 1833']);
    expect(errors).toEqual([]);
  });
});
