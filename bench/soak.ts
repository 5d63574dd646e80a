/**
 * Many minutes of mixed load on a tsango server, to see what grows: `npm run bench:soak [-- --minutes N]
 * [--json FILE] [--store sqlite,redis+postgresql] [--users N]`. The exit status is 1 if an answer was wrong or did
 * not come, or if memory or open files grow.
 */
import http from 'node:http';
import { parseArgs } from 'node:util';
import { ask } from './checks';
import { inFolder, listed, numberOption, prepare, runMain, usableStores, writeReport } from './prepare';
import { openFiles, pinLoad, processorSeconds, residentBytes } from './processes';
import { serverNamed, start } from './servers';
import { slopeOf } from './statistics';
import type { Store } from './stores';
import { type Counts, visit } from './visitor';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string' },
    json: { type: 'string' },
    store: { type: 'string' },
    users: { type: 'string' },
  },
});

/** More than this in the second half, in megabytes a minute, is a leak. */
const MAX_SLOPE = 1;
/** Memory is judged from so many minutes on; before, the process is still warming up. */
const MIN_MINUTES = 4;
const SAMPLES = 60;
const MEGABYTE = 1_048_576;

interface Sample {
  minutes: number;
  requests: number;
  rps: number;
  errors: number;
  /** Microseconds of the server's processor time a request, since the sample before. */
  cpu: number;
  rss: number;
  heapUsed: number;
  /** Milliseconds that the event loop was late, at most and at the 99th percentile, since the sample before. */
  lagP99: number;
  lagMax: number;
  files: number;
}

interface Soak {
  store: Store;
  samples: Sample[];
  counts: Counts;
  errors: string[];
  /** Megabytes a minute in the second half. */
  slope: number;
  verdict: string[];
}

const COLUMNS = [
  'minute',
  'requests',
  'a second',
  'errors',
  'CPU µs',
  'RSS MB',
  'heap MB',
  'lag p99',
  'lag max',
  'files',
];

/** A sample as a line of the table. */
function line(sample: Sample): string {
  const { minutes, requests, rps, errors, cpu, rss, heapUsed, lagP99, lagMax, files } = sample;
  return [
    minutes.toFixed(2),
    String(requests),
    rps.toFixed(0),
    String(errors),
    cpu.toFixed(0),
    rss.toFixed(1),
    heapUsed.toFixed(1),
    lagP99.toFixed(1),
    lagMax.toFixed(1),
    String(files),
  ]
    .map((cell) => cell.padStart(10))
    .join('');
}

function judge({ samples, errors, slope }: Pick<Soak, 'samples' | 'errors' | 'slope'>): string[] {
  const half = samples.slice(Math.floor(samples.length / 2));
  const files = (half.at(-1)?.files ?? 0) - (half[0]?.files ?? 0);
  const faults: string[] = [];
  if (samples.length < 2) faults.push('the run was too short for two samples');
  if (errors.length > 0) faults.push(`${errors.length} errors, the first: ${errors[0]}`);
  if ((samples.at(-1)?.minutes ?? 0) >= MIN_MINUTES * 0.9 && !(slope < MAX_SLOPE))
    faults.push(`RSS grows by ${slope.toFixed(2)} MB a minute in the second half`);
  if (files > 10) faults.push(`${files} files more are open than in the middle`);
  return faults;
}

async function soak(store: Store, minutes: number, users: number, folder: string): Promise<Soak> {
  const running = await start(serverNamed('tsango'), store, folder, { BENCH_STATS: '1' });
  const agent = new http.Agent({ keepAlive: true });
  try {
    const counts: Counts = {};
    const errors: string[] = [];
    const begin = performance.now();
    const until = begin + minutes * 60_000;
    const visitors = Array.from({ length: users }, () =>
      visit(running.url, () => performance.now() < until, counts, errors),
    );
    const samples: Sample[] = [];
    process.stdout.write(`\n${store}\n${COLUMNS.map((name) => name.padStart(10)).join('')}\n`);
    const pause = Math.max(500, Math.min(5000, (minutes * 60_000) / SAMPLES));
    let before = { requests: 0, at: begin, processor: processorSeconds(running.pid) };
    while (performance.now() + pause < until) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const { body } = await ask(agent, `${running.url}/-/stats`);
      const stats = JSON.parse(body) as { heapUsed: number; lagP99: number; lagMax: number };
      const now = performance.now();
      const requests = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const processor = processorSeconds(running.pid);
      const sample: Sample = {
        minutes: (now - begin) / 60_000,
        requests,
        rps: ((requests - before.requests) * 1000) / (now - before.at),
        errors: errors.length,
        cpu: ((processor - before.processor) * 1e6) / (requests - before.requests),
        rss: residentBytes(running.pid) / MEGABYTE,
        heapUsed: stats.heapUsed / MEGABYTE,
        lagP99: stats.lagP99,
        lagMax: stats.lagMax,
        files: openFiles(running.pid),
      };
      before = { requests, at: now, processor };
      samples.push(sample);
      process.stdout.write(`${line(sample)}\n`);
    }
    await Promise.all(visitors);
    const half = samples.slice(Math.floor(samples.length / 2));
    const slope = slopeOf(half.map(({ minutes: at, rss }) => [at, rss]));
    return {
      store,
      samples,
      counts,
      errors: errors.slice(0, 20),
      slope,
      verdict: judge({ samples, errors, slope }),
    };
  } finally {
    agent.destroy();
    await running.stop();
  }
}

async function main(): Promise<void> {
  const minutes = numberOption(options.minutes, 10);
  const users = numberOption(options.users, 32);
  prepare();
  const wanted = (listed(options.store) as Store[] | undefined) ?? ['sqlite', 'redis+postgresql'];
  const stores = await usableStores(wanted);
  pinLoad();
  const soaks: Soak[] = [];
  await inFolder(stores, async (folder) => {
    for (const store of stores) soaks.push(await soak(store, minutes, users, folder));
  });
  for (const { store, counts, slope, verdict } of soaks) {
    process.stdout.write(`\n${store}: ${JSON.stringify(counts)}\n`);
    const short = minutes < MIN_MINUTES ? ', not judged in a run this short' : '';
    process.stdout.write(`RSS in the second half: ${slope.toFixed(2)} MB a minute${short}\n`);
    process.stdout.write(verdict.length > 0 ? `FAILED: ${verdict.join('; ')}\n` : 'passed\n');
    if (verdict.length > 0) process.exitCode = 1;
  }
  await writeReport(options.json, stores, { minutes, users, soaks });
}

runMain(main);
