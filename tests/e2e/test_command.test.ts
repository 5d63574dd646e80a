/** What a started project has of tests: `npm test`, 200 tests with databases, and a site that notices nothing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { SampleFolder } from '../support/samples/folder';
import { describeWith, SERVICES } from '../support/services';

jest.setTimeout(180_000);

const FILES = 8;
const TESTS_EACH = 25;

const MODELS = `import * as models from 'tsango/db/models';

export class Author extends models.Model {
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 100, unique: true }) declare name: string;
}
`;
const VIEWS = `import { caches } from 'tsango/core/cache';
import { ContentFile } from 'tsango/core/files/base';
import { storages } from 'tsango/core/files/storage';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { Author } from './models';

export async function index(request: HttpRequest): Promise<HttpResponse> {
  await Author.objects.create({ name: 'view' });
  await caches.get('default').set('authors', await Author.objects.count());
  request.session['seen'] = true;
  await storages.get('default').save('author.txt', new ContentFile('x'));
  return new HttpResponse(String(await caches.get('default').get('authors')));
}
`;
const testFile = (n: number): string => `import { TestCase, assertNumQueries } from 'tsango/test';
import { Author } from '../authors/models';

describe('file ${n}', () => {
  const test = new TestCase({
    setUpTestData: async () => ({ ada: await Author.objects.create({ name: 'Ada' }) }),
  });

  it.each(Array.from({ length: ${TESTS_EACH} }, (_, at) => at))('test %i', async (at) => {
    await Author.objects.create({ name: \`Bob \${at}\` });
    expect(await assertNumQueries(1, () => Author.objects.count())).toBe(2);
    test.data.ada.name = 'Bob';
    await test.data.ada.save();
    if (at === 0) expect((await test.client.get('/')).text).toBe('3');
  });
});
`;

let samples: SampleFolder;
let project: string;

const write = (name: string, text: string): void => {
  const file = path.join(project, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};

interface Outcome {
  status: number | null;
  output: string;
  seconds: number;
}

function run(env: NodeJS.ProcessEnv, command: string, ...args: string[]): Outcome {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: project,
    env: { ...samples.env(), ...env },
    encoding: 'utf8',
    timeout: 150_000,
  });
  return { status, output: `${stdout}${stderr}`, seconds: (performance.now() - started) / 1000 };
}

const manage = (env: NodeJS.ProcessEnv, ...args: string[]): Outcome =>
  run(env, 'ts-node', 'manage.ts', ...args);

function succeed(outcome: Outcome): Outcome {
  if (outcome.status !== 0) throw new Error(outcome.output);
  return outcome;
}

/** The site's files: name, content and time. */
function siteFiles(): string[] {
  const places = ['db.sqlite3', 'cache', 'media', 'sessions'];
  return places.flatMap((place) => {
    const file = path.join(project, place);
    const names = statSync(file).isFile() ? [''] : readdirSync(file, { recursive: true, encoding: 'utf8' });
    return names.map((name) => {
      const full = path.join(file, name);
      const stat = statSync(full);
      const content = stat.isFile() ? createHash('sha256').update(readFileSync(full)).digest('hex') : '';
      return `${path.join(place, name)} ${content} ${stat.mtimeMs}`;
    });
  });
}

