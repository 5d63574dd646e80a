/** The admin of a library, through requests: what a person does there in a day. */
import '../../db/settings';
import { LogEntry } from 'tsango/contrib/admin/models';
import { User } from 'tsango/contrib/auth/models';
import { Client, type ClientResponse } from 'tsango/test';
import { statementsOf } from '../../support/model_tables';
import { library, staff, useLibrary } from './support';

useLibrary();

const location = (response: ClientResponse): unknown => response.headers.get('location');
const cells = (html: string): string[] =>
  [...html.matchAll(/<t[hd] class="field-(\w+)[^"]*"[^>]*>([\s\S]*?)<\/t[hd]>/g)].map(
    ([, name, text = '']) => `${name}=${text.replace(/<[^>]*>/g, '')}`,
  );

async function notes(): Promise<InstanceType<typeof library.Book>> {
  const author = await library.Author.objects.create({ name: 'Ada' });
  return library.Book.objects.create({ title: 'Notes', author, published: new Date('2024-01-02T10:00:00Z') });
}

const FORM = {
  title: 'Notes',
  slug: 'notes',
  published_0: '2024-01-02',
  published_1: '10:00',
  price: '5',
  kind: 'n',
  'review_set-TOTAL_FORMS': '1',
  'review_set-INITIAL_FORMS': '0',
};

