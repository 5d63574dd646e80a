/**
 * How the cost of a request grows: `npm run bench:growth [-- --json FILE]`. One process, no network: microseconds
 * a request through the whole handler, the best of several rounds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from 'tsango';
import { configure, overrideSettings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { BaseHandler } from 'tsango/core/handlers/base';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { path as route } from 'tsango/urls';

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });

/** One curve: what grows, and microseconds a request at each size. */
interface Curve {
  what: string;
  points: [size: number, microseconds: number][];
}

const ROUNDS = 5;
const ROUND_MS = 200;

/** Microseconds a call, the best of several rounds: what the machine does besides can only add. */
async function measure(call: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const end = performance.now() + ROUND_MS;
    const begin = performance.now();
    let calls = 0;
    while (performance.now() < end) {
      for (let index = 0; index < 50; index++) await call();
      calls += 50;
    }
    best = Math.min(best, ((performance.now() - begin) * 1000) / calls);
  }
  return best;
}

const factory = new RequestFactory();

/** A request through a handler of its own, checked once. */
function requester(target: string, expected: string, cookie?: string): () => unknown {
  const handler = new BaseHandler();
  const ask = (): unknown =>
    handler.getResponse(factory.get(target, {}, cookie ? { headers: { cookie } } : {}));
  const first = ask() as HttpResponse;
  if (first.statusCode !== 200 || !String(first.content).startsWith(expected)) {
    throw new Error(`${target} answered ${first.statusCode}: ${String(first.content).slice(0, 200)}`);
  }
  return ask;
}

const SESSION = 'tsango.contrib.sessions.middleware.SessionMiddleware';

class Passing {
  processRequest(): void {}
  processResponse(_request: HttpRequest, response: HttpResponse): HttpResponse {
    return response;
  }
}

const ok = (): HttpResponse => new HttpResponse('ok');
const read = (request: HttpRequest): HttpResponse =>
  new HttpResponse(String((request.session as unknown as Record<string, unknown>)['name']));

async function sessionsInTheTable(): Promise<Curve> {
  const points: Curve['points'] = [];
  const connection = connections.get('default');
  const session = new SessionStore();
  session.update({ name: 'amrit panta' });
  await session.save();
  const filler = session.encode({ name: 'somebody' });
  const expires = connection.ops.adaptDatetime(new Date(Date.now() + 86_400_000));
  let rows = 1;
  for (const size of [1, 1_000, 10_000, 100_000, 1_000_000]) {
    await connection.atomic(async () => {
      const insert = connection.prepare('INSERT INTO django_session VALUES (?, ?, ?)');
      for (; rows < size; rows++) await insert.run([rows.toString(36).padStart(32, '0'), filler, expires]);
    });
    points.push([size, await measure(requester('/read/', 'amrit', `sessionid=${session.sessionKey}`))]);
  }
  return { what: 'sessions in the table', points };
}

async function sessionSize(): Promise<Curve> {
  const points: Curve['points'] = [];
  for (const kilobytes of [0.1, 1, 4, 16, 64]) {
    const session = new SessionStore();
    let text = '';
    while (text.length < kilobytes * 1000) text += Math.random().toString(36).slice(2);
    session.update({ name: 'amrit panta', text });
    await session.save();
    points.push([kilobytes, await measure(requester('/read/', 'amrit', `sessionid=${session.sessionKey}`))]);
  }
  return { what: 'kilobytes of session', points };
}

async function routes(): Promise<Curve> {
  const points: Curve['points'] = [];
  for (const size of [10, 100, 1_000, 10_000]) {
    const urlpatterns = Array.from({ length: size }, (_, index) => route(`section${index}/<int:id>/`, ok));
    const ROOT_URLCONF = { urlpatterns } as unknown as string;
    await overrideSettings({ MIDDLEWARE: [] }, async () => {
      const handler = new BaseHandler();
      const ask = (): unknown => {
        const request = factory.get(`/section${size - 1}/7/`);
        request.urlconf = ROOT_URLCONF;
        return handler.getResponse(request);
      };
      const first = ask() as HttpResponse;
      if (first.statusCode !== 200)
        throw new Error(`The last of ${size} routes answered ${first.statusCode}`);
      points.push([size, await measure(ask)]);
    });
  }
  return { what: 'routes (the last one is asked for)', points };
}

async function middleware(): Promise<Curve> {
  const points: Curve['points'] = [];
  for (const size of [1, 5, 10, 20]) {
    await overrideSettings(
      { MIDDLEWARE: Array.from({ length: size }, () => class extends Passing {}) },
      async () => {
        points.push([size, await measure(requester('/ok/', 'ok'))]);
      },
    );
  }
  return { what: 'middleware (classes with both hooks)', points };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-growth-'));
  configure({
    SECRET_KEY: 'benchmark-secret-key-of-more-than-fifty-characters-0123456789',
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: { urlpatterns: [route('ok/', ok), route('read/', read)] } as unknown as string,
    INSTALLED_APPS: ['tsango.contrib.sessions'],
    MIDDLEWARE: [SESSION],
    DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: path.join(folder, 'db.sqlite3') } },
  });
  setup();
  await callCommand('migrate', { verbosity: 0 });
  const curves: Curve[] = [];
  for (const curve of [sessionSize, routes, middleware, sessionsInTheTable]) {
    const result = await curve();
    curves.push(result);
    process.stdout.write(`\n${result.what}\n`);
    for (const [size, microseconds] of result.points) {
      process.stdout.write(
        `${String(size).padStart(12)}  ${microseconds.toFixed(1).padStart(8)} µs a request\n`,
      );
    }
  }
  await connections.closeAll();
  rmSync(folder, { recursive: true, force: true });
  if (options.json) writeFileSync(options.json, `${JSON.stringify(curves, null, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
