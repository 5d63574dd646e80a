/** The sample site, request by request, in process. */
import path from 'node:path';
import { apps } from 'tsango/apps';
import { resetSettings, settings } from 'tsango/conf';
import { Permission, User } from 'tsango/contrib/auth/models';
import { KeyError } from 'tsango/core/exceptions';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { Client, type ClientResponse } from 'tsango/test';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { latestNotes, NoteForm } from '../../sampleapp/guest_book';
import { Author, Note } from '../../sampleapp/models';
import { captureLogs } from '../support/logs';
import { statementsOf } from '../support/model_tables';

const silent = { write: () => undefined };

beforeAll(async () => {
  setSiteRoot(path.resolve(__dirname, '..', '..'));
  Object.assign(process.env, {
    TSANGO_SETTINGS_MODULE: 'sampleapp.settings',
    DATABASE: ':memory:',
    DEBUG: '1',
  });
  apps.populate(settings.INSTALLED_APPS);
  await callCommand('migrate', { verbosity: 0, stdout: silent });
});
afterAll(async () => {
  await connections.closeAll();
  resetSettings();
  apps.reset();
  setSiteRoot(undefined);
});

let client: Client;
beforeEach(() => {
  client = new Client();
  jest.spyOn(process.stderr, 'write').mockReturnValue(true); // The log; where it matters it is caught.
});
afterEach(() => jest.restoreAllMocks());

it('has the migrations that its models need', async () => {
  let said = '';
  const stdout = { write: (text: string) => (said += text) };
  await callCommand('makemigrations', { checkChanges: true, interactive: false, stdout });
  expect(said).toBe('No changes detected\n');
});

const get = async (url: string): Promise<[number, string]> => {
  const response = await client.get(url);
  return [response.statusCode, response.text];
};

describe('the four views', () => {
  it('answer as they always did', async () => {
    await expect(client.get('/get_session/')).rejects.toThrow(new KeyError('name'));
    expect(await get('/set_session/')).toEqual([200, 'set successfully']);
    expect(await get('/get_session/')).toEqual([200, 'data is amrit panta']);
    expect(await get('/delete_session/')).toEqual([200, 'deleted successfully']);
    expect(await get('/delete_session/')).toEqual([200, 'session doesnot exist']);
    await expect(client.get('/get_session/')).rejects.toThrow(new KeyError('name'));
  });

  it('are a debug page where the key is missing', async () => {
    client = new Client({ raiseRequestException: false });
    const logs = await captureLogs('tsango.request', async () => {
      const [status, page] = await get('/get_session/');
      expect(status).toBe(500);
      expect(page).toContain('KeyError at /get_session/');
      expect(page).not.toContain(settings.SECRET_KEY);
    });
    expect(logs).toEqual([expect.stringContaining('Internal Server Error: /get_session/')]);
  });

  it('end the session with its methods', async () => {
    await get('/set_session/');
    const response = await client.get('/get_session_method/');
    expect(response.statusCode).toBe(200);
    expect(response.context).toMatchObject({ age: 25 });
    const text = response.text.replace(/\s+/g, ' ');
    expect(text).toContain('<p>Keys: </p> <p>Items: </p> <p>Age: 25</p>');
    expect(response.cookies.get('sessionid')?.value).toBe('');
    await expect(client.get('/get_session/')).rejects.toThrow(new KeyError('name'));
  });
});

describe('the home page', () => {
  it('counts visits and shows what the session holds', async () => {
    await client.get('/');
    await client.get('/set_session/');
    const [status, page] = await get('/');
    expect(status).toBe(200);
    expect(page).toContain('<strong class="count">2</strong> times.');
    expect(page).toMatch(/<code>name<\/code><\/th><td>amrit panta<\/td>/);
    expect(page).toContain(`<code>${(await client.session).sessionKey}</code>`);
  });

  it('answers 405 to a link to a button', async () => {
    const response = await client.get('/session/set/');
    expect(response.statusCode).toBe(405);
    expect(response.headers.get('Allow')).toBe('POST');
  });

  it('does what its buttons say', async () => {
    const press = async (action: string): Promise<string> => {
      const response = await client.post(`/session/${action}/`, {}, { follow: true });
      expect(response.redirectChain).toEqual([['/', 302]]);
      return /<p class="message \w+">(.*?)<\/p>/.exec(response.text)?.[1] ?? '';
    };
    expect(await press('set')).toBe('set successfully');
    expect(await press('get')).toBe('data is amrit panta');
    const before = (await client.session).sessionKey;
    expect(await press('rotate')).toBe('The session has a new key, and everything that it held.');
    expect((await client.session).sessionKey).not.toBe(before);
    expect(await press('delete')).toBe('deleted successfully');
    expect(await press('delete')).toBe('session doesnot exist');
    expect(await press('get')).toBe(
      'KeyError: &#x27;name&#x27;. On its own, the view would have answered with a 500.',
    );
    expect(await press('flush')).toBe('The session is gone, and its row with it.');
    expect((await client.post('/session/toString/')).statusCode).toBe(404);
  });

  it('refuses a form without its token', async () => {
    client = new Client({ enforceCsrfChecks: true });
    await client.get('/');
    expect((await client.post('/session/set/')).statusCode).toBe(403);
  });

  it('keeps the guest book', async () => {
    const response = await client.post('/notes/', { author: 'Ada', text: '<i>hello</i>' }, { follow: true });
    expect(response.text).toContain('<p>&lt;i&gt;hello&lt;/i&gt;</p>');
    expect(response.text).toMatch(/Ada \(1 note\), <time/);
    const refused = await client.post('/notes/', { author: ' ', text: 'x' });
    expect(refused.text).toContain(
      '<ul class="errorlist" id="id_author_error"><li>This field is required.</li></ul>',
    );
    expect(refused.text).toContain(
      '<input type="text" name="text" value="x" maxlength="200" required id="id_text">',
    );
  });
});

