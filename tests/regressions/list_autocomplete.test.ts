/** An autocomplete box among a list's columns was shown empty, and whoever saved the list lost what it had. */
import '../db/settings';
import * as admin from 'tsango/contrib/admin';
import { library, staff, useLibrary } from '../contrib/admin/support';

useLibrary();

it('an autocomplete box of a list shows what is chosen', async () => {
  admin.site.unregister(library.Loan);
  admin.site.register(library.Loan, {
    listDisplay: ['id', 'book'],
    listEditable: ['book'],
    autocompleteFields: ['book'],
  });
  const author = await library.Author.objects.create({ name: 'Ada' });
  const book = await library.Book.objects.create({ title: 'Notes', author });
  await library.Loan.objects.create({ book, who: 'Grace' } as never);
  const page = await (await staff()).get('/admin/library/loan/');
  expect(page.text).toContain(`<option value="${book.id}" selected>Notes</option>`);
});
