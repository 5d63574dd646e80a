/** A site on disk for tests that run `manage.ts` as a person does: in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of this repository. */
export const REPOSITORY = path.resolve(__dirname, '..', '..');

const TS_NODE = path.join(REPOSITORY, 'node_modules', 'ts-node', 'dist', 'bin.js');

const MANAGE = `import { executeFromCommandLine } from 'tsango/core/management';
process.env['TSANGO_SETTINGS_MODULE'] ??= 'settings';
void executeFromCommandLine(process.argv);
`;

/** What a process printed, and how it ended. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A process whose output is collected. */
export class Running {
  stdout = '';
  stderr = '';
  /** Settles when the process has ended and its output is complete. */
  readonly ended: Promise<Outcome>;
  private readonly listeners = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const listener of this.listeners) listener();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const listener of this.listeners) listener();
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (status) => resolve({ status, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits until the output (both streams) shows something; fails with the output if the process ends before. */
  async shows(pattern: RegExp, timeout = 20_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      const fail = (why: string): void => {
        done();
        reject(new Error(`${why} without showing ${pattern}:\n${this.stdout}\n${this.stderr}`));
      };
      const look = (): void => {
        const match = pattern.exec(`${this.stdout}\n${this.stderr}`);
        if (match === null) return;
        done();
        resolve(match);
      };
      const timer = setTimeout(() => fail(`${timeout} ms passed`), timeout);
      this.listeners.add(look);
      void this.ended.then(() => {
        look();
        fail('The process ended');
      });
      look();
    });
  }

  /** Forgets the output so far, for the next `shows`. */
  forget(): void {
    this.stdout = '';
    this.stderr = '';
  }

  /** Ends the process as Ctrl-C or `kill` does, and waits. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}

/** Starts `ts-node manage.ts …` of a folder; `typed` is what it reads. */
export function manage(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  typed?: string,
): Running {
  const { TSANGO_SETTINGS_MODULE: _, DJANGO_COLORS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [TS_NODE, path.join(root, 'manage.ts'), ...args], {
    cwd: REPOSITORY,
    env: { ...inherited, ...env },
    stdio: [typed === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(typed);
  return new Running(child);
}

/** A folder with a `manage.ts` and the files that a test gives it. */
export class Site {
  readonly root: string;

  constructor(files: Readonly<Record<string, string>>) {
    // Inside of the repository, so that its tsconfig.json and packages are found.
    this.root = mkdtempSync(path.join(REPOSITORY, 'tests', '.site-'));
    this.write('manage.ts', MANAGE);
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string): void {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  delete(file: string): void {
    rmSync(path.join(this.root, file));
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<Outcome> {
    return manage(this.root, args).ended;
  }

  /** Runs a command to its end, with answers to what it asks. */
  answer(typed: string, ...args: string[]): Promise<Outcome> {
    return manage(this.root, args, {}, typed).ended;
  }

  /** Starts a command that goes on. */
  start(...args: string[]): Running {
    return manage(this.root, args);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
