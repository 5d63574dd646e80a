/** What every measurement begins and ends with: the build, the peers, a folder of its own, versions, the report. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onPath } from './processes';
import { PEERS, PYTHON, reasonAgainst, SERVERS, type Server, serverNamed } from './servers';
import { reasonAgainstStore, removeStores, type Store, storeVersions } from './stores';

const ROOT = path.join(__dirname, '..');

interface LockFile {
  packages: Record<string, { version?: string; optional?: boolean }>;
}

/** Whether what is installed is what the lock file says. */
function peersInstalled(): boolean {
  const hidden = path.join(PEERS, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const read = (file: string): LockFile => JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  const installed = read(hidden).packages;
  return Object.entries(read(path.join(PEERS, 'package-lock.json')).packages).every(
    ([name, { version, optional }]) => !name || optional || installed[name]?.version === version,
  );
}

/** Builds the package, and installs the peers where they are missing or others. */
export function prepare(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (peersInstalled()) return;
  process.stderr.write('installing the peers in bench/peers\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: PEERS,
    stdio: 'inherit',
  });
}

/** A comma-separated option. */
export function listed(option: string | undefined): string[] | undefined {
  return option?.split(',').map((name) => name.trim());
}

/** A number that was given as an option. @throws Error if it is none. */
export function numberOption(value: string | undefined, fallback: number): number {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`Not a number above 0: ${value}`);
  return number;
}

/** The stores that are there; says which are not, and why. */
export async function usableStores(wanted: readonly Store[]): Promise<Store[]> {
  const usable: Store[] = [];
  for (const store of wanted) {
    const reason = await reasonAgainstStore(store);
    if (reason === undefined) usable.push(store);
    else process.stderr.write(`left out: ${reason}\n`);
  }
  return usable;
}

/** The contestants that can run, with their stores; says which cannot, and why. */
export function usableServers(names: readonly string[] | undefined, stores: readonly Store[]): Server[] {
  return (names?.map(serverNamed) ?? [...SERVERS]).flatMap((server) => {
    const usable = server.stores.filter((store) => {
      if (!stores.includes(store)) return false;
      const reason = reasonAgainst(server, store);
      if (reason !== undefined) process.stderr.write(`left out: ${server.name} with ${store}: ${reason}\n`);
      return reason === undefined;
    });
    return usable.length > 0 ? [{ ...server, stores: usable }] : [];
  });
}

/** Runs a measurement in a folder of its own, and leaves nothing behind in the stores. */
export async function inFolder(
  stores: readonly Store[],
  measure: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-bench-'));
  try {
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await removeStores(stores);
  }
}

function printedBy(file: string, args: readonly string[]): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch (error) {
    // wrk prints its version and ends with 1.
    return String((error as { stdout?: unknown }).stdout ?? '').trim();
  }
}

const PYTHON_VERSIONS = `
import platform
print("python", platform.python_version())
for name in ("django", "gunicorn", "django_redis", "psycopg2"):
    try:
        print(name, __import__(name).__version__)
    except ImportError:
        pass
`;

/** The machine, and the versions of everything that takes part. */
export async function environment(stores: readonly Store[]): Promise<Record<string, unknown>> {
  const tree = JSON.parse(
    execFileSync('npm', ['ls', '--json', '--depth=0'], { cwd: PEERS, encoding: 'utf8' }),
  ) as { dependencies: Record<string, { version: string }> };
  const python = printedBy(PYTHON, ['-c', PYTHON_VERSIONS]);
  const [cpu] = os.cpus();
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpu?.model,
      processors: os.cpus().length,
      memory: os.totalmem(),
      system: `${os.type()} ${os.release()} ${os.arch()}`,
    },
    versions: {
      node: process.version,
      ...(onPath('wrk') && { wrk: /wrk (?:debian\/)?(\S+)/.exec(printedBy('wrk', ['-v']))?.[1] }),
      ...(await storeVersions(stores)),
      ...Object.fromEntries(Object.entries(tree.dependencies).map(([name, { version }]) => [name, version])),
      ...Object.fromEntries(python.split('\n').map((line) => line.split(' ') as [string, string])),
    },
  };
}

/** Writes the report, if a file was named. */
export async function writeReport(
  file: string | undefined,
  stores: readonly Store[],
  results: object,
): Promise<void> {
  if (file === undefined) return;
  writeFileSync(file, `${JSON.stringify({ ...(await environment(stores)), ...results }, null, 2)}\n`);
}

/** Runs a measurement's main function: what goes wrong is printed, and the exit status is 1. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}

/** A line of a table: the first column to the left, the others to the right. */
export function row(first: string, cells: readonly string[], width: number): string {
  return `${first.padEnd(24)}${cells.map((cell) => cell.padStart(width)).join('')}\n`;
}
