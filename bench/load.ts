/** One measurement: right answers first, then load from wrk on the other processor. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LOAD_CPU, onPath } from './servers';

const run = promisify(execFile);

/** What is measured. */
export const ENDPOINTS = ['plain', 'get', 'set', 'page'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** What one run of the load gave. */
export interface Measurement {
  /** Requests answered a second. */
  rps: number;
  /** The 99th percentile of the latency, in milliseconds. */
  p99: number;
}

const EXPECTED: Readonly<Record<Endpoint, (body: string) => boolean>> = {
  plain: (body) => body === 'Hello, world',
  get: (body) => body === 'data is amrit panta',
  set: (body) => body === 'set successfully',
  page: (body) =>
    body.startsWith('<!DOCTYPE html>') &&
    ['name: amrit panta', 'age: 25', 'city: Kathmandu', 'theme: dark', 'visits: 7'].every((item) =>
      body.includes(`<li>${item}</li>`),
    ),
};

async function check(url: string, endpoint: Endpoint, cookie: string): Promise<Response> {
  const response = await fetch(`${url}/${endpoint}`, { headers: cookie ? { cookie } : {} });
  const body = await response.text();
  if (response.status !== 200 || !EXPECTED[endpoint](body)) {
    throw new Error(`${url}/${endpoint} answered ${response.status}: ${body.slice(0, 300)}`);
  }
  return response;
}

/** Makes a session and checks every answer of a server; returns the Cookie header of the session. */
export async function checkAnswers(url: string): Promise<string> {
  await check(url, 'plain', '');
  const made = await check(url, 'set', '');
  const cookie = made.headers
    .getSetCookie()
    .map((header) => header.slice(0, header.indexOf(';')))
    .join('; ');
  if (!cookie) throw new Error(`${url}/set sent no cookie`);
  await check(url, 'get', cookie);
  await check(url, 'page', cookie);
  return cookie;
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Loads one endpoint with 64 connections. */
export async function load(
  url: string,
  endpoint: Endpoint,
  cookie: string,
  seconds: number,
): Promise<Measurement> {
  const headers = cookie && endpoint !== 'set' && endpoint !== 'plain' ? ['-H', `Cookie: ${cookie}`] : [];
  const args = ['-t', '1', '-c', '64', '-d', `${seconds}s`, '--latency', ...headers, `${url}/${endpoint}`];
  const pinned = onPath('taskset') ? ['taskset', '-c', LOAD_CPU, 'wrk', ...args] : ['wrk', ...args];
  const { stdout } = await run(pinned[0] ?? 'wrk', pinned.slice(1), { timeout: (seconds + 20) * 1000 });
  const rps = /Requests\/sec:\s+([\d.]+)/.exec(stdout);
  const p99 = /99%\s+([\d.]+)(us|ms|s|m)/.exec(stdout);
  if (!rps || !p99) throw new Error(`wrk printed no figures:\n${stdout}`);
  if (/Non-2xx/.test(stdout)) throw new Error(`${url}/${endpoint}: some answers were not 200:\n${stdout}`);
  return { rps: Number(rps[1]), p99: Number(p99[1]) * (UNITS[p99[2] ?? 'ms'] ?? 1) };
}
