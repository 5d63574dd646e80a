/** What can grow, and what a request costs at each size. */
import { randomBytes } from 'node:crypto';
import { overrideSettings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { BaseHandler } from 'tsango/core/handlers/base';
import { connections } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { rePath, path as route, type UrlEntry } from 'tsango/urls';

/** One curve: what grows, and microseconds of processor time a request at each size. */
export interface Curve {
  what: string;
  points: [size: number, microseconds: number][];
}

export const SESSION_MIDDLEWARE = 'tsango.contrib.sessions.middleware.SessionMiddleware';

const ok = (): HttpResponse => new HttpResponse('ok');
const read = (request: HttpRequest): HttpResponse => new HttpResponse(String(request.session['name']));

/** The site whose requests are measured. */
export const urlpatterns = [route('ok/', ok), route('read/', read)];

const ROUNDS = 5;
const BATCH = 50;
let roundMilliseconds = 200;

/** Processor microseconds a call, user and system, the best of several rounds. */
async function measure(call: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const end = performance.now() + roundMilliseconds;
    const begin = process.cpuUsage();
    let calls = 0;
    while (performance.now() < end) {
      for (let index = 0; index < BATCH; index++) await call();
      calls += BATCH;
    }
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, (user + system) / calls);
  }
  return best;
}

const factory = new RequestFactory();

/** Requests through a handler of its own, whose cookies take turns; each cookie's answer is checked once. */
async function requester(
  target: string,
  expected: string,
  cookies: readonly string[] = [''],
  urlconf?: readonly UrlEntry[],
): Promise<() => unknown> {
  const handler = new BaseHandler();
  const configuration = urlconf && ({ urlpatterns: urlconf } as unknown as string);
  const ask = (cookie: string): unknown => {
    const request = factory.get(target, {}, cookie ? { headers: { cookie } } : {});
    if (configuration) request.urlconf = configuration;
    return handler.getResponse(request);
  };
  for (const cookie of cookies) {
    const answer = (await ask(cookie)) as HttpResponse;
    if (answer.statusCode !== 200 || String(answer.content) !== expected) {
      throw new Error(`${target} answered ${answer.statusCode}: ${String(answer.content).slice(0, 200)}`);
    }
  }
  let turn = 0;
  return () => ask(cookies[turn++ % cookies.length] ?? '');
}

const cookieOf = (key: string): string => `sessionid=${key}`;

/** Adds rows to the table under keys as tsango makes them, no two with the same text. */
async function addSessions(count: number, keys: string[]): Promise<void> {
  const connection = connections.get('default');
  const expires = connection.ops.adaptDatetime(new Date(Date.now() + 86_400_000));
  const session = new SessionStore();
  await connection.atomic(async () => {
    const insert = connection.prepare('INSERT INTO django_session VALUES (?, ?, ?)');
    for (; count > 0; count--) {
      const key = randomBytes(16).toString('hex');
      await insert.run([key, session.encode({ name: 'amrit panta', number: keys.length }), expires]);
      keys.push(key);
    }
  });
}

/** So many of the keys, evenly spread. */
function some(keys: readonly string[], count: number): string[] {
  const step = Math.max(1, keys.length / count);
  return Array.from({ length: Math.min(count, keys.length) }, (_, index) =>
    cookieOf(keys[Math.floor(index * step)] ?? ''),
  );
}

const TURNS = 10_000;

async function sessionsInTheTable(quick: boolean): Promise<Curve[]> {
  const one: Curve = { what: 'sessions in the table, one of them read again and again', points: [] };
  const many: Curve = { what: `sessions in the table, ${TURNS} of them (or all) read in turn`, points: [] };
  const keys: string[] = [];
  for (const size of quick ? [1, 1_000, 10_000] : [1, 1_000, 10_000, 100_000, 1_000_000]) {
    await addSessions(size - keys.length, keys);
    one.points.push([size, await measure(await requester('/read/', 'amrit panta', some(keys, 1)))]);
    many.points.push([size, await measure(await requester('/read/', 'amrit panta', some(keys, TURNS)))]);
  }
  return [one, many];
}

