/** `manage.ts bundle`: the built site as one file of code. Django has no such command: Python's modules are not bundled. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { getSiteRoot } from '../../../utils/module_loading';
import { optionalRequire } from '../../../utils/optional';
import { BaseCommand, type Options } from '../base';
import { bundleSite, type Esbuild, optionalPackages } from '../bundle';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  outdir: string;
  minify: boolean;
}

/** Writes a bundle of the site beside what is built. */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Bundles the built site: one file of code with everything that settings may name, and the files that it reads.';
  override requiresSystemChecks: readonly string[] = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--outdir', {
      default: 'bundle',
      help: 'Where the bundle is written, from the folder of manage.js; a bundle that is there is replaced. Defaults to bundle.',
    });
    parser.addArgument('--minify', { action: 'storeTrue', help: 'Makes the code smaller.' });
  }

  override async handle({ outdir, minify, verbosity }: Options<Arguments>): Promise<void> {
    const root = getSiteRoot();
    if (!existsSync(path.join(root, 'manage.js'))) {
      throw new CommandError(
        'A bundle is made of what is built. Run: npm run build && node dist/manage.js bundle',
      );
    }
    const target = path.resolve(root, outdir);
    const packages = installedPackages(root);
    const esbuild = optionalRequire<Esbuild>('esbuild', 'manage.ts bundle');
    const { modules, files } = await bundleSite({ esbuild, root, outdir: target, minify, packages });
    if (verbosity > 0) {
      const also = packages.length > 0 ? ` and ${packages.join(', ')}` : '';
      this.stdout.write(
        `${path.relative(process.cwd(), target)}: ${modules} modules${also} in manage.js, ${files} files beside it.`,
      );
    }
  }
}

/** Packages that only run from files of their own, or only build. */
const OUTSIDE = ['esbuild', 'pino'];

/** The optional packages that are installed and can be bundled: those without a native part. */
function installedPackages(root: string): string[] {
  const { resolve } = createRequire(path.join(root, 'manage.js'));
  return optionalPackages().filter((name) => {
    if (OUTSIDE.includes(name)) return false;
    let file: string;
    try {
      file = resolve(name);
    } catch {
      return false;
    }
    return !hasNativePart(file, name);
  });
}

/** Whether a package compiles something when it is installed, or brings it compiled. */
function hasNativePart(file: string, name: string): boolean {
  const folder = file.slice(
    0,
    file.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length,
  );
  const { gypfile } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    gypfile?: boolean;
  };
  const names = readdirSync(folder);
  return gypfile === true || ['binding.gyp', 'prebuilds', 'build'].some((each) => names.includes(each));
}