describe('the guest book', () => {
  const shown = async (): Promise<string[]> => {
    const { text } = await client.get('/');
    const notes = /<ul class="notes">([\s\S]*?)<\/ul>/.exec(text)?.[1] ?? '';
    return [...notes.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, note = '']) =>
      note
        .replace(/<time[\s\S]*?<\/time>/, '')
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  };
  const write = (author: string, text: string, tags = ''): Promise<unknown> =>
    client.post('/notes/', { author, text, tags });

  it('knows who wrote how much, and how often a tag is used', async () => {
    await write('Bob', 'first', 'Trees, birds,, trees');
    await write('Eve', 'second', ' birds ');
    await write('Bob', 'third');
    expect((await shown()).slice(0, 3)).toEqual([
      'third Bob (2 notes),',
      'second Eve (1 note), birds (2)',
      'first Bob (2 notes), birds (2) trees (1)',
    ]);
  });

  it('is read in two statements, however many notes it shows', async () => {
    for (const name of ['One', 'Two', 'Three']) await write(name, 'hello', `${name}, all`);
    const asked = await statementsOf(() => latestNotes(5));
    expect(asked).toHaveLength(2);
  });

  it('takes a note whole or not at all', async () => {
    const before = [await Author.objects.count(), await Note.objects.count()];
    const form = new NoteForm({ data: { author: 'Nobody', text: 'x', tags: 'fine' } });
    expect(await form.isValid()).toBe(true);
    form.cleanedData.tags.push(null as never);
    await expect(form.save()).rejects.toThrow();
    expect([await Author.objects.count(), await Note.objects.count()]).toEqual(before);
  });

  it('has the authors of notes that were written before there were any', async () => {
    const migrate = (migrationName: string): Promise<unknown> =>
      callCommand('migrate', { appLabel: 'sampleapp', migrationName, verbosity: 0, stdout: silent });
    await write('Bob', 'kept', 'old');
    const names = async (): Promise<string[]> => Note.objects.orderBy('id').flat('author__name');
    const before = await names();
    await migrate('0001');
    const { rows } = await connections.get().execute('SELECT author FROM sampleapp_note ORDER BY id');
    expect(rows.map(({ author }) => author)).toEqual(before);
    await migrate('0003');
    expect(await names()).toEqual(before);
    expect(await Author.objects.count()).toBe(new Set(before).size);
  });
});

