/** Two people who edit the same object: the second one is told, and overwrites nothing unawares. */
import '../../db/settings';
import type { Client, ClientResponse } from 'tsango/test';
import { fieldsOf, library, staff, useLibrary } from './support';

useLibrary();

const location = (response: ClientResponse): unknown => response.headers.get('location');

let ada: Client;
let url: string;

beforeEach(async () => {
  const author = await library.Author.objects.create({ name: 'Ada' });
  const book = await library.Book.objects.create({ title: 'Notes', slug: 'notes', author, price: '5.00' });
  await library.Review.objects.create({ book, text: 'Good' });
  url = `/admin/library/book/${book.id}/change/`;
  ada = await staff();
});

const open = async (client: Client): Promise<Record<string, string>> =>
  fieldsOf((await client.get(url)).text);

describe('the form of an object', () => {
  it('is saved where nobody changed it meanwhile', async () => {
    const page = await open(ada);
    expect(page['_version']).toMatch(/^\{/);
    expect(location(await ada.post(url, { ...page, title: 'Sketches' }))).toBe('/admin/library/book/');
    expect((await library.Book.objects.get({})).title).toBe('Sketches');
  });

  it('is not saved over what somebody else saved: who, when and what is said, and saving again overwrites it', async () => {
    const mine = await open(ada);
    const hers = await open(ada);
    await ada.post(url, { ...hers, title: 'Sketches' });
    const answer = await ada.post(url, { ...mine, title: 'Drafts' });
    expect(answer.statusCode).toBe(200);
    expect(answer.text).toMatch(
      /boss changed this book at \d+(:\d\d)? [ap]\.m\., after you had opened the page\./,
    );
    expect(answer.text).toContain('Meanwhile changed to “Sketches”.');
    expect(answer.text).toContain('value="Drafts"');
    expect((await library.Book.objects.get({})).title).toBe('Sketches');
    expect(location(await ada.post(url, fieldsOf(answer.text)))).toBe('/admin/library/book/');
    expect((await library.Book.objects.get({})).title).toBe('Drafts');
  });

  it('is not saved with the old value of a field that only the other one touched', async () => {
    const mine = await open(ada);
    await library.Book.objects.all().update({ kind: 'p', isPublic: true });
    const answer = await ada.post(url, { ...mine, title: 'Drafts' });
    expect(answer.text).toContain('This book was changed after you had opened the page.');
    expect(answer.text).toContain('Meanwhile changed to “Poems”.');
    expect(answer.text).toContain('Meanwhile changed to “Yes”.');
    const { title, kind, isPublic } = await library.Book.objects.get({});
    expect([title, kind, isPublic]).toEqual(['Notes', 'p', true]);
  });

  it('says a value with dollar signs as it is', async () => {
    const mine = await open(ada);
    await library.Book.objects.all().update({ title: "$& $' $1" });
    const { text } = await ada.post(url, { ...mine, title: 'Drafts' });
    expect(text).toContain('Meanwhile changed to “$&amp; $&#x27; $1”.');
  });

  it('says the names of rows that others chose', async () => {
    const mine = await open(ada);
    const grace = await library.Author.objects.create({ name: 'Grace' });
    const book = await library.Book.objects.get({});
    await library.Book.objects.all().update({ author: grace });
    const tags = await library.Tag.objects.bulkCreate(['x', 'y'].map((word) => new library.Tag({ word })));
    await book.tags.add(...tags);
    const { text } = await ada.post(url, mine);
    expect(text).toContain('Meanwhile changed to “Grace”.');
    expect(text).toContain('Meanwhile changed to “x, y”.');
    expect(await book.tags.count()).toBe(2);
  });

  it('is saved where the same was saved twice, and where others changed what is not in it', async () => {
    const mine = await open(ada);
    await ada.post(url, { ...(await open(ada)), title: 'Sketches' });
    expect(location(await ada.post(url, { ...mine, title: 'Sketches' }))).toBe('/admin/library/book/');
  });

  it('tells of a conflict also where something else is wrong', async () => {
    const mine = await open(ada);
    await library.Book.objects.all().update({ title: 'Sketches' });
    const { text } = await ada.post(url, { ...mine, title: 'Drafts', price: 'dear' });
    expect(text).toContain('Enter a number.');
    expect(text).toContain('Meanwhile changed to “Sketches”.');
  });

  it('does not save, or delete, a row below it that somebody else changed', async () => {
    const mine = await open(ada);
    await library.Review.objects.all().update({ text: 'Bad' });
    for (const change of [{ 'review_set-0-stars': '1' }, { 'review_set-0-DELETE': 'on' }]) {
      const { text } = await ada.post(url, { ...mine, ...change });
      expect(text).toContain('This row was changed after you had opened the page.');
    }
    const { text, stars } = await library.Review.objects.get({});
    expect([text, stars]).toEqual(['Bad', 5]);
  });

  it('is Django’s where the field was not sent, or is not what a page has said', async () => {
    const { _version, ...mine } = await open(ada);
    expect(_version).toBeDefined();
    for (const sent of [
      {},
      { _version: 'x' },
      { _version: '[1]' },
      { _version: '{"":"short"}' },
      { _version: 'null' },
    ]) {
      await library.Book.objects.all().update({ title: 'Sketches' });
      expect(location(await ada.post(url, { ...mine, ...sent, title: 'Drafts' }))).toBe(
        '/admin/library/book/',
      );
    }
    expect((await library.Book.objects.get({})).title).toBe('Drafts');
  });

  it('says nothing of values: the same ones look different in each field, and not at all to who may only look', async () => {
    const { _version } = await open(ada);
    const digests = (JSON.parse(String(_version)) as Record<string, string>)['']?.match(/.{8}/g) ?? [];
    expect(digests.length).toBeGreaterThan(5);
    expect(new Set(digests).size).toBe(digests.length);
    const clerk = await staff(['view_book']);
    expect((await clerk.get(url)).text).not.toContain('_version');
  });
});

describe('the rows of a list', () => {
  it('are not saved over what somebody else saved', async () => {
    const list = '/admin/library/author/';
    const mine = fieldsOf((await ada.get(list)).text);
    await library.Author.objects.all().update({ born: '1815-12-10' });
    const sent = { ...mine, 'form-0-born': '1900-01-01', _save: 'Save' };
    const answer = await ada.post(list, sent);
    expect(answer.text).toContain('This row was changed after you had opened the page.');
    expect((await library.Author.objects.get({})).born).toBe('1815-12-10');
    const again = { ...fieldsOf(answer.text), _save: 'Save' };
    expect(location(await ada.post(list, again))).toBe(list);
    expect((await library.Author.objects.get({})).born).toBe('1900-01-01');
  });
});
