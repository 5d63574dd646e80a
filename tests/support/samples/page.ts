/** A page of docs/, done as its reader would: commands are run, files are written, code is compiled and run. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../site';
import { compile } from './compile';
import type { SampleFolder } from './folder';
import { type Block, blocksOf } from './markdown';
import { codeModule, isSettings, type Module, settingsModule, templateModule } from './module';

/** What became of a page's blocks. */
export interface Outcome {
  compiled: number;
  run: number;
  /** The blocks that are neither, or only compiled: why, by line. */
  excused: { line: number; reason: string }[];
  /** What went wrong, a block each. */
  errors: string[];
}

const RUN = path.join(__dirname, 'run.cjs');
const STARTS_PROJECT = /\btsango startproject mysite \./;
/** As an app and as a module. */
const ADMIN = /'tsango[./]contrib[./]admin'/;
const CODE = new Set(['ts', 'django', 'sh', 'console']);

export class Page {
  /** Where it is done. */
  readonly folder: string;
  private readonly blocks: Block[];
  private readonly modules = new Map<string, Module>();
  private readonly steps: [kind: 'module' | 'settings', file: string, where: string][] = [];
  private readonly outcome: Outcome = { compiled: 0, run: 0, excused: [], errors: [] };
  private written: string[] = [];

  /** @param project a started project, copied for every page that does not start one itself. */
  constructor(
    private readonly samples: SampleFolder,
    private readonly name: string,
    text: string,
    private readonly project: string | null,
  ) {
    this.blocks = blocksOf(text);
    this.folder = samples.page();
  }

  async do(): Promise<Outcome> {
    const starts = this.blocks.some((block) => block.notRun === undefined && STARTS_PROJECT.test(block.code));
    if (!starts && this.project !== null) {
      copyProject(this.project, this.folder);
      if (!this.blocks.some(({ code }) => ADMIN.test(code))) this.leaveOutAdmin();
    }
    for (const block of this.blocks) await this.take(block);
    if (existsSync(path.join(this.folder, 'mysite'))) {
      this.installApps();
      this.write('samples/serving.ts', readFileSync(path.join(__dirname, 'serving.ts'), 'utf8'));
      this.outcome.errors.push(...compile(this.folder, this.name, this.modules));
      if (this.outcome.errors.length === 0) {
        this.runModules();
        this.runTests();
      }
    }
    return this.outcome;
  }

  /** Of a page that says nothing of the admin, whose list of apps may have none: the reader's URLs have none either. */
  private leaveOutAdmin(): void {
    for (const file of ['mysite/settings.ts', 'mysite/urls.ts']) {
      const lines = this.read(file).split('\n');
      const kept = lines.filter((line) => !ADMIN.test(line)).join('\n');
      this.write(file, kept.replace("path('admin/', admin.site.urls)", ''));
    }
  }

  private where(block: Block): string {
    return `${this.name}:${block.line}`;
  }

  private async take(block: Block): Promise<void> {
    const { language, notRun, notCompiled } = block;
    const reason = notCompiled ?? notRun;
    if (reason !== undefined) this.outcome.excused.push({ line: block.line, reason });
    if (notCompiled !== undefined || (language !== 'ts' && notRun !== undefined)) return;
    if (!CODE.has(language)) {
      const named = language === '' ? 'a block without a language' : `a block of '${language}'`;
      this.outcome.errors.push(
        `${this.where(block)}: ${named} is neither run nor says why (<!-- sample: not run: … -->)`,
      );
    } else if (language === 'sh' || language === 'console') await this.shell(block);
    else {
      this.outcome.compiled++;
      if (notRun === undefined) this.outcome.run++;
      if (block.file !== undefined) this.writeFile(block, block.file);
      else this.addModule(block);
    }
  }

  private write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  private read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** A file that the reader writes; a part of the settings takes the place of what they say. */
  private writeFile(block: Block, file: string): void {
    this.written.push(file);
    const rest = block.code.slice(block.code.indexOf('\n') + 1);
    if (file.endsWith('settings.ts') && isSettings({ ...block, code: rest })) {
      this.write(file, setEntries(this.read(file), rest));
    } else {
      this.write(file, `${block.code}\n`);
      const lines = block.code.split('\n').map((_, index) => block.line + index);
      this.modules.set(file, { text: block.code, lines });
      const module = file.replace(/\.ts$/, '');
      // A test runs under the test runner, and a settings module once more where the site is.
      if (file.endsWith('.ts') && !isTest(file) && block.notRun === undefined)
        this.steps.push(['module', module, this.where(block)]);
    }
    if (block.before.length + block.after.length > 0) {
      this.addModule({ ...block, code: '', line: block.line, language: 'ts' });
    }
  }

  private addModule(block: Block): void {
    const previous = [...this.modules.keys()].at(-1);
    if (block.continues && previous !== undefined) {
      const chain = [...(this.chain ?? []), block];
      this.chain = chain;
      this.set(previous, codeModule(chain));
      return;
    }
    this.chain = [block];
    const kind = isSettings(block) ? 'settings' : 'module';
    const assemble = { settings: () => settingsModule(block), module: () => codeModule([block]) }[kind];
    const file = `samples/line_${block.line}`;
    this.set(`${file}.ts`, block.language === 'django' ? templateModule(block) : assemble());
    if (block.notRun === undefined) this.steps.push([kind, file, this.where(block)]);
  }

