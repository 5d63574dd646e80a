/**
 * A built site as one file of code, for `manage.ts bundle`.
 *
 * Settings name modules, and these are found by their files: so the bundle keeps the layout of what went in. Each module
 * that a dotted name may mean has a file of one line in its place, which asks the bundle for it; folders of commands,
 * migrations, templates and static files are read as they always are.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ImproperlyConfigured } from '../exceptions';

/** Where the framework is in a bundle: where npm would have put it. */
const PACKAGE = 'node_modules/tsango';
const MANIFEST = `${PACKAGE}/package.json`;
/** Folders of a site that are no part of it. */
const LEFT_OUT = new Set(['node_modules', 'tests', 'coverage']);
/** Modules of the framework that only development has. */
const DEVELOPMENT = /^(test|bin)\//;
/** Data, and not the site's: databases, sources of sources. */
const DATA = /\.(sqlite3(-wal|-shm)?|db|map|d\.[cm]?ts|tsbuildinfo|tgz)$/;

/** What of esbuild is used here. https://esbuild.github.io/api/ */
export interface Esbuild {
  build(options: object): Promise<{ readonly warnings: readonly unknown[] }>;
}

/** What goes into a bundle. */
export interface BundleOptions {
  readonly esbuild: Esbuild;
  /** The folder of the built `manage.js`. */
  readonly root: string;
  /** Where the bundle is written. It is emptied before. */
  readonly outdir: string;
  readonly minify: boolean;
  /** Optional packages that are installed and have no native part: they are bundled, too. */
  readonly packages: readonly string[];
}

/** How many modules and other files went into a bundle. */
export interface Bundled {
  readonly modules: number;
  readonly files: number;
}

/** A file of the site or of the framework, and where it is in the bundle. */
interface Source {
  readonly file: string;
  readonly place: string;
}

function manifest(): { name: string; version: string; peerDependencies: Record<string, string> } {
  return require('../../../package.json') as ReturnType<typeof manifest>;
}

/** The names of the packages that only some sites need. */
export function optionalPackages(): string[] {
  return Object.keys(manifest().peerDependencies);
}

/**
 * Writes a bundle of a built site.
 *
 * @throws ImproperlyConfigured where the site is not built, or something else than a bundle would be overwritten.
 */
export async function bundleSite({
  esbuild,
  root,
  outdir,
  minify,
  packages,
}: BundleOptions): Promise<Bundled> {
  const within = path.relative(outdir, root);
  if (within === '' || !within.startsWith('..')) {
    throw new ImproperlyConfigured(`--outdir ${outdir} has the site in it: name another folder.`);
  }
  const framework = realpathSync(path.resolve(__dirname, '..', '..'));
  const all = [
    ...sourcesOf(root, '', outdir),
    ...sourcesOf(framework, `${PACKAGE}/${path.basename(framework)}`, outdir),
  ];
  if (!all.some(({ place }) => place === 'manage.js')) {
    throw new ImproperlyConfigured(
      `There is no manage.js in ${root}: a bundle is made of what is built. Run: npm run build && node dist/manage.js bundle`,
    );
  }
  if (existsSync(outdir) && readdirSync(outdir).length > 0 && !existsSync(path.join(outdir, MANIFEST))) {
    throw new ImproperlyConfigured(
      `--outdir ${outdir} has files that no bundle has put there, and would be emptied: name another folder.`,
    );
  }
  const [modules, files] = [all.filter(isModule), all.filter((source) => !isModule(source))];
  rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    stdin: { contents: entryOf(modules, packages), resolveDir: root, sourcefile: 'bundle.js' },
    outfile: path.join(outdir, 'manage.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node.split('.')[0]}`,
    minify,
    keepNames: true,
    logLevel: 'silent',
    banner: { js: BANNER },
    plugins: [placing(modules), leavingOut(packages)],
  });
  for (const { place } of modules) {
    if (place !== 'manage.js') write(outdir, place, standIn(place));
  }
  for (const name of packages) write(outdir, `node_modules/${name}/index.js`, standIn(name));
  for (const { file, place } of files) {
    mkdirSync(path.dirname(path.join(outdir, place)), { recursive: true });
    copyFileSync(file, path.join(outdir, place));
  }
  const { name, version, peerDependencies } = manifest();
  write(outdir, MANIFEST, JSON.stringify({ name, version, peerDependencies }));
  return { modules: modules.length, files: files.length };
}

