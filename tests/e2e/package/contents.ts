/** What is in the package, how large it is, and that both kinds of modules get the same from it. */
import { statSync } from 'node:fs';
import type { InstalledPackage } from '../../support/installed';

const KB = 1000;
/** A little more than there is, so that nothing large slips in. Source maps and screenshots once made 7.4 MB. */
const PACKED = 1750 * KB;
const UNPACKED = 6500 * KB;

export function contents(installed: () => InstalledPackage): void {
  it('holds what it names, and no sources or tests', () => {
    const files = installed().run('tar', '-tzf', installed().tarball).split('\n');
    expect(files).toContain('package/dist/index.d.ts');
    expect(files).toContain('package/dist/bin/tsango.js');
    expect(files).toContain('package/dist/conf/project_template/manage.ts-tpl');
    expect(files).toContain('package/docs/tutorial.md');
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
    // Static imports, because a module with an export `then` cannot be awaited.
    installed().write(
      'names.mjs',
      `import { createRequire } from 'node:module';
${modules.map((name, index) => `import * as m${index} from '${name}';`).join('\n')}
const require = createRequire(import.meta.url);
const imported = { ${modules.map((name, index) => `'${name}': m${index}`).join(', ')} };
const names = (module) => Object.keys(module).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort();
const differ = Object.entries(imported).filter(([name, module]) => String(names(module)) !== String(names(require(name))));
console.log(JSON.stringify({ differ: differ.map(([name]) => name), empty: Object.keys(imported).filter((name) => names(require(name)).length === 0) }));
`,
    );
    const { differ, empty } = JSON.parse(installed().run('node', 'names.mjs')) as Record<string, string[]>;
    expect(differ).toEqual([]);
    // Only modules of types, and of what an import alone does, have no names.
    expect(empty).not.toContain('tsango/http');
    installed().remove('names.mjs');
  });
}
