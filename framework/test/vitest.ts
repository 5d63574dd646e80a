/**
 * A site's modules in vitest. Settings name modules, which are loaded by `require`; what a test imports goes through vite,
 * and would be loaded once more: each model would be there twice. With this plugin a test gets what `require` gives.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * import { tsango } from 'tsango/test/vitest';
 * import { defineConfig } from 'vitest/config';
 *
 * export default defineConfig({
 *   plugins: [tsango()],
 *   test: { globals: true, setupFiles: ['tests/setup.ts'], include: ['tests/**\/*.test.ts'] },
 * });
 * ```
 */
import path from 'node:path';

/** The parts of a module's syntax that are looked at. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly declaration?: (Node & { readonly id?: Node; readonly declarations?: { id: Node }[] }) | null;
  readonly specifiers?: readonly { readonly exported: Node }[];
}

/** A plugin of vite, as far as this is one. */
export interface VitestPlugin {
  readonly name: string;
  readonly enforce: 'post';
  config(): object;
  transform(
    this: { parse(code: string): { readonly body: unknown } },
    code: string,
    id: string,
  ): { code: string; map: null } | undefined;
}

/** What no site imports: tests, their setup, the runner's own. */
const OWN =
  /(?:^|\/)node_modules\/|\.(?:test|spec)\.[cm]?[jt]s$|(?:^|\/)(?:tests\/setup|tests|vitest\.config)\.[cm]?ts$/;

/**
 * The plugin: tests run in processes with `ts-node`, and the site's modules are loaded by `require`.
 *
 * @param options.root the site's folder; default: the working directory.
 */
export function tsango({ root = process.cwd() }: { root?: string } = {}): VitestPlugin {
  return {
    name: 'tsango',
    enforce: 'post',
    config: () => ({
      test: {
        pool: 'forks',
        poolOptions: { forks: { execArgv: ['--require', 'ts-node/register'] } },
      },
    }),
    transform(code, id) {
      const [file = ''] = id.split('?');
      const inside = path.relative(root, file).split(path.sep).join('/');
      if (inside.startsWith('..') || OWN.test(inside) || !/\.[cm]?ts$/.test(file)) return undefined;
      const names = exportedNames(this.parse(code).body as readonly Node[]);
      const lines = names.map((name) =>
        name === 'default' ? 'export default site.default;' : `export const ${name} = site.${name};`,
      );
      return {
        code: [
          "import { createRequire } from 'node:module';",
          `const site = createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});`,
          ...lines,
        ].join('\n'),
        map: null,
      };
    },
  };
}

function exportedNames(body: readonly Node[]): string[] {
  return body.flatMap(({ type, declaration, specifiers = [] }) => {
    if (type === 'ExportDefaultDeclaration') return ['default'];
    if (type !== 'ExportNamedDeclaration') return [];
    const declared = declaration?.declarations?.map(({ id }) => id) ?? [declaration?.id];
    return [...declared.map((id) => id?.name), ...specifiers.map(({ exported }) => exported.name)].filter(
      (name): name is string => name !== undefined,
    );
  });
}
