/** A day of somebody who works in the admin, with the mouse, with the keyboard, and without scripts. */
import { describeWith } from '../../support/services';
import { logIn, open, openAsGrace, pressAndClose, seen, shop, useShop } from './support';

jest.setTimeout(180_000);

describeWith('chromium', 'the admin of a book shop', () => {
  useShop();

  it('is a day’s work: log in, add, search, filter, edit in the list, act, delete, look back, log out', async () => {
    const { page, errors } = await open();
    await logIn(page);
    await page.getByRole('link', { name: 'Books', exact: true }).click();
    await page.getByRole('link', { name: 'Add book' }).click();

    // Autocomplete, prepopulation, pickers, boxes and inlines.
    expect(await page.locator('#id_title').evaluate((it) => it === it.ownerDocument.activeElement)).toBe(
      true,
    );
    await page.keyboard.type('Ça ira: Änne & Łukasz');
    expect(await page.locator('#id_slug').inputValue()).toBe('ca-ira-anne-lukasz');
    await page.getByLabel('Author:').fill('shel');
    await page.getByRole('option', { name: 'Mary Shelley' }).click();
    await page.getByLabel('Publisher:').selectOption({ label: 'Murray' });
    const available = page.getByLabel(/^Available tags/);
    await available.selectOption(['gothic', 'letters']);
    await page.getByRole('button', { name: 'Choose selected tags' }).click();
    await page.getByLabel('Filter available tags').fill('scie');
    await page.keyboard.press('Enter');
    await page.getByLabel(/^Chosen tags/).selectOption('letters');
    await page.getByRole('button', { name: 'Remove selected tags' }).click();
    await page.getByRole('button', { name: 'Today: Published' }).click();
    await page.getByRole('button', { name: 'Now: Published' }).click();
    await page.locator('#id_review_set-0-text').fill('Terrifying.');
    await page.getByRole('button', { name: 'Add another Review' }).click();
    await page.keyboard.type('Too long.');
    await page.getByRole('button', { name: 'Add another Review' }).click();
    await page.keyboard.type('A third one');
    await page.getByRole('button', { name: 'Remove #2' }).click();
    await page.getByRole('button', { name: 'Add another Chapter' }).click();
    await page.keyboard.type('Letter 1');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await seen(page.getByRole('status').first())).toBe(
      'The book “Ça ira: Änne & Łukasz” was added successfully.',
    );
    const book = await shop.Book.objects.get({ slug: 'ca-ira-anne-lukasz' });
    expect(String(await book.author)).toBe('Mary Shelley');
    expect((await book.tags.all()).map(String)).toEqual(['gothic', 'science']);
    const reviews = await shop.Review.objects.filter({ book });
    expect(reviews.map(String)).toEqual(['Terrifying.', 'A third one']);
    expect((await shop.Chapter.objects.filter({ book })).map(String)).toEqual(['Letter 1']);
    expect(Math.abs(Number(book.published) - Date.now())).toBeLessThan(60_000);

    // Search with the keyboard, filter, edit in the list. Scripts listen when the page is whole.
    await page.waitForLoadState('load');
    await page.keyboard.press('/');
    await page.keyboard.type('ira');
    await Promise.all([page.waitForURL(/q=ira/), page.keyboard.press('Enter')]);
    expect(await page.locator('#result_list tbody tr').count()).toBe(1);
    await page.getByRole('link', { name: 'Poems' }).click();
    expect(await seen(page.locator('.empty'))).toBe('Nothing matches.');
    await page.getByRole('link', { name: 'Novel' }).click();
    await page.locator('#id_form-0-price').fill('7.25');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await seen(page.getByRole('status').first())).toBe('1 book was changed successfully.');
    await book.refreshFromDb();
    expect(String(book.price)).toBe('7.25');

    // Act on it, change it, look back, delete it.
    await page.locator('#action-toggle').check();
    await page.getByLabel('Action:').selectOption({ label: 'Publish the selected books' });
    await page.getByRole('button', { name: 'Run the selected action' }).click();
    expect(await seen(page.getByRole('status').first())).toBe('1 published.');
    await page.getByRole('link', { name: 'Ça ira' }).click();
    await page.getByLabel('Notes:').fill('Second edition');
    await page.getByRole('button', { name: 'Save and continue editing' }).click();
    await page.getByText('You may edit it again below.').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page.locator('#change-history tbody').waitFor();
    expect(await page.locator('#change-history tbody td:last-child').allInnerTexts()).toEqual([
      expect.stringMatching(/^Added\./),
      'Changed Price.',
      'Changed Notes.',
    ]);
    await page.goBack();
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Yes, I’m sure' }).waitFor();
    expect(await seen(page.locator('#content'))).toContain('Terrifying.');
    await page.getByRole('button', { name: 'Yes, I’m sure' }).click();
    await page.getByText('was deleted successfully').waitFor();
    expect(await shop.Book.objects.filter({ pk: book.pk }).exists()).toBe(false);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in again' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('chooses a range with Shift, and all of all pages', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/book/');
    const boxes = page.locator('input.action-select');
    await boxes.nth(2).click();
    await boxes.nth(6).click({ modifiers: ['Shift'] });
    const counter = page.locator('.action-counter').first();
    expect(await seen(counter)).toBe('5 of 20 selected');
    await boxes.nth(4).click();
    await boxes.nth(6).click({ modifiers: ['Shift'] });
    expect(await seen(counter)).toBe('2 of 20 selected');
    await page.locator('#action-toggle').click();
    await page.getByRole('button', { name: 'Select all 45 books' }).click();
    expect(await seen(page.locator('.actions .all').first())).toBe('All 45 selected');
    await page.getByRole('button', { name: 'Clear selection' }).click();
    expect(await seen(counter)).toBe('0 of 20 selected');
    expect(errors).toEqual([]);
  });

  it('asks before changes are lost, and saves with Ctrl+S', async () => {
    const { page } = await openAsGrace('/admin/shop/publisher/add/');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.locator('#id_name').pressSequentially('Minerva');
    await Promise.all([page.waitForEvent('dialog'), page.getByRole('link', { name: 'Home' }).click()]);
    expect(asked).toEqual(['beforeunload']);
    await page.keyboard.press('Control+s');
    await page.waitForURL(/\/publisher\/\d+\/change\/$/);
    expect(asked).toEqual(['beforeunload']);
    expect(await shop.Publisher.objects.filter({ name: 'Minerva' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Home' }).click();
    await page.waitForURL(/\/admin\/$/);
    expect(asked).toEqual(['beforeunload']);

    await page.goto('/admin/shop/book/');
    await page.locator('#id_form-0-price').fill('1.00');
    await page.locator('input.action-select').first().check();
    await page.getByLabel('Action:').selectOption({ label: 'Publish the selected books' });
    await page.getByRole('button', { name: 'Run the selected action' }).click();
    expect(asked).toEqual(['beforeunload', 'confirm']);
  });

  it('makes, changes and chooses related objects in windows of their own', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/book/1/change/');
    const popup = async (press: () => Promise<void>) => {
      const [opened] = await Promise.all([page.waitForEvent('popup'), press()]);
      await opened.waitForLoadState();
      return opened;
    };
    const add = await popup(() => page.locator('#add_id_publisher').click());
    await add.getByLabel('Name:').fill('Bentley');
    await pressAndClose(add.getByRole('button', { name: 'Save' }));
    const publisher = page.getByLabel('Publisher:');
    expect(await seen(publisher.locator('option:checked'))).toBe('Bentley');

    const change = await popup(() => page.locator('#change_id_publisher').click());
    await change.getByLabel('Name:').fill('Richard Bentley');
    await pressAndClose(change.getByRole('button', { name: 'Save' }));
    expect(await seen(publisher.locator('option:checked'))).toBe('Richard Bentley');

    const choose = await popup(() => page.locator('#lookup_id_translator').click());
    await pressAndClose(choose.getByRole('link', { name: 'Jane Austen' }));
    expect(await page.getByLabel('Translator:').inputValue()).toBe('3');

    const author = await popup(() => page.locator('#add_id_author').click());
    await author.getByLabel('Name:').fill('Ann Radcliffe');
    await pressAndClose(author.getByRole('button', { name: 'Save' }));
    expect(await page.getByLabel('Author:').inputValue()).toBe('Ann Radcliffe');

    const gone = await popup(() => page.locator('#delete_id_publisher').click());
    await pressAndClose(gone.getByRole('button', { name: 'Yes, I’m sure' }));
    expect(await publisher.locator('option').allInnerTexts()).not.toContain('Richard Bentley');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('was changed successfully').waitFor();
    const book = await shop.Book.objects.get({ pk: 1 });
    expect(String(await book.author)).toBe('Ann Radcliffe');
    expect(book.translatorId).toBe(3);
    expect(errors).toEqual([]);
  });

  it('completes with the keyboard, says that nothing was found, and clears', async () => {
    const { page, errors } = await openAsGrace('/admin/shop/book/2/change/');
    const author = page.getByRole('combobox', { name: 'Author:' });
    await author.focus();
    await page.getByRole('option').first().waitFor();
    await author.fill('zzz');
    await page.getByText('No results found').waitFor();
    await author.fill('e');
    await page.getByRole('option', { name: 'Emily Brontë' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const chosen = await author.inputValue();
    await page.keyboard.press('Control+s');
    await page.waitForLoadState();
    await page.getByRole('status').first().waitFor();
    expect(String(await (await shop.Book.objects.get({ pk: 2 })).author)).toBe(chosen);
    expect(errors).toEqual([]);
  });

  it('works without scripts: add with an inline, change, act, delete', async () => {
    const { page } = await open('/admin/', { javaScriptEnabled: false });
    await logIn(page);
    await page.goto('/admin/shop/book/add/');
    await page.getByLabel('Title:').fill('Plain');
    await page.getByLabel('Slug:').fill('plain');
    await page.locator('#id_published_0').fill('1818-01-01');
    await page.locator('#id_published_1').fill('10:00');
    await page.locator('#id_review_set-0-text').fill('Fine.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    // The author can be chosen by a script alone, as in Django: the form says what is missing.
    expect(await seen(page.locator('.errornote'))).toBe('Please correct the error below.');

    await page.goto('/admin/shop/author/add/');
    await page.getByLabel('Name:').fill('Frances Burney');
    await page.getByLabel('Born:').fill('1752-06-13');
    await page.getByRole('button', { name: 'Save and continue editing' }).click();
    await page.getByLabel('Born:').fill('someday');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await seen(page.locator('.errorlist'))).toBe('Enter a valid date.');
    await page.getByLabel('Born:').fill('1752-06-14');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'Frances Burney' }).first().waitFor();

    await page.goto('/admin/shop/book/?q=Emma%2C+vol.+1');
    await page.locator('input.action-select').check();
    await page.getByLabel('Action:').selectOption({ label: 'Publish the selected books' });
    await page.getByRole('button', { name: 'Run the selected action' }).click();
    expect(await seen(page.getByRole('status').first())).toBe('1 published.');
    await page.goto('/admin/shop/book/?q=Emma%2C+vol.+2');
    await page.locator('input.action-select').check();
    await page.getByLabel('Action:').selectOption({ label: 'Delete selected books' });
    await page.getByRole('button', { name: 'Run the selected action' }).click();
    await page.getByRole('button', { name: 'Yes, I’m sure' }).click();
    await page.getByText('Successfully deleted 1 book.').waitFor();
    expect(await shop.Book.objects.filter({ title: 'Emma, vol. 2' }).exists()).toBe(false);
  });
});
