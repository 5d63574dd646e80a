/**
 * What no recording holds and a site needs: views, middleware, backends, written here under the dotted names that they have in the
 * recording. `ports/auth_tests/urls.ts` is `auth_tests.urls`.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import { importString } from 'tsango/utils/module_loading';

const FOLDER = path.join(__dirname, 'ports');

/** Makes what is written here importable from a folder of a site. */
export function linkPorts(site: string): void {
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const place = path.join(site, file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, `module.exports = require(${JSON.stringify(path.join(FOLDER, file))});\n`);
  }
}

/** What is written under a dotted name. */
export function ported(dotted: string): unknown {
  if (dotted.startsWith('django.')) return undefined;
  const parts = dotted.split('.');
  const name = parts.pop() ?? '';
  // Models are made before there is a site.
  const file = path.join(FOLDER, ...parts);
  const own = existsSync(`${file}.ts`)
    ? (require(file) as Readonly<Record<string, unknown>>)[name]
    : undefined;
  if (own !== undefined) return own;
  try {
    return importString(dotted.replace('<lambda>', 'lambda'));
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return undefined;
    throw error;
  }
}

/** The needs of a step that nobody has written. A member of a class of views comes with a function of that class. */
export function unported(customs: readonly string[]): string[] {
  return customs.filter((custom) => {
    const [kind, name = '', member = '', more = ''] = custom.split(':');
    // A class that a view is given is ported, or not there.
    if (kind === 'kwargs') return false;
    if (kind === 'view') return ported(name) === undefined;
    if (kind === 'setting' || (kind === 'model' && name.endsWith('.manager')))
      return ported(member) === undefined;
    if (kind === 'admin' && member === 'filter' && more.includes('.')) return ported(more) === undefined;
    return true;
  });
}
