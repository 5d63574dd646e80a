import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { HttpResponse } from 'tsango/http';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';

const urlconf = {
  urlpatterns: [path('plain/', () => new HttpResponse('hello')), path('hi/<int:n>/', (_r, { n }) => new HttpResponse(`n=${n + 1}`))],
};
beforeAll(() => configure({ SECRET_KEY: 'k', ROOT_URLCONF: urlconf as unknown as string, LOGGING_CONFIG: null }));
afterAll(() => resetSettings());
it('smoke', async () => {
  const client = new Client();
  const r = await client.get('/plain/');
  expect(r.text).toBe('hello');
  expect((await client.get('/hi/4/')).text).toBe('n=5');
  expect((await client.get('/nope/')).statusCode).toBe(404);
});
