/** The package as a user has it: packed, and installed in an empty folder. Nothing of the repository is on the path. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from './pack';
import { ROOT } from './site';

/** What package.json says, as far as tests read it. */
export interface PackageFile {
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** What commands, and npm on its way to the registry, cannot do without; and a compiler that remembers. */
const NEEDED = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy', 'CC', 'CXX'];
const REMEMBERED = ['CCACHE_DIR', 'CCACHE_BASEDIR', 'CCACHE_NOHASHDIR'];

/** A folder that has the package, and what npm installs with it, alone. */
export class InstalledPackage {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-package-'));
  readonly tarball = pack(this.folder);

  constructor() {
    this.run('npm', 'install', '--no-audit', '--no-fund', `./${this.tarball}`);
  }

  /** The environment of its commands: no NODE_PATH, no settings module, nothing that the test runner set. */
  readonly env = (): NodeJS.ProcessEnv => ({
    ...Object.fromEntries([...NEEDED, ...REMEMBERED].map((name) => [name, process.env[name]])),
    npm_config_audit: 'false',
  });

  /** Runs a command in the folder. @returns what it printed. */
  run(command: string, ...args: string[]): string {
    try {
      return execFileSync(command, args, {
        cwd: this.folder,
        encoding: 'utf8',
        env: this.env(),
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 2 ** 26,
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Runs the repository's compiler in the folder, what is installed there need not have one: the newest, which is the fastest. */
  compile(...args: string[]): string {
    return this.compileWith('typescript-native', ...args);
  }

  /** The same with another of the repository's compilers. */
  compileWith(compiler: 'typescript' | 'typescript-native', ...args: string[]): string {
    return this.run(process.execPath, path.join(ROOT, 'node_modules', compiler, 'bin/tsc'), ...args);
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Writes a file, and the folders that it is in. */
  write(name: string, content: string): void {
    mkdirSync(path.dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  /** Its package.json. */
  get packageFile(): PackageFile {
    return JSON.parse(this.read('node_modules/tsango/package.json')) as PackageFile;
  }

  /** Every name that it is imported by, but the command line, which would run, and the scripts of pages. */
  get modules(): string[] {
    return readdirSync(this.path('node_modules/tsango/dist'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js') && name !== 'bin/tsango.js' && !name.includes('/static/'))
      .map((name) => `tsango/${name.slice(0, -'.js'.length)}`.replace(/\/index$/, ''))
      .sort();
  }
}
