/** The dashboard over a socket: what is measured while somebody looks arrives while they look. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setup } from 'tsango';
import { createServerListener } from 'tsango/core/handlers/node';
import { overrideSettings } from 'tsango/test';
import { useExample } from '../../testing';
import { listeners } from '../dashboard/events';

useExample('live');

let server: Server;
let url: string;

beforeAll(async () => {
  setup();
  overrideSettings({ ALLOWED_HOSTS: ['127.0.0.1'] });
  server = createServer(createServerListener());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const measure = (values: Record<string, string>) =>
  fetch(`${url}/measure/`, { method: 'POST', body: new URLSearchParams(values) });

it('shows what is known, and then what comes, until nobody looks', async () => {
  expect((await measure({ sensor: 'oven', value: '180' })).status).toBe(201);
  const abort = new AbortController();
  const response = await fetch(`${url}/stream/`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: {"sensor":"oven","value":180}\n\n');
  expect(listeners()).toBe(1);
  await measure({ sensor: 'oven', value: '181.5' });
  expect((await reader?.read())?.value).toBe('data: {"sensor":"oven","value":181.5}\n\n');
  abort.abort();
  while (listeners() > 0) await new Promise((resolve) => setImmediate(resolve));
});

it.each([[{ sensor: 'oven' }], [{ sensor: 'no slug!', value: '1' }], [{ sensor: 'oven', value: 'hot' }]])(
  'refuses %j',
  async (values) => {
    const response = await measure(values);
    expect(response.status).toBe(400);
    expect(Object.keys((await response.json()) as object)).toEqual(['errors']);
  },
);

it('has a page', async () => {
  expect(await (await fetch(url)).text()).toContain(`-d value=180 ${url}/measure/`);
});
