/** The API as its front end asks it: with the cookies of a browser, and the token that they need. */
import { setup } from 'tsango';
import { User } from 'tsango/contrib/auth/models';
import { Client } from 'tsango/test';
import { useExample } from '../../testing';

useExample('spa');

const json = { contentType: 'application/json' };
const credentials = (username: string) => ({ username, password: 'correct horse' });

/** A browser that has opened the page. */
async function visitor() {
  const client = new Client({ enforceCsrfChecks: true });
  await client.get('/');
  let token = client.cookies.get('csrftoken')?.value ?? '';
  return {
    client,
    async ask(method: 'get' | 'post' | 'patch' | 'delete', url: string, data?: Record<string, unknown>) {
      const options = { ...json, headers: { 'X-CSRFToken': token } };
      const { statusCode, text } = await (method === 'get'
        ? client.get(url)
        : client[method](url, data ?? {}, options));
      const answer = JSON.parse(text) as Record<string, unknown>;
      token = String(answer['csrfToken'] ?? token);
      return { statusCode, ...answer };
    },
  };
}

beforeAll(async () => {
  setup();
  for (const name of ['ada', 'grace']) await User.objects.createUser(name, '', 'correct horse');
}, 60_000);

it('knows nobody at first, and who has logged in afterwards', async () => {
  const { ask, client } = await visitor();
  expect(await ask('get', '/api/session/')).toMatchObject({ user: null });
  expect(await ask('get', '/api/notes/')).toMatchObject({ statusCode: 401 });
  expect(await ask('post', '/api/session/', { username: 'ada', password: 'x' })).toMatchObject({
    statusCode: 400,
  });
  expect(await ask('post', '/api/session/', credentials('ada'))).toMatchObject({ user: 'ada' });
  expect((await client.session)['_auth_user_id']).toBeDefined();
  expect(await ask('delete', '/api/session/')).toMatchObject({ user: null });
}, 30_000);

it('keeps notes, of each for themselves', async () => {
  const [ada, grace] = [await visitor(), await visitor()];
  await ada.ask('post', '/api/session/', credentials('ada'));
  await grace.ask('post', '/api/session/', credentials('grace'));
  const made = await ada.ask('post', '/api/notes/', { text: ' Weave ' });
  expect(made).toMatchObject({ statusCode: 201, text: 'Weave', done: false });
  const { id } = made as unknown as { id: number };
  expect(await ada.ask('patch', `/api/notes/${id}/`, { done: true })).toMatchObject({ done: true });
  expect(await ada.ask('get', '/api/notes/')).toMatchObject({ notes: [{ id, text: 'Weave', done: true }] });
  expect(await grace.ask('get', '/api/notes/')).toMatchObject({ notes: [] });
  expect((await grace.client.get(`/api/notes/${id}/`)).statusCode).toBe(405);
  expect(await ada.ask('delete', `/api/notes/${id}/`)).toMatchObject({ statusCode: 200 });
}, 30_000);

it.each([[{}], [{ text: '' }], [{ text: 7 }], [{ text: 'x'.repeat(201) }]])(
  'refuses the note %j',
  async (data) => {
    const { ask } = await visitor();
    await ask('post', '/api/session/', credentials('ada'));
    expect(await ask('post', '/api/notes/', data)).toMatchObject({ statusCode: 400 });
  },
);

it('refuses what has no token', async () => {
  const { client } = await visitor();
  expect((await client.post('/api/session/', credentials('ada'), json)).statusCode).toBe(403);
});
