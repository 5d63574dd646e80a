/** `manage.ts serve`: workers that crash, are replaced, and stop, while clients go on. */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { manage, type RunningSite, startSite } from '../support/site';

const SETTINGS = ['--settings', 'tests.support.slow_site'];

function serve(...args: string[]): Promise<RunningSite> {
  return startSite((port) => ['serve', `127.0.0.1:${port}`, ...SETTINGS, ...args], {
    migrate: false,
    probe: '/',
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen in 20 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until so many workers answer: connections that are kept alive stay with the first that does. */
async function workersAnswer(site: RunningSite, count: number): Promise<void> {
  const answering = new Set<string>();
  await until(async () => {
    answering.add(await askAnew(`${site.url}/`));
    return answering.size >= count;
  });
}

/** One request; fails if its connection does. */
function ask(url: string, agent: http.Agent | false): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('error', reject);
        response.on('end', () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`status ${response.statusCode}`)),
        );
      })
      .on('error', reject);
  });
}

/** Clients that ask all the time, each over one connection at a time; counts what they get. */
function keepAsking(url: string, clients: number) {
  const counts = { sent: 0, answered: 0, failed: 0 };
  const workers = new Set<string>();
  let asking = true;
  async function client(): Promise<void> {
    let agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (asking) {
      counts.sent++;
      try {
        workers.add((await ask(url, agent)).replace('done by ', ''));
        counts.answered++;
      } catch {
        counts.failed++;
      }
      // A connection stays with its worker; another may find another.
      if (counts.sent % 20 === 0) {
        agent.destroy();
        agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      }
    }
    agent.destroy();
  }
  const running = Array.from({ length: clients }, client);
  return {
    counts,
    workers,
    async stop(): Promise<void> {
      asking = false;
      await Promise.all(running);
    },
  };
}

/** Asks over a connection of its own. */
const askAnew = (url: string): Promise<string> => ask(url, false);

function report(what: string, counts: { sent: number; answered: number; failed: number }): void {
  process.stdout.write(
    `${what}: ${counts.sent} requests sent, ${counts.answered} answered, ${counts.failed} failed\n`,
  );
}

describe('serve', () => {
  let site: RunningSite | undefined;
  afterEach(async () => {
    await site?.stop();
    site = undefined;
  });

  it('refuses DEBUG, unless told', () => {
    expect(() => manage({ DEBUG: '1' }, 'serve', '1')).toThrow(
      /DEBUG is on: every error would show the source/,
    );
  });

  it('reloads without losing a request', async () => {
    site = await serve('--workers', '2');
    await workersAnswer(site, 2);
    const load = keepAsking(`${site.url}/slow/?ms=5`, 8);
    await until(() => load.counts.answered > 200 && load.workers.size === 2);
    const before = new Set(load.workers);
    site.child.kill('SIGHUP');
    await until(() => load.workers.size >= 4);
    const answered = load.counts.answered;
    await until(() => load.counts.answered > answered + 200);
    await load.stop();
    report('graceful reload', load.counts);
    expect(load.counts.failed).toBe(0);
    // The old workers are gone.
    await until(() => [...before].every((pid) => !existsSync(`/proc/${pid}`)));
    expect(await site.stop()).toBe(0);
  }, 60_000);

  it('replaces a worker that is killed, and loses no more than it was answering', async () => {
    site = await serve('--workers', '2');
    const clients = 8;
    await workersAnswer(site, 2);
    const load = keepAsking(`${site.url}/slow/?ms=5`, clients);
    await until(() => load.workers.size === 2);
    const [victim] = load.workers;
    process.kill(Number(victim), 'SIGKILL');
    // The clients' connections went to the other worker, and stay: a new one reaches the new worker.
    const known = new Set(load.workers);
    await until(async () => !known.has(await askAnew(`${site?.url}/`)));
    await load.stop();
    report('a worker killed', load.counts);
    expect(load.counts.answered).toBe(load.counts.sent - load.counts.failed);
    expect(load.counts.failed).toBeLessThanOrEqual(clients);
    expect(site.output()).toMatch(new RegExp(`Worker ${victim} ended \\(SIGKILL\\); another is started`));
  }, 60_000);

  it('finishes what it is answering when it is stopped', async () => {
    site = await serve('--workers', '1', '--healthz', '/healthz');
    expect(await (await fetch(`${site.url}/healthz`)).text()).toBe('ok\n');
    const answer = fetch(`${site.url}/slow/?ms=800&say=it+begins`).then((response) => response.text());
    await until(() => site?.output().includes('it begins') === true);
    const stopped = site.stop();
    expect(await answer).toMatch(/^done by \d+$/);
    expect(await stopped).toBe(0);
  }, 60_000);

  it('gives up on a request that takes longer than the graceful timeout', async () => {
    site = await serve('--workers', '0', '--graceful-timeout', '1');
    const answer = fetch(`${site.url}/slow/?ms=60000&say=it+begins`).then(
      () => 'answered',
      () => 'cut off',
    );
    await until(() => site?.output().includes('it begins') === true);
    expect(await site.stop()).toBe(1);
    expect(await answer).toBe('cut off');
  }, 60_000);

  it('replaces a worker in which something was thrown outside of every request', async () => {
    site = await serve('--workers', '1');
    const first = await (await fetch(`${site.url}/`)).text();
    await fetch(`${site.url}/crash/`);
    const next = (): Promise<string> =>
      fetch(`${site?.url}/`).then(
        (response) => response.text(),
        () => first,
      );
    await until(async () => (await next()) !== first);
    expect(site.output()).toContain('Uncaught exception; this worker is replaced');
  }, 60_000);

  it('replaces a worker after its share of requests, with an answer for each', async () => {
    site = await serve('--workers', '1', '--max-requests', '50');
    const load = keepAsking(`${site.url}/slow/?ms=1`, 4);
    await until(() => load.workers.size >= 3);
    await load.stop();
    report('a worker replaced every 50 requests', load.counts);
    expect(load.counts.failed).toBe(0);
  }, 60_000);

  it('writes an access log and a PID file', async () => {
    site = await serve(
      '--workers',
      '1',
      '--access-log',
      '-',
      '--pid',
      path.join(process.cwd(), 'node_modules', `.pid-${process.pid}`),
    );
    const pidFile = path.join(process.cwd(), 'node_modules', `.pid-${process.pid}`);
    expect(readFileSync(pidFile, 'utf8')).toBe(`${site.child.pid}\n`);
    await fetch(`${site.url}/slow/?ms=1`, {
      headers: { 'user-agent': 'a "quoted" agent', referer: 'http://x/' },
    });
    await until(() => site?.output().includes('/slow/') === true);
    expect(site.output()).toMatch(
      /127\.0\.0\.1 - - \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000\] "GET \/slow\/\?ms=1 HTTP\/1\.1" 200 \d{2} "http:\/\/x\/" "a \\"quoted\\" agent"/,
    );
    const impatient = fetch(`${site.url}/slow/?ms=2000`, { signal: AbortSignal.timeout(200) });
    await expect(impatient).rejects.toThrow();
    await until(() => site?.output().includes('"GET /slow/?ms=2000 HTTP/1.1" 499 0') === true);
    await site.stop();
    expect(existsSync(pidFile)).toBe(false);
  }, 60_000);
});
