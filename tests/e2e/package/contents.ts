/** What is in the package, how large it is, and that both kinds of modules get the same from it. */
import { statSync } from 'node:fs';
import type { InstalledPackage } from '../../support/installed';

const KB = 1000;
/** A little more than there is, so that nothing large slips in. Source maps and screenshots once made 7.4 MB. */
const PACKED = 2200 * KB;
const UNPACKED = 8200 * KB;

export function contents(installed: () => InstalledPackage): void {
  it('holds what it names, and no sources or tests', () => {
    const files = installed().run('tar', '-tzf', installed().tarball).split('\n');
    expect(files).toContain('package/dist/index.d.ts');
    expect(files).toContain('package/dist/bin/tsango.js');
    expect(files).toContain('package/dist/conf/project_template/manage.ts-tpl');
    expect(files).toContain('package/docs/tutorial/01.md');
    expect(files).toContain('package/LICENSE');
    const unwanted = /^package\/(tests|sampleapp|bench|framework|scripts|docs\/screenshots)\/|\.(map|png)$/;
    expect(files.filter((name) => unwanted.test(name))).toEqual([]);
    for (const target of Object.values(installed().packageFile.exports)) {
      for (const file of typeof target === 'string' ? [target] : [target.types, target.default]) {
        if (!file.includes('*')) expect(files).toContain(`package/${file.slice(2)}`);
      }
    }
  });

  it('is small', () => {
    expect(statSync(installed().path(installed().tarball)).size).toBeLessThan(PACKED);
    const listed = installed().run('tar', '-tvzf', installed().tarball).trim().split('\n');
    const sizes = listed.map((line) => Number(line.split(/\s+/)[2]));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(UNPACKED);
  });

  it('gives every name of every module to require and to import', () => {
    const { modules } = installed();
    expect(modules).toEqual(expect.arrayContaining(['tsango', 'tsango/http', 'tsango/urls/resolvers']));
    for (const entry of Object.keys(installed().packageFile.exports)) {
      if (/^\.\/\*$|\.json$/.test(entry)) continue;
      expect(modules).toContain(entry.replace('.', 'tsango'));
    }
    // They register their models when they are imported, as a site's own admin.ts does.
    const needsSettings = (name: string): boolean =>
      /^tsango\/contrib\/(auth|flatpages|redirects|sites)\/admin$/.test(name);
    const [withSettings, without] = [
      modules.filter(needsSettings),
      modules.filter((name) => !needsSettings(name)),
    ];
    installed().write(
      'configured.mjs',
      `import { apps } from 'tsango/apps';
import { configure } from 'tsango/conf';
const INSTALLED_APPS = ['admin', 'auth', 'contenttypes', 'flatpages', 'messages', 'redirects', 'sessions', 'sites'].map((name) => 'tsango.contrib.' + name);
configure({ INSTALLED_APPS, SECRET_KEY: 'not a secret' });
apps.populate();
`,
    );
    expect(withSettings).not.toEqual([]);
    for (const [names, first] of [
      [without, ''],
      [withSettings, "import './configured.mjs';\n"],
    ] as const) {
      installed().write('names.mjs', first + comparison(names));
      const { differ, empty } = JSON.parse(installed().run('node', 'names.mjs')) as Record<string, string[]>;
      expect(differ).toEqual([]);
      // Only modules of types, and of what an import alone does, have no names.
      expect(empty).not.toContain('tsango/http');
    }
    installed().remove('names.mjs');
    installed().remove('configured.mjs');
  });
}

/** Static imports, because a module with an export `then` cannot be awaited. */
function comparison(modules: readonly string[]): string {
  return `import { createRequire } from 'node:module';
${modules.map((name, index) => `import * as m${index} from '${name}';`).join('\n')}
const require = createRequire(import.meta.url);
const imported = { ${modules.map((name, index) => `'${name}': m${index}`).join(', ')} };
const names = (module) => Object.keys(module).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort();
const differ = Object.entries(imported).filter(([name, module]) => String(names(module)) !== String(names(require(name))));
console.log(JSON.stringify({ differ: differ.map(([name]) => name), empty: Object.keys(imported).filter((name) => names(require(name)).length === 0) }));
`;
}
