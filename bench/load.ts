/** One measurement: load from wrk on the other processor, whose every answer was received. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { LOAD_CPU, pinned, processorSeconds, type Running } from './processes';
import type { Endpoint } from './servers';

const run = promisify(execFile);
const CONNECTIONS = 64;

/** What wrk tells. Latencies in milliseconds. */
export interface WrkFigures {
  /** Requests answered a second. */
  rps: number;
  p50: number;
  p99: number;
  /** How many were answered in all. */
  requests: number;
}

/** What one run of the load gave. */
export interface Measurement extends WrkFigures {
  /** Microseconds of processor time a request that the server used, user and system, with its children. */
  cpu: number;
}

const MILLISECONDS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function percentile(output: string, percent: number): number {
  const found = new RegExp(`\\s${percent}%\\s+([\\d.]+)(us|ms|s|m)\\s`).exec(output);
  return found ? Number(found[1]) * (MILLISECONDS[found[2] ?? ''] ?? Number.NaN) : Number.NaN;
}

/**
 * Reads what wrk prints with `--latency`.
 *
 * @throws Error if there are no figures, or if an answer was not 200 or did not come.
 */
export function parseWrk(output: string): WrkFigures {
  const rps = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  const requests = Number(/(\d+) requests in /.exec(output)?.[1]);
  const measurement = { rps, p50: percentile(output, 50), p99: percentile(output, 99), requests };
  if (Object.values(measurement).some((value) => Number.isNaN(value))) {
    throw new Error(`wrk printed no figures:\n${output}`);
  }
  const failed = /(Non-2xx or 3xx responses|Socket errors): .*/.exec(output)?.[0];
  if (failed !== undefined) throw new Error(`Not every request was answered: ${failed}`);
  return measurement;
}

/** Requests that take turns among the sessions; they are made once, ahead of the load. */
const TURNS = `local requests, turn = {}, 0
function init(args)
  for cookie in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format(nil, nil, { Cookie = cookie })
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
`;

/** Writes what wrk needs to send the requests of these sessions; returns the arguments. */
function sessionArguments(folder: string, cookies: readonly string[]): [before: string[], after: string[]] {
  const script = path.join(folder, 'turns.lua');
  const list = path.join(folder, 'cookies');
  writeFileSync(script, TURNS);
  writeFileSync(list, `${cookies.join('\n')}\n`);
  return [
    ['-s', script],
    ['--', list],
  ];
}

/** Pages that are asked for without a session. */
const ANONYMOUS: readonly string[] = ['plain', 'set'];

/** Loads one endpoint; those that have a session take turns among the sessions of `cookies`. */
export async function load(
  { url, pid }: Pick<Running, 'url' | 'pid'>,
  endpoint: Endpoint | 'present' | 'who',
  cookies: readonly string[],
  seconds: number,
  folder: string,
): Promise<Measurement> {
  const withSession = !ANONYMOUS.includes(endpoint);
  const [options, list] = withSession ? sessionArguments(folder, cookies) : [[], []];
  const target = `${url}/${endpoint}`;
  const [file, args] = pinned(LOAD_CPU, [
    'wrk',
    ...['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--latency', '--timeout', '10s'],
    ...options,
    target,
    ...list,
  ]);
  const before = processorSeconds(pid);
  const { stdout } = await run(file, args, { timeout: (seconds + 20) * 1000 });
  try {
    const figures = parseWrk(stdout);
    return { ...figures, cpu: ((processorSeconds(pid) - before) * 1e6) / figures.requests };
  } catch (error) {
    throw new Error(`${target}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
