/** The package's types in strict projects of others, which have none of the optional peers. */
import { readdirSync } from 'node:fs';
import type { InstalledPackage } from '../../support/installed';

const STRICT = {
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: 'es2022',
  types: ['node'],
};

export function types(installed: () => InstalledPackage): void {
  /** npm removes what nobody asks for: the types of Node are asked for each time. */
  function install(...others: string[]): void {
    const { devDependencies } = installed().packageFile;
    const node = `@types/node@${devDependencies['@types/node']}`;
    installed().run('npm', 'install', '--no-save', '--no-fund', node, ...others);
  }

  beforeAll(() => {
    install();
    const { modules } = installed();
    const source = `${modules.map((name, index) => `import * as m${index} from '${name}';`).join('\n')}
import { HttpResponse, type HttpRequest } from 'tsango/http';
export const all: object[] = [${modules.map((_, index) => `m${index}`).join(', ')}];
export const view = (request: HttpRequest): HttpResponse => new HttpResponse(request.path);
// @ts-expect-error: these are types, and not \`any\`.
export const wrong: number = view;
`;
    installed().write('consumer/all.ts', source);
    installed().write('consumer/all.mts', source);
  }, 120_000);

  afterAll(() => installed().remove('consumer'));

  /** What docs/dependencies.md says is the oldest. */
  const OLDEST = '5.4';

  function configure(file: string, options: object): void {
    const compilerOptions = { ...STRICT, ...options };
    installed().write('consumer/tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
  }

  /** The newest compiler no longer knows how older projects resolve names. */
  function compile(file: string, options: Readonly<Record<string, unknown>>): string {
    configure(file, options);
    const compiler = options['moduleResolution'] === 'node10' ? 'typescript' : 'typescript-native';
    return installed().compileWith(compiler, '-p', 'consumer', '--pretty', 'false');
  }

  it('has no peer here', () => {
    const present = readdirSync(installed().path('node_modules'));
    const peers = Object.keys(installed().packageFile.peerDependencies);
    expect(peers.filter((name) => present.includes(name))).toEqual([]);
  });

  it.each([
    ['CommonJS', 'all.ts', { module: 'node16' }],
    ['an ES module', 'all.mts', { module: 'node16' }],
    ['a bundler', 'all.ts', { module: 'esnext', moduleResolution: 'bundler' }],
    [
      'the resolution of older projects',
      'all.ts',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
  ])(
    'compiles every module for %s, strictly, and checks the declarations themselves',
    (_, file, options) => {
      expect(compile(file, options)).toBe('');
    },
    120_000,
  );

  it('lets a site name its own model of users, where nothing else asks for the module that is told', () => {
    installed().write(
      'consumer/people.ts',
      `import { AbstractUser } from 'tsango/contrib/auth/models';
import type { HttpRequest } from 'tsango/http';

export class Person extends AbstractUser {
  declare id: number;
  declare nick: string;
}
declare module 'tsango/contrib/auth' {
  interface UserTypes {
    user: Person;
  }
}
export async function nick(request: HttpRequest): Promise<string> {
  const user = await request.user;
  return user.isAuthenticated ? user.nick : '';
}
`,
    );
    const options = { module: 'node16', experimentalDecorators: true, useDefineForClassFields: false };
    expect(compile('people.ts', options)).toBe('');
  }, 120_000);

  it('needs no newer TypeScript than is said', () => {
    install(`oldest@npm:typescript@${OLDEST}`);
    const tsc = installed().path('node_modules/oldest/bin/tsc');
    expect(installed().run('node', tsc, '--version')).toContain(`Version ${OLDEST}.`);
    for (const options of [{ module: 'node16' }, { module: 'commonjs', moduleResolution: 'node10' }]) {
      configure('all.ts', options);
      expect(installed().run('node', tsc, '-p', 'consumer', '--pretty', 'false')).toBe('');
    }
    for (const left of ['oldest', '.bin/tsc', '.bin/tsserver']) installed().remove(`node_modules/${left}`);
  }, 180_000);

  it('needs @types/node, and says so by what the compiler misses', () => {
    const compiling = (): string => compile('all.ts', { module: 'node16', types: [], typeRoots: [] });
    installed().run('mv', 'node_modules/@types', 'consumer/types-away');
    try {
      expect(compiling).toThrow(/Cannot find (module 'node:|name 'Buffer')/);
    } finally {
      installed().run('mv', 'consumer/types-away', 'node_modules/@types');
    }
  }, 120_000);
}