describe('who may enter', () => {
  it('is asked to log in, and comes back to where it was', async () => {
    const client = new Client();
    expect(location(await client.get('/admin/library/book/'))).toBe(
      '/admin/login/?next=/admin/library/book/',
    );
    await User.objects.createSuperuser('boss', 'boss@example.com', 'secret');
    const answer = await client.post('/admin/login/?next=/admin/library/book/', {
      username: 'boss',
      password: 'secret',
      next: '/admin/library/book/',
    });
    expect(location(answer)).toBe('/admin/library/book/');
    expect((await client.get('/admin/library/book/')).statusCode).toBe(200);
  });

  it('is of the staff: others are told so, and not let in', async () => {
    await User.objects.createUser('guest', null, 'secret');
    const client = new Client();
    const page = await client.post('/admin/login/', { username: 'guest', password: 'secret' });
    expect(page.text).toContain('for a staff account');
    expect((await client.get('/admin/')).statusCode).toBe(302);
  });

  it('sees only what its permissions allow, and may do no more', async () => {
    const book = await notes();
    const client = await staff(['view_book']);
    const index = await client.get('/admin/');
    expect([
      index.text.includes('/admin/library/book/'),
      index.text.includes('/admin/library/author/'),
    ]).toEqual([true, false]);
    const page = await client.get(`/admin/library/book/${book.id}/change/`);
    expect(page.text).toContain('View book');
    expect(page.text).not.toContain('name="title"');
    const refused = [
      await client.get('/admin/library/book/add/'),
      await client.post(`/admin/library/book/${book.id}/change/`, FORM),
      await client.get(`/admin/library/book/${book.id}/delete/`),
      await client.get('/admin/library/author/'),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
    const list = await client.get('/admin/library/book/');
    expect(list.text).not.toContain('value="publish"');
  });

  it('leaves by POST alone', async () => {
    const client = await staff();
    expect((await client.get('/admin/logout/')).statusCode).toBe(405);
    expect((await client.post('/admin/logout/')).text).toContain('Log in again');
    expect((await client.get('/admin/')).statusCode).toBe(302);
  });
});

describe('an object', () => {
  it('is made with what belongs to it, and both are in the log', async () => {
    const author = await library.Author.objects.create({ name: 'Ada' });
    const client = await staff();
    const answer = await client.post('/admin/library/book/add/', {
      ...FORM,
      author: String(author.id),
      'review_set-0-text': 'Good',
      'review_set-0-stars': '4',
      _continue: '1',
    });
    const book = await library.Book.objects.selectRelated('author').get({});
    expect(location(answer)).toBe(`/admin/library/book/${book.id}/change/`);
    expect([book.title, book.published?.toISOString(), book.price, book.authorId]).toEqual([
      'Notes',
      '2024-01-02T10:00:00.000Z',
      '5.00',
      author.id,
    ]);
    const page = await client.get(`/admin/library/book/${book.id}/change/`);
    expect(page.text).toContain(`was added successfully. You may edit it again below.`);
    expect(page.text).toContain(`<a href="/admin/library/book/${book.id}/change/">Notes</a>`);
    expect(page.text).toContain('Good</textarea>');
    const entry = await LogEntry.objects.get({});
    expect([entry.changeMessage, entry.getChangeMessage(), String(entry)]).toEqual([
      '[{"added": {}}, {"added": {"name": "review", "object": "Good"}}]',
      'Added. Added review “Good”.',
      'Added “Notes”.',
    ]);
  });

  it('is changed, and what changed is said', async () => {
    const book = await notes();
    const client = await staff();
    const answer = await client.post(`/admin/library/book/${book.id}/change/`, {
      ...FORM,
      title: 'Sketches',
      slug: '',
      price: '0.00',
      author: String(book.authorId),
      'review_set-TOTAL_FORMS': '0',
    });
    expect(location(answer)).toBe('/admin/library/book/');
    expect((await library.Book.objects.get({})).title).toBe('Sketches');
    expect((await LogEntry.objects.get({})).getChangeMessage()).toBe('Changed Title.');
    const history = await client.get(`/admin/library/book/${book.id}/history/`);
    expect(history.text).toContain('<td>Changed Title.</td>');
  });

  it('is not saved with errors, and nothing of it is', async () => {
    const client = await staff();
    const page = await client.post('/admin/library/book/add/', {
      ...FORM,
      author: '99',
      'review_set-0-text': '',
      'review_set-0-stars': 'many',
    });
    expect(page.statusCode).toBe(200);
    expect(page.text).toContain('Please correct the errors below.');
    expect(page.text).toContain('Select a valid choice. That choice is not one of the available choices.');
    expect(page.text).toContain('Enter a whole number.');
    expect([await library.Book.objects.count(), await LogEntry.objects.count()]).toEqual([0, 0]);
  });

  it('that is not there leads to the first page, with a message', async () => {
    const client = await staff();
    expect(location(await client.get('/admin/library/book/77/change/'))).toBe('/admin/');
    expect((await client.get('/admin/')).text).toContain(
      'Book with ID “77” doesn’t exist. Perhaps it was deleted?',
    );
    expect((await client.get('/admin/library/book/x%27y/change/')).statusCode).toBe(302);
  });

  it('goes with all that belongs to it, once that was confirmed', async () => {
    const book = await notes();
    await library.Review.objects.create({ book, text: 'Good' });
    const client = await staff();
    const page = await client.get(`/admin/library/book/${book.id}/delete/`);
    expect(page.text).toContain('<li>Reviews: 1</li>');
    expect(page.text).toMatch(/<li>Review: <a href="[^"]*">Good<\/a><\/li>/);
    expect(location(await client.post(`/admin/library/book/${book.id}/delete/`, { post: 'yes' }))).toBe(
      '/admin/library/book/',
    );
    expect([await library.Book.objects.count(), await library.Review.objects.count()]).toEqual([0, 0]);
    expect(String(await LogEntry.objects.get({}))).toBe('Deleted “Notes.”');
  });

  it('stays where another one needs it', async () => {
    const book = await notes();
    await library.Loan.objects.create({ book, who: 'Grace' } as never);
    const client = await staff();
    for (const page of [
      await client.get(`/admin/library/book/${book.id}/delete/`),
      await client.post(`/admin/library/book/${book.id}/delete/`, { post: 'yes' }),
    ]) {
      expect(page.text).toContain('would require deleting the following protected related objects');
      expect(page.text).toContain('>Grace</a>');
    }
    expect(await library.Book.objects.count()).toBe(1);
  });
});

describe('the list', () => {
  async function shelf(): Promise<Client> {
    const [ada, grace] = await library.Author.objects.bulkCreate([
      new library.Author({ name: 'Ada' }),
      new library.Author({ name: 'Grace' }),
    ]);
    await library.Book.objects.bulkCreate(
      [...Array(120).keys()].map(
        (i) =>
          new library.Book({
            title: `Book ${String(i).padStart(3, '0')}`,
            author: i % 2 === 0 ? ada : grace,
            price: String(i),
            isPublic: i % 3 === 0,
            published: new Date(Date.UTC(2020 + (i % 3), 0, 1 + (i % 20))),
          }),
      ),
    );
    return staff();
  }

  it('shows fields, relations and methods of the admin, a page at a time', async () => {
    const client = await shelf();
    const first = await client.get('/admin/library/book/?o=1');
    expect(first.text).toContain('120 books');
    expect(cells(first.text).slice(0, 6)).toEqual([
      'title=Book 000',
      'author=Ada',
      'published=Jan. 1, 2020, midnight',
      'is_public=',
      'kind=Novel',
      'cheap=',
    ]);
    expect(cells(first.text).length).toBe(600);
    expect(cells((await client.get('/admin/library/book/?o=1&p=2')).text)[0]).toBe('title=Book 100');
    expect(location(await client.get('/admin/library/book/?p=9'))).toBe('/admin/library/book/?e=1');
  });

  it('asks the same number of statements for one row and for a hundred', async () => {
    const client = await shelf();
    await library.Book.objects.filter({ title__gt: 'Book 090' }).delete();
    const many = await statementsOf(() => client.get('/admin/library/book/'));
    await library.Book.objects.filter({ title__gt: 'Book 000' }).delete();
    const one = await statementsOf(() => client.get('/admin/library/book/'));
    expect(one.length).toBeGreaterThan(3);
    expect(many.length).toBe(one.length);
  });

  it('is searched, filtered and sorted by its address', async () => {
    const client = await shelf();
    const titles = async (query: string): Promise<string[]> =>
      cells((await client.get(`/admin/library/book/?${query}`)).text)
        .filter((cell) => cell.startsWith('title='))
        .map((cell) => cell.slice(11));
    expect(await titles('q=grace+007')).toEqual(['007']);
    expect((await titles('is_public__exact=1')).length).toBe(40);
    const { id } = await library.Author.objects.get({ name: 'Ada' });
    expect((await titles(`author__id__exact=${id}&published__year=2021`)).length).toBe(20);
    expect((await titles('o=-6')).slice(0, 2)).toEqual(['119', '118']);
    const page = await client.get('/admin/library/book/?q=nothing');
    expect(page.text).toContain('0 results');
  });

  it('tells nobody what it does not list', async () => {
    const client = await shelf();
    const refused = await client.get('/admin/library/author/?book__title__startswith=Book');
    expect([refused.statusCode, location(await client.get('/admin/library/book/?nothing=1'))]).toEqual([
      400,
      '/admin/library/book/?e=1',
    ]);
  });

  it('runs actions on what was chosen, and asks before it deletes', async () => {
    const client = await shelf();
    const [one, two] = await library.Book.objects.orderBy('id').slice(0, 2);
    const chosen = { _selected_action: [String(one?.id), String(two?.id)], index: '0' };
    await client.post('/admin/library/book/', { ...chosen, action: 'publish' });
    expect((await client.get('/admin/library/book/')).text).toContain('2 published.');
    const ask = await client.post('/admin/library/book/', { ...chosen, action: 'delete_selected' });
    expect(ask.text).toContain('Are you sure you want to delete the selected books?');
    expect(await library.Book.objects.count()).toBe(120);
    await client.post('/admin/library/book/', { ...chosen, action: 'delete_selected', post: 'yes' });
    expect(await library.Book.objects.count()).toBe(118);
    await client.post('/admin/library/book/', { action: 'publish', index: '0' });
    expect((await client.get('/admin/library/book/')).text).toContain('Items must be selected');
  });

  it('is edited in its rows', async () => {
    const ada = await library.Author.objects.create({ name: 'Ada' });
    const client = await staff();
    const answer = await client.post('/admin/library/author/', {
      'form-TOTAL_FORMS': '1',
      'form-INITIAL_FORMS': '1',
      'form-0-id': String(ada.id),
      'form-0-born': '1815-12-10',
      _save: 'Save',
    });
    expect(location(answer)).toBe('/admin/library/author/');
    expect((await library.Author.objects.get({})).born).toBe('1815-12-10');
    expect((await client.get('/admin/library/author/')).text).toContain('1 author was changed successfully.');
  });
});

describe('users', () => {
  it('are made by a name and a password, then given the rest; hashes are asked of nobody', async () => {
    const client = await staff();
    const answer = await client.post('/admin/auth/user/add/', {
      username: 'ada',
      usable_password: 'true',
      password1: 'correct horse battery',
      password2: 'correct horse battery',
    });
    const ada = await User.objects.get({ username: 'ada' });
    expect(location(answer)).toBe(`/admin/auth/user/${ada.pk}/change/`);
    expect(await ada.checkPassword('correct horse battery')).toBe(true);
    const page = await client.get(`/admin/auth/user/${ada.pk}/change/`);
    expect(page.text).toContain('Personal info');
    expect(page.text).not.toContain(ada.password);
    expect((await client.get('/admin/auth/user/?password__startswith=md5')).statusCode).toBe(400);
    await client.post(`/admin/auth/user/${ada.pk}/password/`, {
      password1: 'another one 77',
      password2: 'another one 77',
    });
    expect(await (await User.objects.get({ pk: ada.pk })).checkPassword('another one 77')).toBe(true);
  });
});

describe('rows for a box that completes what is typed', () => {
  it('are found for a relation that an admin may search, and for nothing else', async () => {
    await notes();
    const client = await staff();
    const ask = (query: string): Promise<ClientResponse> => client.get(`/admin/autocomplete/?${query}`);
    const found = await ask('term=ad&app_label=library&model_name=book&field_name=author');
    expect(JSON.parse(found.text)).toEqual({
      results: [{ id: String((await library.Author.objects.get({})).id), text: 'Ada' }],
      pagination: { more: false },
    });
    const refused = [
      await ask('app_label=library&model_name=book&field_name=title'),
      await ask('app_label=library&model_name=nothing&field_name=author'),
      await ask('app_label=library&model_name=review&field_name=__proto__'),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
  });
});
