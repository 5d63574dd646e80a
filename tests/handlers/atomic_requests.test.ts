import { configure, resetSettings } from 'tsango/conf';
import { connections, transaction } from 'tsango/db';
import { HttpResponse } from 'tsango/http';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';

async function insert(n: number): Promise<void> {
  await connections.get().execute('INSERT INTO t (n) VALUES (?)', [n]);
}

async function rows(): Promise<unknown[]> {
  return (await connections.get().execute('SELECT n FROM t ORDER BY n')).rows.map(({ n }) => n);
}

async function failing(): Promise<HttpResponse> {
  await insert(2);
  throw new Error('after the insert');
}

const urlconf = {
  urlpatterns: [
    path('good/', async () => {
      await insert(1);
      return new HttpResponse('stored');
    }),
    path('bad/', failing),
    path(
      'outside/',
      transaction.nonAtomicRequests(async () => failing()),
    ),
  ],
};

const database = { ENGINE: 'better-sqlite3', NAME: ':memory:', ATOMIC_REQUESTS: true };

beforeAll(async () => {
  configure({
    SECRET_KEY: 'test',
    ROOT_URLCONF: urlconf,
    DATABASES: { default: database },
    LOGGING_CONFIG: null,
  } as never);
  await connections.get().execute('CREATE TABLE t (n integer)');
});
afterAll(async () => {
  await connections.closeAll();
  resetSettings();
});

it('a view runs in a transaction with ATOMIC_REQUESTS, unless it does not want to', async () => {
  const client = new Client();
  await client.get('/good/');
  await expect(client.get('/bad/')).rejects.toThrow('after the insert');
  expect(await rows()).toEqual([1]);
  await expect(client.get('/outside/')).rejects.toThrow('after the insert');
  expect(await rows()).toEqual([1, 2]);
});