  private chain: Block[] | undefined;

  private set(file: string, module: Module): void {
    this.modules.set(file, module);
    this.write(file, module.text);
  }

  /** Apps whose files the page has the reader write are installed: the page need not say so each time. */
  private installApps(): void {
    const settings = this.read('mysite/settings.ts');
    const apps = new Set(this.written.map((file) => file.split('/')[0] ?? ''));
    const missing = [...apps].filter(
      (app) => !['mysite', 'tests', 'samples', 'migrations', 'bin'].includes(app) && !app.includes('.'),
    );
    const added = missing.filter((app) => !settings.includes(`'${app}'`)).map((app) => `'${app}', `);
    this.write(
      'mysite/settings.ts',
      settings.replace('INSTALLED_APPS: [', `INSTALLED_APPS: [${added.join('')}`),
    );
  }

  private async shell(block: Block): Promise<void> {
    for (const { command, output } of commandsOf(block)) {
      const failure = /\b(runserver|serve)\b/.test(command)
        ? await this.serve(command)
        : this.finish(command, output);
      if (failure !== undefined) {
        this.outcome.errors.push(`${this.where(block)}: ${command}\n${failure}`);
        return;
      }
    }
    this.outcome.run++;
  }

  /** Runs a command to its end; what `npx` names is on the path. @param output lines that it has to print. */
  private finish(command: string, output: readonly string[] = []): string | undefined {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `npx() { command "$@"; }; ${command}`], {
      cwd: this.folder,
      env: this.samples.env(),
      encoding: 'utf8',
      timeout: 120_000,
    });
    const printed = `${stdout}${stderr}`;
    const missing = output.filter((line) => !printed.includes(line.trim()));
    return status === 0 && missing.length === 0 ? undefined : [...missing, printed].join('\n');
  }

  /** Starts a server on a free port, and waits until it answers. */
  private async serve(command: string): Promise<string | undefined> {
    const port = await freePort();
    const server = spawn('sh', ['-c', `npx() { exec "$@"; }; ${command} ${port}`], {
      cwd: this.folder,
      env: this.samples.env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    let status: number | undefined;
    for (const deadline = Date.now() + 30_000; Date.now() < deadline && server.exitCode === null; ) {
      status = await fetch(`http://127.0.0.1:${port}/`).then(
        (response) => response.status,
        () => undefined,
      );
      if (status !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    server.kill('SIGTERM');
    await ended;
    return status === 200 ? undefined : `answered ${status}\n${printed}`;
  }

  private runModules(): void {
    const together = this.steps.filter(([kind]) => kind === 'module');
    const alone = this.steps.filter(([kind]) => kind === 'settings');
    for (const steps of [together, ...alone.map((step) => [step])]) {
      if (steps.length === 0) continue;
      const { stdout, stderr } = spawnSync(process.execPath, [RUN, JSON.stringify(steps)], {
        cwd: this.folder,
        env: this.samples.env(),
        encoding: 'utf8',
        timeout: 60_000,
      });
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('[')) this.outcome.errors.push(...(JSON.parse(last) as string[]));
      else this.outcome.errors.push(`${this.name}: ${steps.map(([, , at]) => at)}\n${stdout}${stderr}`);
    }
  }

  /** The tests that the page has the reader write, unless the page runs them itself. */
  private runTests(): void {
    const tests = this.written.filter(isTest);
    const run = this.blocks.some(({ code, notRun }) => notRun === undefined && /^npm test$/m.test(code));
    if (tests.length === 0 || run) return;
    const failure = this.finish(`jest ${tests.join(' ')}`);
    if (failure !== undefined) this.outcome.errors.push(`${this.name}: ${failure}`);
  }
}

const isTest = (file: string): boolean => /(^|\/)tests\.ts$|\.test\.ts$/.test(file);

function copyProject(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name !== 'node_modules') cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  }
}

/** The commands of a block; in a `console` each begins with `$`, and what it prints follows. */
function commandsOf({ before, code, language, after }: Block): { command: string; output: string[] }[] {
  const commands: { command: string; output: string[] }[] = [];
  for (const line of [...before, { code }, ...after].flatMap((lines) => lines.code.split('\n'))) {
    const command = line.replace(/^\$ /, '').replace(/\s+#.*$/, '');
    if (language === 'console' && !line.startsWith('$ ')) commands.at(-1)?.output.push(line);
    else if (command.trim() !== '') commands.push({ command, output: [] });
  }
  return commands;
}

/** Sets entries of the object that a settings module exports. */
export function setEntries(settings: string, entries: string): string {
  const names = [...entries.matchAll(/^([A-Z][A-Z0-9_]*):/gm)].map(([, name]) => name);
  const without = names.reduce<string>(
    (text, name) => text.replace(new RegExp(`^  ${name}: (?:.*,|[\\[{]\\n[\\s\\S]*?^  [\\]}],)\\n`, 'm'), ''),
    settings,
  );
  return without.replace(/^}\);$/m, `${entries.replace(/,?\s*$/, ',')}\n});`);
}