function write(outdir: string, place: string, text: string): void {
  mkdirSync(path.dirname(path.join(outdir, place)), { recursive: true });
  writeFileSync(path.join(outdir, place), text);
}

/** The files below a folder, with their places. */
function sourcesOf(folder: string, place: string, outdir: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Source[] => {
    const [file, below] = [
      path.join(folder, entry.name),
      place === '' ? entry.name : `${place}/${entry.name}`,
    ];
    if (entry.name.startsWith('.') || file === outdir) return [];
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : sourcesOf(file, below, outdir);
    const own = below.slice(PACKAGE.length).replace(/^\/[^/]*\//, '');
    const isLeftOut = DATA.test(entry.name) || (below.startsWith(`${PACKAGE}/`) && DEVELOPMENT.test(own));
    return isLeftOut ? [] : [{ file, place: below }];
  });
}

/** Static files are sent as they are, scripts among them. */
function isModule({ place }: Source): boolean {
  return /\.c?js$/.test(place) && !/(^|\/)static\//.test(place);
}

/** Modules by their places, each loaded when it is first asked for; then the site begins. */
function entryOf(modules: readonly Source[], packages: readonly string[]): string {
  const all = [...modules.map(({ file, place }) => [place, file]), ...packages.map((name) => [name, name])];
  const lines = all.map(
    ([place, file]) => `  ${JSON.stringify(place)}: () => require(${JSON.stringify(file)}),`,
  );
  const main = modules.find(({ place }) => place === 'manage.js')?.file;
  return `Object.assign(__bundle, {\n${lines.join('\n')}\n});\nrequire(${JSON.stringify(main)});\n`;
}

/** What is in the place of a module. */
function standIn(place: string): string {
  return `module.exports = globalThis[Symbol.for('tsango.bundle')][${JSON.stringify(place)}]();\n`;
}

/**
 * A module that is loaded is known to Node by the name of its place, as if it had been read from there. __filename is the
 * bundle's own here.
 */
const BANNER = `const __bundle = (globalThis[Symbol.for('tsango.bundle')] = Object.create(null));
const __root = __dirname;
function __place(place, module) {
  const file = require('node:path').join(__root, place);
  if (place !== 'manage.js') require.cache[file] = Object.assign(module, { id: file, filename: file, loaded: true, children: [] });
  return file;
}
`;

/** Tells each module where it is: the framework finds its own files beside it. */
function placing(modules: readonly Source[]): object {
  const places = new Map(modules.map(({ file, place }) => [realpathSync(file), place]));
  return {
    name: 'places',
    setup(build: Hooks) {
      build.onLoad({ filter: /\.c?js$/ }, ({ path: file }) => {
        const place = places.get(file);
        if (place === undefined) return undefined;
        const text = readFileSync(file, 'utf8')
          .replace(/^#!.*/, '')
          .replace(/^"use strict";/, '');
        const head = `"use strict"; var __filename = __place(${JSON.stringify(place)}, module), __dirname = require("node:path").dirname(__filename);`;
        return { contents: head + text, loader: 'js' };
      });
    },
  };
}

interface Hooks {
  onLoad(
    options: { filter: RegExp },
    call: (args: { path: string }) => { contents: string; loader: 'js' } | undefined,
  ): void;
  onResolve(
    options: { filter: RegExp },
    call: (args: {
      path: string;
      resolveDir: string;
      kind: string;
      pluginData?: unknown;
    }) => Promise<unknown>,
  ): void;
  resolve(name: string, options: object): Promise<{ errors: readonly unknown[] }>;
}

/** Packages that are not there stay names, as do those with a native part: who needs one finds it beside the bundle. */
function leavingOut(packages: readonly string[]): object {
  const outside = optionalPackages().filter((name) => !packages.includes(name));
  return {
    name: 'packages',
    setup(build: Hooks) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path: name, resolveDir, kind, pluginData }) => {
        if (pluginData === 'packages') return undefined;
        if (outside.some((each) => name === each || name.startsWith(`${each}/`)))
          return { path: name, external: true };
        const found = await build.resolve(name, { resolveDir, kind, pluginData: 'packages' });
        return found.errors.length > 0 ? { path: name, external: true } : found;
      });
    },
  };
}