/** Enough sessions of a size that none is still in the cache of verified texts when its turn comes again. */
const coldCount = (kilobytes: number): number => Math.min(3000, Math.max(50, Math.ceil(5000 / kilobytes)));

async function sessionSize(quick: boolean): Promise<Curve[]> {
  const warm: Curve = { what: 'kilobytes of session, the same read again and again', points: [] };
  const cold: Curve = { what: 'kilobytes of session, read for the first time in a while', points: [] };
  for (const kilobytes of quick ? [0.1, 4, 64] : [0.1, 1, 2, 4, 8, 16, 32, 64]) {
    const cookies: string[] = [];
    for (let count = coldCount(kilobytes); count > 0; count--) {
      const session = new SessionStore();
      const text = randomBytes(Math.ceil(kilobytes * 750)).toString('base64');
      session.update({ name: 'amrit panta', text });
      await session.save();
      cookies.push(cookieOf(session.sessionKey ?? ''));
    }
    warm.points.push([
      kilobytes,
      await measure(await requester('/read/', 'amrit panta', cookies.slice(0, 1))),
    ]);
    cold.points.push([kilobytes, await measure(await requester('/read/', 'amrit panta', cookies))]);
  }
  return [warm, cold];
}

/** Kinds of routes, and the path that the last of them answers. */
const ROUTES: readonly [
  what: string,
  make: (index: number) => UrlEntry,
  target: (index: number) => string,
][] = [
  ['section7/', (index) => route(`section${index}/`, ok), (index) => `/section${index}/`],
  ['section7/<int:id>/', (index) => route(`section${index}/<int:id>/`, ok), (index) => `/section${index}/7/`],
  ['<int:id>/section7/', (index) => route(`<int:id>/section${index}/`, ok), (index) => `/7/section${index}/`],
  [
    'regex ^section7/(\\d+)/$',
    (index) => rePath(`^section${index}/(\\d+)/$`, ok),
    (index) => `/section${index}/7/`,
  ],
  [
    'regex ^(\\d+)/section7/$',
    (index) => rePath(`^(\\d+)/section${index}/$`, ok),
    (index) => `/7/section${index}/`,
  ],
];

async function routes(quick: boolean): Promise<Curve[]> {
  const all: Curve[] = [];
  for (const [kind, make, target] of ROUTES) {
    const curve: Curve = { what: `routes like ${kind}, the last one asked for`, points: [] };
    for (const size of quick ? [10, 1_000] : [10, 100, 1_000, 10_000]) {
      const urlconf = Array.from({ length: size }, (_, index) => make(index));
      await overrideSettings({ MIDDLEWARE: [] }, async () => {
        const ask = await requester(target(size - 1), 'ok', [''], urlconf);
        curve.points.push([size, await measure(ask)]);
      });
    }
    all.push(curve);
  }
  return all;
}

class Passing {
  processRequest(): void {}
  processResponse(_request: HttpRequest, response: HttpResponse): HttpResponse {
    return response;
  }
}

async function middleware(): Promise<Curve[]> {
  const curve: Curve = { what: 'middleware (classes with both hooks)', points: [] };
  for (const size of [1, 5, 10, 20]) {
    const MIDDLEWARE = Array.from({ length: size }, () => class extends Passing {});
    await overrideSettings({ MIDDLEWARE }, async () => {
      curve.points.push([size, await measure(await requester('/ok/', 'ok'))]);
    });
  }
  return [curve];
}

/** All curves. `quick` measures fewer sizes, for less long. */
export async function* curves(quick: boolean): AsyncGenerator<Curve> {
  roundMilliseconds = quick ? 40 : 200;
  for (const group of [middleware, routes, sessionSize, sessionsInTheTable]) yield* await group(quick);
}
