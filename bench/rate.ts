/** Load at a constant rate: what to send, what came of it, and how to have it done on the processor of the load. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { LOAD_CPU, pinned } from './processes';

/** What to send. */
export interface RateJob {
  url: string;
  path: string;
  /** They take turns. */
  cookies: readonly string[];
  /** Requests a second. */
  rate: number;
  seconds: number;
  connections: number;
}

/** What came of it. Latencies in milliseconds. */
export interface RateResult {
  answered: number;
  /** Not answered, or not with 200. */
  failed: number;
  /** Answers a second. */
  rate: number;
  p50: number;
  p99: number;
  p999: number;
  max: number;
}

/** Sends requests at a constant rate, from a process of its own. */
export async function atRate(job: RateJob): Promise<RateResult> {
  const [file, args] = pinned(LOAD_CPU, [
    process.execPath,
    '-r',
    'ts-node/register',
    path.join(__dirname, 'fixed_rate.ts'),
    JSON.stringify(job),
  ]);
  const { stdout } = await promisify(execFile)(file, args, {
    timeout: (job.seconds + 30) * 1000,
    cwd: path.join(__dirname, '..'),
  });
  return JSON.parse(stdout) as RateResult;
}