beforeAll(() => {
  samples = new SampleFolder();
  project = samples.page();
  execFileSync('tsango', ['startproject', 'mysite', '.', '--no-install'], {
    cwd: project,
    env: samples.env(),
  });
  write('authors/models.ts', MODELS);
  write('authors/views.ts', VIEWS);
  write(
    'mysite/urls.ts',
    "import { path } from 'tsango/urls';\nimport { index } from '../authors/views';\n\nexport const urlpatterns = [path('', index)];\n",
  );
  const settings = readFileSync(path.join(project, 'mysite/settings.ts'), 'utf8')
    .replace('INSTALLED_APPS: [\n', "INSTALLED_APPS: [\n    'authors',\n")
    .replace(
      /DATABASES: \{[\s\S]*?\n {2}\},/,
      `DATABASES: JSON.parse(process.env['SITE_DATABASES'] ?? JSON.stringify({
    default: { ENGINE: 'better-sqlite3', NAME: path.join(BASE_DIR, 'db.sqlite3') },
  })),
  CACHES: {
    default: {
      BACKEND: 'tsango.core.cache.backends.filebased.FileBasedCache',
      LOCATION: path.join(BASE_DIR, 'cache'),
    },
  },
  MEDIA_ROOT: path.join(BASE_DIR, 'media'),
  SESSION_ENGINE: 'tsango.contrib.sessions.backends.file',
  SESSION_FILE_PATH: path.join(BASE_DIR, 'sessions'),`,
    );
  write('mysite/settings.ts', settings);
  write(
    'prepare.ts',
    `import { Author } from './authors/models';
import { index } from './authors/views';
import { RequestFactory } from 'tsango/test';
import { SessionStore } from 'tsango/contrib/sessions/backends/file';

export async function prepare() {
  const request = new RequestFactory().get('/');
  const session = new SessionStore();
  await session.create();
  Object.assign(request, { session });
  await index(request);
  await session.save();
  console.log(await Author.objects.count());
}
`,
  );
  mkdirSync(path.join(project, 'sessions'));
  for (let n = 0; n < FILES; n++) write(`tests/authors_${n}.test.ts`, testFile(n));
  succeed(manage({}, 'makemigrations', 'authors', '-v', '0'));
  succeed(manage({}, 'migrate', '-v', '0'));
  succeed(manage({}, 'shell', '-c', "await require('./prepare').prepare()"));
}, 180_000);
afterAll(() => samples?.remove());

/** How many tests have failed and passed, and the status of the process. */
function counted({ output, status }: Outcome): (number | null)[] {
  const [line = ''] = /^Tests: .*$/m.exec(output) ?? [];
  const of = (what: string): number => Number(new RegExp(`(\\d+) ${what}`).exec(line)?.[1] ?? 0);
  return [of('failed'), of('passed'), status];
}

it('200 tests pass in a few seconds, and the site is as it was', () => {
  const before = siteFiles();
  expect(before.length).toBeGreaterThanOrEqual(4);
  const { output, seconds } = succeed(run({}, 'npm', 'test'));
  expect(counted({ output, status: 0, seconds })).toEqual([0, FILES * TESTS_EACH + 3, 0]);
  process.stdout.write(`npm test on SQLite: ${seconds.toFixed(1)} s\n`);
  expect(siteFiles()).toEqual(before);
});

it('labels, tags and names say which tests run; a failure is the status', () => {
  write(
    'authors/tests.ts',
    `import { TestCase } from 'tsango/test';
new TestCase();
it('slow one @slow', () => undefined);
it('quick one', () => undefined);
describe('both @core', () => {
  it('slow two @slow', () => undefined);
  it('fails', () => {
    throw new Error('no');
  });
});
`,
  );
  const count = (...args: string[]): (number | null)[] => counted(manage({}, 'test', ...args));
  try {
    expect(count('authors')).toEqual([1, 3, 1]);
    expect(count('authors.tests', '--tag', 'slow')).toEqual([0, 2, 0]);
    const tagged = ['--tag', 'core', '--exclude-tag', 'slow', '--exclude-tag', 'x'];
    expect(count('authors/tests.ts', ...tagged)).toEqual([1, 0, 1]);
    expect(count('authors', '-k', 'qui*one', '--reverse')).toEqual([0, 1, 0]);
    expect(count('authors', '--tag', 'slow', '--shuffle', '7', '--parallel', '1')).toEqual([0, 2, 0]);
  } finally {
    rmSync(path.join(project, 'authors/tests.ts'));
  }
  const nothing = manage({}, 'test', 'nowhere');
  expect(nothing.output).toContain("CommandError: 'nowhere' is no test label");
  expect(nothing.status).toBe(1);
});

it('--failfast stops at the first file that fails; --debug-mode leaves DEBUG on', () => {
  const fails = "it('fails', () => { throw new Error('no'); });\n";
  write('authors/tests/stops/a.test.ts', fails);
  write('authors/tests/stops/b.test.ts', fails);
  write(
    'authors/tests/debug/debug.test.ts',
    `import { settings } from 'tsango/conf';
it('says', () => expect(settings.DEBUG).toBe(true));
`,
  );
  try {
    const count = (...args: string[]): (number | null)[] => counted(manage({}, 'test', ...args));
    expect(count('authors/tests/stops', '--parallel', '1')).toEqual([2, 0, 1]);
    expect(count('authors/tests/stops', '--parallel', '1', '--failfast')).toEqual([1, 0, 1]);
    expect(count('authors/tests/debug')).toEqual([1, 0, 1]);
    expect(count('authors/tests/debug', '--debug-mode')).toEqual([0, 1, 0]);
  } finally {
    rmSync(path.join(project, 'authors/tests'), { recursive: true });
  }
});

