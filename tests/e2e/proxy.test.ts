/**
 * Two servers behind nginx, with one PostgreSQL and one Redis: what a proxy forwards is believed as the settings
 * say, and a server that dies takes no session with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { describeWith, SERVICES } from '../support/services';
import { freePort, manage, type RunningSite, startSite } from '../support/site';

const SETTINGS = ['--settings', 'tests.support.proxied_site'];
const DATABASE = `tsango_proxied_${process.pid}`;
const env = { PROXIED_DATABASE: DATABASE };

async function sql(statement: string): Promise<void> {
  const { host, port, user, database } = SERVICES.postgresql;
  const client = new Client({ host, port, user, database });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** nginx that speaks HTTP/2 to clients and HTTP/1.1 to the servers, and overwrites what clients claim. */
async function startProxy(folder: string, port: number, upstreams: readonly number[]): Promise<ChildProcess> {
  mkdirSync(path.join(folder, 'logs'));
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream site { ${upstreams.map((upstream) => `server 127.0.0.1:${upstream} max_fails=1 fail_timeout=1s;`).join(' ')} keepalive 16; }
  server {
    listen 127.0.0.1:${port} http2;
    location / {
      proxy_pass http://site; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host internal; proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_next_upstream error timeout;
    }
  }
}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', config], { stdio: 'ignore' });
  for (let tries = 0; ; tries++) {
    try {
      await new Promise<void>((resolve, reject) => {
        const session = http2.connect(`http://127.0.0.1:${port}`, () => {
          session.close();
          resolve();
        });
        session.on('error', reject);
      });
      return child;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A visitor's browser: one HTTP/2 connection and its cookies. */
class Visitor {
  private readonly connection: http2.ClientHttp2Session;
  readonly cookies = new Map<string, string>();

  constructor(port: number) {
    this.connection = http2.connect(`http://127.0.0.1:${port}`);
    this.connection.on('error', () => undefined);
  }

  ask(
    target: string,
    headers: http2.OutgoingHttpHeaders = {},
    body = '',
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const stream = this.connection.request(
        {
          ':path': target,
          ':authority': 'www.example.com',
          ...(cookie ? { cookie } : {}),
          ...headers,
        },
        { endStream: body === '' },
      );
      let status = 0;
      let text = '';
      stream.on('response', (answer) => {
        status = Number(answer[':status']);
        for (const header of answer['set-cookie'] ?? []) {
          const [name = '', value = ''] = (header.split(';')[0] ?? '').split('=');
          this.cookies.set(name, value);
        }
      });
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => resolve({ status, text }));
      stream.on('error', reject);
      if (body !== '') stream.end(body);
    });
  }

  close(): void {
    this.connection.close();
  }
}

describeWith(['nginx', 'postgresql', 'redis'], 'two servers behind nginx', () => {
  let folder: string;
  let port: number;
  let proxy: ChildProcess;
  let sites: RunningSite[];
  const start = (on: number): Promise<RunningSite> =>
    startSite(() => ['serve', `127.0.0.1:${on}`, '--workers', '0', ...SETTINGS], {
      env,
      migrate: false,
      probe: '/',
      port: on,
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-proxy-'));
    await sql(`CREATE DATABASE ${DATABASE}`);
    manage(env, 'migrate', '--verbosity', '0', ...SETTINGS);
    const ports = [await freePort(), await freePort()];
    sites = await Promise.all(ports.map(start));
    port = await freePort();
    proxy = await startProxy(folder, port, ports);
  }, 90_000);

  afterAll(async () => {
    if (proxy) {
      const ended = new Promise((resolve) => proxy.once('exit', resolve));
      proxy.kill('SIGTERM');
      await ended;
    }
    await Promise.all((sites ?? []).map((site) => site.stop()));
    await sql(`DROP DATABASE IF EXISTS ${DATABASE}`);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('believe the scheme and host that the proxy says, not what a client claims', async () => {
    const visitor = new Visitor(port);
    const { text } = await visitor.ask('/whoami/?a=1', {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'http',
    });
    expect(JSON.parse(text)).toEqual({
      scheme: 'https',
      secure: true,
      host: 'www.example.com',
      uri: 'https://www.example.com/whoami/?a=1',
      forwardedFor: '127.0.0.1',
    });
    visitor.close();
  });

  it('refuse a host that is not theirs', async () => {
    const visitor = new Visitor(port);
    const { status, text } = await visitor.ask('/whoami/', { ':authority': 'evil.example' });
    expect(status).toBe(400);
    expect(text).not.toContain('evil');
    visitor.close();
  });

  it('take a form with its token, and check where it comes from', async () => {
    const visitor = new Visitor(port);
    const page = await visitor.ask('/form/');
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const body = `csrfmiddlewaretoken=${token}&text=hello`;
    const headers = { ':method': 'POST', 'content-type': 'application/x-www-form-urlencoded' };
    const own = await visitor.ask('/form/', { ...headers, origin: 'https://www.example.com' }, body);
    expect(own).toEqual({ status: 200, text: 'posted hello' });
    const foreign = await visitor.ask('/form/', { ...headers, origin: 'https://evil.example' }, body);
    expect(foreign.status).toBe(403);
    // Over https a request without Origin has to name its page.
    const unnamed = await visitor.ask('/form/', headers, body);
    expect(unnamed.status).toBe(403);
    visitor.close();
  });

  it('lose no session and mix up no users when one of them is killed', async () => {
    const users = Array.from({ length: 20 }, (_, index) => ({
      name: `user${index}`,
      visitor: new Visitor(port),
      count: 0,
    }));
    for (const { name, visitor } of users)
      expect((await visitor.ask(`/login/?user=${name}`)).status).toBe(200);

    const counts = { sent: 0, answered: 0, failed: 0 };
    const pids = new Set<number>();
    let half: () => void = () => undefined;
    const halfway = new Promise<void>((resolve) => {
      half = resolve;
    });
    const STEPS = 60;

    async function use(user: (typeof users)[number]): Promise<void> {
      for (let step = 0; step < STEPS; step++) {
        counts.sent++;
        const answer = await user.visitor.ask('/bump/');
        if (answer.status !== 200) {
          counts.failed++;
          continue;
        }
        counts.answered++;
        const {
          user: name,
          count,
          pid,
        } = JSON.parse(answer.text) as { user: string; count: number; pid: number };
        pids.add(pid);
        expect(name).toBe(user.name);
        // What was acknowledged is there. (The proxy asks again where a server died under a request.)
        expect(count).toBeGreaterThan(user.count);
        user.count = count;
        if (counts.sent > (users.length * STEPS) / 2) half();
      }
    }

    const using = Promise.all(users.map(use));
    await halfway;
    const [victim] = sites;
    const died = new Promise((resolve) => victim?.child.once('exit', resolve));
    victim?.child.kill('SIGKILL');
    await died;
    await using;
    expect(pids.size).toBe(2);
    for (const { name, visitor, count } of users) {
      expect(JSON.parse((await visitor.ask('/look/')).text)).toEqual({ user: name, count });
      visitor.close();
    }
    process.stdout.write(
      `one of two servers killed: ${counts.sent} requests sent, ${counts.answered} answered, ${counts.failed} failed\n`,
    );
    expect(counts.failed).toBe(0);
  }, 60_000);
});