describe('users', () => {
  const PASSWORD = 'correct horse 9';
  const signUp = (username: string, more: object = {}): Promise<ClientResponse> =>
    client.post('/accounts/signup/', {
      username,
      email: `${username}@example.com`,
      password1: PASSWORD,
      password2: PASSWORD,
      ...more,
    });
  const statusOf = async (url: string, data?: Record<string, string>): Promise<number> =>
    (await (data === undefined ? client.get(url) : client.post(url, data))).statusCode;
  afterEach(() => User.objects.all().delete());

  it('sign up, are there at once, and come back', async () => {
    expect((await signUp('grace')).headers.get('Location')).toBe('/');
    const [, page] = await get('/');
    expect(page).toContain('Welcome, grace.');
    expect(page).toContain('Sign the book as grace');
    expect(page).not.toContain('name="author"');
    expect((await client.post('/accounts/logout/')).headers.get('Location')).toBe('/');
    expect((await get('/'))[1]).toContain('name="author"');
    expect(await client.login({ username: 'grace', password: PASSWORD })).toBe(true);
    expect((await User.objects.get({ username: 'grace' })).email).toBe('grace@example.com');
  });

  it('are told what is wrong with a name and a password', async () => {
    await signUp('grace');
    client = new Client();
    expect((await signUp('Grace')).text).toContain('A user with that username already exists.');
    expect((await signUp('bob', { password2: 'other' })).text).toContain('didn’t match');
    expect((await signUp('bob', { password1: 'password', password2: 'password' })).text).toContain(
      'This password is too common.',
    );
    expect(await User.objects.count()).toBe(1);
  });

  it('sign as themselves, whatever the form says, and no guest is taken for one', async () => {
    await client.post('/notes/', { author: 'grace', text: 'a guest' });
    await signUp('grace');
    await client.post('/notes/', { author: 'ada', text: 'herself' });
    const notes = await Note.objects.selectRelated('author').orderBy('-id').slice(0, 2);
    const of = notes.map(({ author, text }) => [text, (author as Author).name, (author as Author).userId]);
    const { pk } = await User.objects.get({ username: 'grace' });
    expect(of).toEqual([
      ['herself', 'grace', pk],
      ['a guest', 'grace', null],
    ]);
    const [, page] = await get('/');
    expect(page).toMatch(/<strong>grace<\/strong> \(1 note\),[\s\S]*?Edit[\s\S]*?quiet">grace \(1 note\),/);
  });

  it('change and delete their notes alone', async () => {
    await client.post('/notes/', { author: 'guest', text: 'by a guest' });
    const guests = await Note.objects.get({ text: 'by a guest' });
    await signUp('grace');
    await client.post('/notes/', { text: 'by grace', tags: 'kept' });
    const note = await Note.objects.get({ text: 'by grace' });
    const url = `/notes/${note.pk}/`;
    expect((await client.get(url)).text).toContain('value="by grace"');
    expect(await statusOf(url, { text: 'changed' })).toBe(302);
    await note.refreshFromDb();
    expect([note.text, await note.tags.count()]).toEqual(['changed', 1]);

    const [, own] = await get('/');
    expect([own.match(/>Edit</g)?.length, own.match(/>Delete</g)?.length]).toEqual([1, 1]);
    expect(await statusOf(`/notes/${guests.pk}/`)).toBe(403);
    expect(await statusOf(`/notes/${guests.pk}/delete/`, {})).toBe(403);
    expect(await statusOf('/notes/999/')).toBe(404);
    client = new Client();
    await signUp('eve');
    for (const target of [url, `${url}delete/`]) {
      expect([await statusOf(target), await statusOf(target, { text: 'hers' })]).toEqual([403, 403]);
    }
    client = new Client();
    for (const target of [url, `${url}delete/`, `/notes/${guests.pk}/delete/`]) {
      expect((await client.post(target, { text: 'x' })).headers.get('Location')).toBe(
        `/accounts/login/?next=${target}`,
      );
    }
    expect((await get('/'))[1]).not.toMatch(/>(?:Edit|Delete)</);

    await client.login({ username: 'grace', password: PASSWORD });
    expect((await client.get(`${url}delete/`)).text).toContain('<p>changed</p>');
    expect(await statusOf(`${url}delete/`, {})).toBe(302);
    expect(await Note.objects.filter({ text__in: ['changed', 'by a guest'] }).count()).toBe(1);
  });

  it('delete those of others with the permission', async () => {
    await client.post('/notes/', { author: 'guest', text: 'rude' });
    const note = await Note.objects.get({ text: 'rude' });
    await signUp('mod');
    const mod = await User.objects.get({ username: 'mod' });
    await mod.userPermissions.add(await Permission.objects.get({ codename: 'delete_note' }));
    const [, page] = await get('/');
    expect(page).toContain(`href="/notes/${note.pk}/delete/"`);
    expect(page).not.toContain(`href="/notes/${note.pk}/"`);
    expect(await statusOf(`/notes/${note.pk}/`, { text: 'x' })).toBe(403);
    expect(await statusOf(`/notes/${note.pk}/delete/`, {})).toBe(302);
    expect(await Note.objects.filter({ text: 'rude' }).exists()).toBe(false);
  });
});

describe('the cookies page', () => {
  it('sets and deletes a plain and a signed cookie, and tells a bad signature', async () => {
    const post = async (data: Record<string, string>): Promise<string> =>
      (await client.post('/cookies/', data, { follow: true })).text.replace(/\s+/g, ' ');
    expect(await post({ action: 'delete' })).toContain('There is no cookie colour to delete.');
    expect(await post({ action: 'unsign' })).toContain('There is no cookie member to delete.');
    expect(await post({ action: 'tamper' })).toContain(
      'There is no signed cookie to tamper with: set it first.',
    );
    expect('member' in client.cookies).toBe(false);
    expect(await post({ action: 'set', colour: 'red' })).toContain(
      '<code>colour</code> is <strong>red</strong>',
    );
    expect(await post({ action: 'delete' })).toContain('<code>colour</code> is not set.');
    expect(await post({ action: 'sign', member: 'Grace' })).toContain(
      'is signed and says <strong>Grace</strong>',
    );
    expect(await post({ action: 'tamper' })).toContain('has a bad signature.');
    expect(await post({ action: 'unsign' })).toContain('<code>member</code> is not set.');
    expect(await post({ action: 'bogus' })).toContain('That is no button of this page.');
  });
});
