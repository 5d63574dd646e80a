/**
 * Hostile bytes against a real server, while two honest visitors use it: it does not crash, does not grow without
 * end, and never answers one visitor with what is another's. HOSTILE_SECONDS makes it longer.
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import fc from 'fast-check';
import { type RunningSite, startSite } from '../support/site';

const SECONDS = Number(process.env['HOSTILE_SECONDS'] ?? 6);
const ATTACKERS = 12;
const PATIENCE_MS = 700;

const junk = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const target = fc.oneof(
  fc.constantFrom(
    '/',
    '/get_session/',
    '/%00',
    '/%ff%fe',
    '//evil.example/',
    '/a/../../etc/passwd',
    'http://evil/',
    '*',
    '/?__proto__=1&a[b]=2',
  ),
  fc.string({ maxLength: 300 }).map((text) => `/${text}`),
  fc.integer({ min: 1, max: 20_000 }).map((length) => `/${'a'.repeat(length)}`),
);
const header = fc.oneof(
  fc.constantFrom(
    'Host: 127.0.0.1',
    'Host: evil.example',
    'Host:',
    'Host: a\r\nHost: b',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 3',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Expect: 100-continue',
    'Connection: keep-alive, upgrade\r\nUpgrade: websocket',
    'Cookie: sessionid=../../etc/passwd',
    `Cookie: ${'a=b; '.repeat(500)}`,
    'Cookie: __proto__=1; constructor=2; sessionid="\\303\\244"',
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Type: multipart/form-data',
    'Content-Type: application/x-www-form-urlencoded; charset=utf-16',
    'Range: bytes=0-18446744073709551615',
    ' folded: header',
    'X-Forwarded-For: \x00\x01',
  ),
  fc.string({ maxLength: 80 }).map((text) => `X-Fuzz: ${text}`),
  fc.integer({ min: 1000, max: 40_000 }).map((length) => `X-Big: ${'b'.repeat(length)}`),
);
const body = fc.oneof(
  fc.constantFrom(
    '0\r\n\r\n',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffffffffff\r\nx',
    '-1\r\n\r\n',
    '1;ext="\r\n"\r\na\r\n0\r\n\r\n',
    'GET /get_session/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
    '--x\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\ndata\r\n--x--\r\n',
    '--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n',
    '__proto__=1&constructor=2&__proto__[x]=3',
    `${'a=1&'.repeat(5000)}`,
  ),
  junk,
);
const message = fc.oneof(
  { weight: 1, arbitrary: junk },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'CONNECT', 'PRI', 'get', 'G ET'),
        target,
        fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 ', 'HTTP/9', ''),
        fc.array(header, { maxLength: 8 }),
        fc.option(body, { nil: '' }),
      )
      .map(
        ([method, where, version, headers, rest]) =>
          `${method} ${where} ${version}\r\n${headers.join('\r\n')}\r\n\r\n${rest}`,
      ),
  },
);

/** Sends bytes in one or several pieces and waits for an answer, the end, or the end of patience. */
function attack(port: number, texts: readonly string[], pauses: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.on('error', () => undefined);
    socket.on('data', () => (pauses ? undefined : socket.end()));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('connect', () => {
      const bytes = Buffer.from(texts.join(''), 'latin1');
      if (!pauses) {
        socket.write(bytes);
        return;
      }
      const middle = Math.floor(bytes.length / 2);
      socket.write(bytes.subarray(0, middle));
      setTimeout(() => socket.writable && socket.end(bytes.subarray(middle)), 50);
    });
  });
}

/** Resident memory of a process, in MiB. */
function residentMemory(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

describe('hostile bytes', () => {
  let site: RunningSite;
  beforeAll(async () => {
    site = await startSite(
      (port) => [
        'serve',
        `127.0.0.1:${port}`,
        '--workers',
        '0',
        '--headers-timeout',
        '2',
        '--request-timeout',
        '4',
      ],
      { env: { DEBUG: '0', ALLOWED_HOSTS: '127.0.0.1' } },
    );
  }, 60_000);
  afterAll(() => site?.stop());

  it(
    'crash nothing, leak nothing, and mix up no visitors',
    async () => {
      const deadline = Date.now() + SECONDS * 1000;
      const counts = { attacks: 0, honest: 0 };
      const memory: number[] = [];

      async function attacker(seed: number): Promise<void> {
        const samples = fc.sample(fc.tuple(fc.array(message, { minLength: 1, maxLength: 3 }), fc.boolean()), {
          numRuns: 400,
          seed,
        });
        for (let index = 0; Date.now() < deadline; index++) {
          const [texts, pauses] = samples[index % samples.length] as [string[], boolean];
          await attack(site.port, texts, pauses);
          counts.attacks++;
        }
      }

      /** Sets a cookie of its own, and must always get its own back. */
      async function visitor(name: string): Promise<void> {
        let cookie = '';
        while (Date.now() < deadline) {
          const headers = cookie ? { cookie } : {};
          const path = cookie ? '/get_session/' : '/set_session/';
          const response = await fetch(`${site.url}${path}`, { headers });
          const text = await response.text();
          expect(response.status).toBe(200);
          if (cookie) {
            expect(text).toBe('data is amrit panta');
            expect(response.headers.getSetCookie()).toEqual([]);
          } else {
            cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
            expect(cookie).toMatch(/^sessionid=[a-z0-9]{32}$/);
          }
          const page = await (
            await fetch(`${site.url}/cookies/?visitor=${name}`, {
              headers: { cookie: `${cookie}; visitor=${name}` },
            })
          ).text();
          expect(page).toContain(name);
          counts.honest += 2;
        }
      }

      const watch = setInterval(() => memory.push(residentMemory(site.child.pid ?? 0)), 500);
      const attackers = Array.from({ length: ATTACKERS }, (_, index) =>
        attacker((Date.now() % 1_000_000_000) + index),
      );
      await Promise.all([...attackers, visitor('alice-7f3a'), visitor('bob-19cc')]);
      clearInterval(watch);

      expect(site.child.exitCode).toBeNull();
      expect(counts.attacks).toBeGreaterThan(SECONDS * 10);
      expect(counts.honest).toBeGreaterThan(SECONDS * 10);
      expect((await fetch(`${site.url}/`)).status).toBe(200);
      // A plateau: the last third is not far above the middle third.
      const third = Math.floor(memory.length / 3);
      const most = (list: number[]): number => Math.max(...list);
      expect(most(memory.slice(-third))).toBeLessThan(most(memory.slice(third, 2 * third)) + 60);
      process.stdout.write(
        `hostile bytes: ${counts.attacks} attacks and ${counts.honest} honest requests in ${SECONDS} s; resident memory ${most(memory).toFixed(0)} MiB at most, ${(memory.at(-1) ?? 0).toFixed(0)} at the end\n`,
      );
    },
    SECONDS * 1000 + 60_000,
  );
});
