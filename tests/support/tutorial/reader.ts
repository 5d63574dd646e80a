/** Somebody who follows the tutorial: types its commands, writes its files, and looks at the site in a browser. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../browser';
import type { SampleFolder } from '../samples/folder';
import { type Block, blocksOf } from '../samples/markdown';
import { SERVICES } from '../services';
import { freePort, ROOT } from '../site';
import { change, fileOf } from './files';

const TERMINAL = path.join(__dirname, 'terminal.py');
const SERVER = /^(?:npx ts-node|node|python3) \S*manage\.\w+ runserver\b/;
const INSTALL = /^npm install ([^\s@]+)(?:@\d+)?$/;
/** Commands that a reader runs as programs of the project. */
const SHELL = 'npx() { exec "$@"; }; ';

/** A server that the reader has left running. */
interface Server {
  command: string;
  port: number;
  process?: ChildProcess;
  printed: string;
}

export class Reader {
  readonly folder: string;
  private readonly servers = new Map<string, Server>();
  private page: Page | undefined;
  /** What the browser's console said of errors. */
  errors: string[] = [];

  constructor(
    private readonly samples: SampleFolder,
    private readonly browser: Browser,
  ) {
    this.folder = samples.page();
  }

  /** Does what a page says, block by block. @returns how many blocks that were. @throws Error with the page's line. */
  async follow(name: string): Promise<number> {
    const blocks = blocksOf(readFileSync(path.join(ROOT, name), 'utf8'));
    for (const block of blocks) {
      try {
        await this.take(block);
      } catch (error) {
        throw new Error(`${name}:${block.line}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
    return blocks.length;
  }

  async stop(): Promise<void> {
    await this.page?.context().close();
    await this.pause();
  }

  private async take(block: Block): Promise<void> {
    const file = fileOf(block.code);
    if (block.browser) await this.look(block.browser.code, block.code);
    else if (block.language === 'sh' || block.language === 'console') await this.type(block);
    else if (file) {
      // What has been loaded stays as it was: the next look is at a server that was started after the change.
      await this.pause();
      change(this.folder, file);
    } else if (block.language === 'text') this.list(block.code);
    else throw new Error('the block is no file, no command, and nothing that a browser shows');
  }

  /** A list of files: each line begins with one that is there. */
  private list(code: string): void {
    const there = new Set(
      readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => !name.startsWith('node_modules'),
      ),
    );
    for (const line of code.split('\n')) {
      const name = line.trim().split(/\s/)[0]?.replace(/\/$/, '') ?? '';
      if (!there.has(name)) throw new Error(`there is no ${name}`);
    }
  }

  private async type({ code, language, typed, fails = false }: Block): Promise<void> {
    const lines = code.split('\n');
    for (let at = 0; at < lines.length; at++) {
      const line = (lines[at] ?? '').replace(language === 'console' ? /^\$ / : /^/, '');
      if (line === '' || line.startsWith('#')) continue;
      const next = lines.findIndex((each, index) => index > at && each.startsWith('$ '));
      const output = language === 'console' ? lines.slice(at + 1, next < 0 ? undefined : next) : [];
      at += output.length;
      await this.command(line.replace(/\s+# .*$/, ''), output, fails, typed);
    }
  }

  private async command(
    command: string,
    output: readonly string[],
    fails: boolean,
    typed?: string,
  ): Promise<void> {
    const [, packageName] = INSTALL.exec(command) ?? [];
    if (SERVER.test(command)) await this.serve(command);
    else if (packageName !== undefined) this.install(packageName);
    else expectLines(this.run(command, fails, dialogue(output, typed)), output);
  }

  /** @returns what a command printed. @throws Error unless it fails where it is to fail, and only there. */
  private run(command: string, fails: boolean, answers: readonly [string, string][]): string {
    const python = `python3() { ${SERVICES.python} "$@"; }; `;
    const [program, ...args] =
      answers.length === 0
        ? ['sh', '-c', `${python}${SHELL}${command} 2>&1`]
        : [SERVICES.python, TERMINAL, SHELL + command, JSON.stringify(answers)];
    const ran = spawnSync(program ?? '', args, {
      cwd: this.folder,
      env: this.env(),
      encoding: 'utf8',
      timeout: 120_000,
    });
    if ((ran.status === 0) === fails)
      throw new Error(`${command} ended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  private env(): NodeJS.ProcessEnv {
    const env = { ...this.samples.env(), NODE_NO_READLINE: '1', TERM: 'dumb', PYTHONWARNINGS: 'ignore' };
    return { ...env, TSANGO_SHELL_HISTORY: path.join(this.folder, '.history') };
  }

  /** What npm does with a package that it has: it is there afterwards, and not before. No registry is asked. */
  private install(name: string): void {
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(this.samples.root, 'node_modules', name));
    const file = path.join(this.folder, 'package.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
    content.dependencies[name] = '*';
    writeFileSync(file, JSON.stringify(content));
  }

  /** A server is named by the port that the tutorial gives it; in the test it has a free one. */
  private async serve(command: string): Promise<void> {
    const [, named = '8000'] = /runserver (\d+)/.exec(command) ?? [];
    const server = { command: command.replace(/ \d+$/, ''), port: await freePort(), printed: '' };
    this.servers.set(named, server);
    await this.start(server);
  }

  private async start(server: Server): Promise<void> {
    const { command, port } = server;
    const python = `python3() { exec ${SERVICES.python} "$@"; }; `;
    const child = spawn('sh', ['-c', `${SHELL}${python}${command} ${port} --noreload`], {
      cwd: this.folder,
      env: this.env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.process = child;
    server.printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        server.printed += chunk.toString();
      });
    }
    for (const deadline = Date.now() + 60_000; Date.now() < deadline && child.exitCode === null; ) {
      const answered = await fetch(`http://127.0.0.1:${port}/nothing-is-here/`).then(
        () => true,
        () => false,
      );
      if (answered) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${command} does not answer:\n${server.printed}`);
  }

  /** Stops the servers; the next look starts them again. */
  private async pause(): Promise<void> {
    for (const server of this.servers.values()) {
      const child = server.process;
      if (!child || child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      delete server.process;
    }
  }

  private async look(code: string, expected: string): Promise<void> {
    for (const server of this.servers.values()) if (!server.process) await this.start(server);
    if (!this.page) {
      const opened = await openPage(this.browser, { viewport: { width: 1280, height: 900 } });
      opened.page.setDefaultTimeout(15_000);
      this.page = opened.page;
      this.errors = opened.errors;
    }
    const url = (where: string, named = '8000'): string =>
      `http://127.0.0.1:${this.servers.get(named)?.port}${where}`;
    const act = new Function('page', 'url', `return (async () => {${code}})();`) as (
      page: Page,
      at: typeof url,
    ) => Promise<void>;
    const failed = (error: unknown): never => {
      const printed = [...this.servers.values()].map((server) => server.printed).join('\n');
      throw new Error(`${error instanceof Error ? error.message : error}\n${printed.slice(-3000)}`, {
        cause: error,
      });
    };
    await act(this.page, url).catch(failed);
    await this.page.waitForLoadState();
    // biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read.
    const seen = await this.page.locator('body').innerText();
    try {
      // Style sheets may have changed the case.
      expectLines(seen, expected.split('\n'), 'i');
    } catch (error) {
      failed(error);
    }
  }
}

/** What a command asks, and what is typed: `> code` at a prompt, or one answer to every question that ends in a colon. */
function dialogue(output: readonly string[], typed: string | undefined): [string, string][] {
  if (typed !== undefined) {
    return output.filter((line) => line.endsWith(':')).map((line) => [`${line} `, typed]);
  }
  const code = output
    .filter((line) => line.startsWith('> '))
    .map((line): [string, string] => ['> ', line.slice(2)]);
  return code.length === 0 ? [] : [...code, ['> ', '.exit']];
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Every line of `expected` is one of `actual`, in this order; `…` stands for anything, in a line or between lines. */
export function expectLines(actual: string, expected: readonly string[], flags = ''): void {
  const lines = actual.split('\n').map(plain).filter(Boolean);
  let from = 0;
  for (const line of expected.map(plain)) {
    if (line === '' || line === '…') continue;
    const parts = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${parts.join('.*')}$`, flags);
    const at = lines.findIndex((each, index) => index >= from && pattern.test(each));
    if (at < 0)
      throw new Error(`it does not say\n  ${line}\nbut\n${lines.map((each) => `  ${each}`).join('\n')}`);
    from = at + 1;
  }
}
