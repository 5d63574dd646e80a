/** The benchmark's own reading of figures; and that its contestants are all there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONTESTANTS, started } from '../../bench/auth/contestants';
import { parseWrk } from '../../bench/load';
import { processorSeconds } from '../../bench/processes';
import { atRate } from '../../bench/rate';
import { PEERS, PYTHON, SERVERS, serverNamed } from '../../bench/servers';
import { median, percentileOf, slopeOf } from '../../bench/statistics';

const WRK = `Running 1s test @ http://127.0.0.1:8100/get
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.75ms  503.24us  12.31ms   89.51%
    Req/Sec    37.21k     2.31k   40.12k    70.00%
  Latency Distribution
     50%  980.00us
     75%    1.80ms
     90%    2.10ms
     99%    1.02s
  37301 requests in 1.01s, 7.61MB read
Requests/sec:  36968.56
Transfer/sec:      7.54MB
`;

describe('the output of wrk', () => {
  test('gives requests a second, and latencies in milliseconds', () => {
    expect(parseWrk(WRK)).toEqual({ rps: 36968.56, p50: 0.98, p99: 1020, requests: 37301 });
  });

  test.each(['Non-2xx or 3xx responses: 12', 'Socket errors: connect 0, read 3, write 0, timeout 0'])(
    'that tells of failed requests is refused: %s',
    (line) => {
      const output = WRK.replace('Requests/sec', `  ${line}\nRequests/sec`);
      expect(() => parseWrk(output)).toThrow(`Not every request was answered: ${line}`);
    },
  );

  test('without figures is refused', () => {
    expect(() => parseWrk('unable to connect')).toThrow('wrk printed no figures:\nunable to connect');
  });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

describe('processor time (from /proc, which Linux has)', () => {
  const BURN = `const from = process.cpuUsage(); while (process.cpuUsage(from).user < 400_000);`;
  const idle = 'setInterval(() => {}, 1000);';

  async function used(script: string): Promise<number> {
    const child = spawn(process.execPath, ['-e', `${script} console.log('done'); ${idle}`]);
    try {
      await once(child.stdout, 'data');
      return processorSeconds(child.pid ?? 0);
    } finally {
      child.kill('SIGKILL');
    }
  }

  onLinux('is what a process used, and not how long it waited', async () => {
    const waited = await used('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);');
    const worked = await used(BURN);
    expect(worked).toBeGreaterThan(waited + 0.1);
    expect(waited).toBeLessThan(1);
  });

  onLinux('counts children, those that run and those that have ended', async () => {
    const node = 'require("node:child_process")';
    const burn = JSON.stringify(BURN);
    const alone = await used('');
    const ended = await used(`${node}.spawnSync(process.execPath, ['-e', ${burn}]);`);
    expect(ended).toBeGreaterThan(alone + 0.2);
    const running = `const c = ${node}.spawn(process.execPath, ['-e', ${burn} + 'console.log(1);setTimeout(()=>{},3000)']);
      c.stdout.once('data', () => console.log('done')); 0 &&`;
    expect(await used(running)).toBeGreaterThan(alone + 0.2);
  });
});

test('medians, percentiles and slopes', () => {
  expect(median([9, 1, 5])).toBe(5);
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([50, 99, 99.9].map((percent) => percentileOf(hundred, percent))).toEqual([50, 99, 100]);
  expect(slopeOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x] as const))).toBeCloseTo(2);
});

describe('the contestants', () => {
  test.each(SERVERS.map((server) => [server.name, server] as const))(
    '%s has its files',
    (_name, { command, cwd }) => {
      const file = command.at(-1)?.replace(/^(\w+):application$/, '$1.py') ?? '';
      expect(existsSync(path.join(cwd, file))).toBe(true);
    },
  );

  test('an unknown name is refused with the names that there are', () => {
    const names = SERVERS.map(({ name }) => name).join(', ');
    expect(() => serverNamed('rails')).toThrow(`There is no server "rails". There are: ${names}`);
  });

  test('what the peers load is what their package.json names', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(PEERS, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const loaded = readdirSync(PEERS, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js') && !file.startsWith('node_modules'))
      .flatMap((file) => [
        ...readFileSync(path.join(PEERS, file), 'utf8').matchAll(
          /(?:require\(|import\(|from |import )'([^'.][^']*)'/g,
        ),
      ])
      .map(([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name ?? '')?.[0] ?? '')
      .filter((name) => !name.startsWith('node:'));
    const missing = [...new Set(loaded)].filter((name) => !(name in dependencies));
    expect(loaded).toContain('fastify');
    // Comes with @adonisjs/core, which requires it to be loaded first.
    expect(missing.filter((name) => name !== 'reflect-metadata')).toEqual([]);
  });
});

test('a server that stalls cannot hide it at a constant rate', async () => {
  let requests = 0;
  const server = http.createServer((_request, response) => {
    if (++requests === 20) {
      const until = performance.now() + 300;
      while (performance.now() < until);
    }
    response.end('Hello, world');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const job = { url, path: '/', cookies: [], rate: 200, seconds: 0.5, connections: 2 };
    const result = await atRate(job);
    expect(result).toMatchObject({ answered: 100, failed: 0 });
    expect(result.max).toBeGreaterThan(250);
    // Sixty requests were due while it stood still. Each of them waited, not just the two that were sent.
    expect(result.p50).toBeGreaterThan(20);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('the comparison of what a user costs', () => {
  test('asks a site that says who is there', async () => {
    const child = spawn(process.execPath, ['-r', 'ts-node/register', 'bench/auth/in_process.ts', '0.01'], {
      cwd: path.join(__dirname, '../..'),
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    }
    await once(child, 'exit');
    expect(printed).toMatch(/^plain [\d.]+ µs, who [\d.]+ µs: request\.user -?[\d.]+ µs\n$/);
  }, 60_000);

  const isThere: Readonly<Record<string, boolean>> = {
    tsango: true,
    express: existsSync(path.join(PEERS, 'node_modules/passport')),
    adonis: existsSync(path.join(PEERS, 'node_modules/@adonisjs/auth')),
    django: spawnSync(PYTHON, ['-c', 'import django, gunicorn']).status === 0,
  };
  for (const name of Object.keys(CONTESTANTS)) {
    const title = isThere[name] ? name : `${name} (skipped: it is not installed)`;
    (isThere[name] ? test : test.skip)(
      `logs somebody in and knows them: ${title}`,
      async () => {
        const folder = mkdtempSync(path.join(tmpdir(), 'tsango-bench-auth-'));
        try {
          const { server, cookies } = await started(name, folder);
          await server.stop();
          expect(cookies).not.toBe('');
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
      60_000,
    );
  }
});
