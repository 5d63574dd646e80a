/**
 * `npx ts-node bench/auth/latency.ts [--seconds N] [--rate N] [--logins 0,2,20]`: how long a plain page takes while people log in, each
 * log-in with a hash of Django's default cost. Both come at a constant rate, and time counts from when a request was due.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runMain } from '../prepare';
import { PASSWORD } from './site';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    logins: { type: 'string', default: '0,2,20' },
  },
});

interface Answer {
  status: number;
  milliseconds: number;
}

function ask(agent: http.Agent, url: string, due: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, milliseconds: performance.now() - due }),
      );
    });
    request.once('error', reject);
  });
}

/** Asks for a page so many times a second, whether or not the answers keep up. */
async function atRate(url: string, rate: number, seconds: number): Promise<Answer[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 500 });
  const begin = performance.now();
  const answers: Promise<Answer>[] = [];
  const total = rate * seconds;
  while (answers.length < total) {
    const now = performance.now();
    while (answers.length < total && begin + (answers.length * 1000) / rate <= now) {
      answers.push(ask(agent, url, begin + (answers.length * 1000) / rate));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
}

function quantile(answers: readonly Answer[], part: number): string {
  const sorted = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(1);
}

runMain(async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-bench-auth-'));
  const child = fork(path.join(__dirname, 'serve.ts'), [folder], { execArgv: ['-r', 'ts-node/register'] });
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  const site = `http://127.0.0.1:${port}`;
  const seconds = Number(options.seconds);
  try {
    await atRate(`${site}/plain`, Number(options.rate), 2);
    for (const logins of options.logins.split(',').map(Number)) {
      const [pages, entered] = await Promise.all([
        atRate(`${site}/plain`, Number(options.rate), seconds),
        logins === 0 ? [] : atRate(`${site}/enter?password=${encodeURIComponent(PASSWORD)}`, logins, seconds),
      ]);
      const good = entered.filter(({ status }) => status === 200);
      const busy = entered.filter(({ status }) => status === 503);
      process.stdout.write(
        `${logins} log-ins a second: plain page p50 ${quantile(pages, 0.5)} ms, p99 ${quantile(pages, 0.99)} ms, most ` +
          `${quantile(pages, 1)} ms; log-ins: ${good.length} in (p50 ${quantile(good, 0.5)} ms, most ${quantile(good, 1)} ms), ` +
          `${busy.length} refused (most ${quantile(busy, 1)} ms), ${entered.length - good.length - busy.length} others\n`,
      );
    }
  } finally {
    child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
});
