/** Which files are meant. Django: `DiscoverRunner.build_suite`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { apps } from '../../apps/registry';
import { CommandError } from '../../core/management/errors';
import { getSiteRoot, packagePath, resolveModule } from '../../utils/module_loading';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist']);

/**
 * The file or folder of a label: a path, the label of an app, or a dotted name.
 *
 * @throws CommandError if there is none.
 */
export function pathOfLabel(label: string): string {
  const root = getSiteRoot();
  const file = path.resolve(root, label);
  if (existsSync(file)) return file;
  const app = apps.getAppConfigs().find((config) => config.label === label);
  if (app !== undefined) return app.path;
  try {
    return resolveModule(label);
  } catch {
    const folder = /^[\w.]+$/.test(label) ? packagePath(label) : undefined;
    if (folder !== undefined) return folder;
    throw new CommandError(
      `'${label}' is no test label: neither a file or folder, nor the label of an app, nor a dotted name of the site.`,
    );
  }
}

/** Every file of tests below a folder, or the file: `*.test.ts`, and `tests.ts` of apps. */
export function testFiles(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(place, entry.name);
      if (entry.isDirectory())
        return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : testFiles(file);
      return /(?:^tests|\.test)\.[cm]?[jt]s$/.test(entry.name) ? [file] : [];
    });
}
