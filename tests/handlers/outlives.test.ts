/** What fails by an event, or when nobody waits for it any more, does not end the process: in a process of its own. */
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { REPOSITORY, Running } from '../support/temporary_site';

const SITE = path.join(REPOSITORY, 'tests', 'support', 'failing_site.ts');
const TS_NODE = path.join(REPOSITORY, 'node_modules', 'ts-node', 'dist', 'bin.js');

let site: Running;
let port: number;
let views: string[];

beforeEach(async () => {
  site = new Running(spawn(process.execPath, [TS_NODE, SITE], { cwd: REPOSITORY }));
  const [, found = '', names = ''] = await site.shows(/port (\d+) of (.*)/);
  port = Number(found);
  views = names.split(' ');
}, 30_000);
afterEach(async () => {
  site.child.kill('SIGKILL');
  await site.ended;
});

/** The status of an answer, or the code of the error where there is none. */
function ask(target: string, method = 'GET'): Promise<number | string> {
  return new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port, path: target, method, agent: false }, (reply) => {
      reply.resume();
      reply.on('error', () => undefined);
      reply.on('close', () => resolve(reply.statusCode ?? 0));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    request.end();
  });
}

it('streams that fail before, while and after they are read', async () => {
  expect(views.length).toBeGreaterThan(5);
  for (const view of views) {
    for (const method of ['GET', 'HEAD']) {
      await ask(`/${view}`, method);
      expect([view, method, await ask('/ok')]).toEqual([view, method, 200]);
      expect([view, method, await ask(`/by-fetch?view=${view}&method=${method}`)]).toEqual([
        view,
        method,
        200,
      ]);
      expect([view, method, await ask('/ok')]).toEqual([view, method, 200]);
    }
  }
}, 30_000);

it('a log whose filters throw, whose handlers fail later, and that nobody reads any more', async () => {
  expect(await ask('/nothing')).toBe(404);
  // A filter that fails hides nothing.
  await site.shows(/"GET \/nothing HTTP\/1\.1" 404/);
  site.child.stderr?.destroy();
  site.child.stdout?.destroy();
  for (let i = 0; i < 3; i++) expect(await ask('/nothing')).toBe(404);
  await new Promise<void>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.end('BROKEN\r\n\r\n'));
    socket.resume().on('close', () => resolve());
  });
  expect(await ask('/ok')).toBe(200);
  expect(site.child.exitCode).toBeNull();
}, 30_000);