describeWith('postgresql', 'on PostgreSQL', () => {
  const name = `tsango_site_${process.pid}`;
  const { host: HOST, port: PORT, user: USER } = SERVICES.postgresql;
  const SITE_DATABASES = JSON.stringify({ default: { ENGINE: 'postgresql', NAME: name, HOST, PORT, USER } });
  const ask = async (sql: string, database = 'postgres'): Promise<unknown[]> => {
    const client = new Client({ ...SERVICES.postgresql, database });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
    } finally {
      await client.end();
    }
  };
  const databases = (): Promise<unknown[]> =>
    ask(`SELECT datname FROM pg_database WHERE datname LIKE '%${name}%' ORDER BY datname`);

  beforeAll(async () => {
    await ask(`CREATE DATABASE ${name}`);
    succeed(manage({ SITE_DATABASES }, 'migrate', '-v', '0'));
    await ask("INSERT INTO authors_author (name) VALUES ('the site’s')", name);
  }, 120_000);
  afterAll(async () => {
    for (const each of await databases()) await ask(`DROP DATABASE ${String(each)} WITH (FORCE)`);
  });

  it('they run in parallel, each process on a copy of its own', async () => {
    const { output, seconds } = succeed(run({ SITE_DATABASES }, 'npm', 'test'));
    expect(counted({ output, status: 0, seconds })).toEqual([0, FILES * TESTS_EACH + 3, 0]);
    process.stdout.write(`npm test on PostgreSQL: ${seconds.toFixed(1)} s\n`);
    expect(await databases()).toEqual([name]);
    expect(await ask('SELECT name FROM authors_author', name)).toEqual(['the site’s']);
  });

  it('--keepdb keeps what was made, and is faster the next time', async () => {
    succeed(manage({ SITE_DATABASES }, 'test', '--keepdb', 'tests/authors_0.test.ts'));
    expect(await databases()).toEqual([`test_${name}`, name].sort());
    const oid = `SELECT oid FROM pg_database WHERE datname = 'test_${name}'`;
    const before = await ask(oid);
    succeed(manage({ SITE_DATABASES }, 'test', '--keepdb', 'tests/authors_1.test.ts'));
    expect(await ask(oid)).toEqual(before);
  });
});

describeWith('mysql', 'on MariaDB', () => {
  it('they run in parallel, each process on a copy of its own', () => {
    const { host: HOST, port: PORT, user: USER, password: PASSWORD } = SERVICES.mysql;
    const name = `tsango_site_${process.pid}`;
    const SITE_DATABASES = JSON.stringify({
      default: { ENGINE: 'mysql', NAME: name, HOST, PORT, USER, PASSWORD },
    });
    // The site's own database is not even there: only copies of a test database are used.
    const { output, status } = manage({ SITE_DATABASES }, 'test', 'tests', '--parallel', '2');
    expect(counted({ output, status, seconds: 0 })).toEqual([0, FILES * TESTS_EACH + 3, 0]);
  });
});

describe('node:test', () => {
  it('runs a project that has no other runner', () => {
    const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    delete manifest.devDependencies['jest'];
    write('package.json', JSON.stringify(manifest));
    write(
      'nodetests/authors.test.ts',
      `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestCase, assertNumQueries } from 'tsango/test';
import { Author } from '../authors/models';

describe('authors', () => {
  const test = new TestCase({
    setUpTestData: async () => ({ ada: await Author.objects.create({ name: 'Ada' }) }),
  });
  for (const name of ['one', 'two @slow']) {
    it(name, async () => {
      await Author.objects.create({ name: 'Bob' });
      assert.equal(await assertNumQueries(1, () => Author.objects.count()), 2);
      assert.equal(test.data.ada.name, 'Ada');
      assert.equal((await test.client.get('/')).text, '3');
    });
  }
});
`,
    );
    const before = siteFiles();
    const { output, status } = manage({}, 'test', 'nodetests', '--parallel', '2');
    expect([status, output]).toEqual([0, output]);
    expect(output).toMatch(/pass 2/);
    expect(output).toMatch(/fail 0/);
    expect(siteFiles()).toEqual(before);
    expect(manage({}, 'test', 'nodetests', '--failfast').output).toContain(
      'node:test has nothing like --failfast.',
    );
  });
});
