/** `dbshell`, `shell`, `testserver`: run as a person runs them. */
import '../../db/settings';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DatabaseSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { MysqlClient } from 'tsango/db/backends/mysql/client';
import { PostgresClient } from 'tsango/db/backends/postgresql/client';
import { SqliteClient } from 'tsango/db/backends/sqlite3/client';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { manage, Site } from '../../support/temporary_site';

const connection = { alias: 'default' } as never;

describe('what dbshell runs', () => {
  const of =
    (Client: new (c: never) => PostgresClient | MysqlClient | SqliteClient) =>
    (settings: Partial<DatabaseSettings>, ...parameters: string[]) =>
      new Client(connection).settingsToCommand({ ENGINE: 'x', ...settings } as DatabaseSettings, parameters);
  const [psql, mysql, sqlite] = [
    of(PostgresClient as never),
    of(MysqlClient as never),
    of(SqliteClient as never),
  ];

  it('psql, with everything that libpq is told', () => {
    expect(psql({})).toEqual({ args: ['psql', 'postgres'], env: {} });
    expect(psql({ OPTIONS: { service: 'mine' } })).toEqual({ args: ['psql'], env: { PGSERVICE: 'mine' } });
    expect(
      psql(
        {
          NAME: 'db',
          USER: 'u',
          PASSWORD: 'p',
          HOST: 'h',
          PORT: 444,
          OPTIONS: { sslmode: 'verify-ca', sslrootcert: 'r', sslcert: 'c', sslkey: 'k', passfile: 'f' },
        },
        '-c',
        'SELECT 1',
      ),
    ).toEqual({
      args: ['psql', '-U', 'u', '-h', 'h', '-p', '444', '-c', 'SELECT 1', 'db'],
      env: {
        PGPASSWORD: 'p',
        PGSSLMODE: 'verify-ca',
        PGSSLROOTCERT: 'r',
        PGSSLCERT: 'c',
        PGSSLKEY: 'k',
        PGPASSFILE: 'f',
      },
    });
  });

  it('mysql, with options before settings, and a password that no list of processes shows', () => {
    expect(mysql({ NAME: 'db', USER: 'u', PASSWORD: 'p', HOST: 'h', PORT: 444 })).toEqual({
      args: ['mysql', '--user=u', '--host=h', '--port=444', 'db'],
      env: { MYSQL_PWD: 'p' },
    });
    const OPTIONS = {
      db: 'odb',
      user: 'ou',
      passwd: 'op',
      host: '/tmp/socket',
      port: 555,
      charset: 'utf8mb4',
      read_default_file: 'd',
      ssl: { ca: 'a', cert: 'b', key: '-----BEGIN KEY-----' },
    };
    expect(mysql({ NAME: 'db', USER: 'u', PASSWORD: 'p', HOST: 'h', PORT: 444, OPTIONS }, '--help')).toEqual({
      args: [
        'mysql',
        '--defaults-file=d',
        '--user=ou',
        '--socket=/tmp/socket',
        '--port=555',
        '--ssl-ca=a',
        '--ssl-cert=b',
        '--default-character-set=utf8mb4',
        'odb',
        '--help',
      ],
      env: { MYSQL_PWD: 'op' },
    });
  });

  it('sqlite3', () => {
    expect(sqlite({ NAME: 'a.sqlite3' }, '.tables')).toEqual({
      args: ['sqlite3', 'a.sqlite3', '.tables'],
      env: {},
    });
  });
});

const settingsOf = (database: DatabaseSettings, more = ''): string =>
  `import { defineSettings } from 'tsango/conf';
  export default defineSettings({
    SECRET_KEY: 'x', DEBUG: true, ALLOWED_HOSTS: ['*'], ROOT_URLCONF: 'urls', DATABASES: { default: ${JSON.stringify(database)} }, ${more}
  });`;

describe.each([
  ['psql', 'postgresql', ['-tAc', 'SELECT 41 + 1']],
  ['mysql', 'mysql', ['-BNe', 'SELECT 41 + 1']],
] as const)('dbshell with %s', (program, engine, parameters) => {
  describeWith(engine, engine, () => {
    const database = scratchDatabase(engine);
    it('asks the database', async () => {
      const site = new Site({ 'settings.ts': settingsOf(database) });
      try {
        expect(await site.run('dbshell', '--', ...parameters)).toEqual({
          status: 0,
          stdout: '42\n',
          stderr: '',
        });
        const failed = await site.run('dbshell', '--', parameters[0], 'SELECT nothing');
        expect(failed.status).toBe(1);
        expect(failed.stderr).toMatch(
          new RegExp(`CommandError: "${program} .*" returned non-zero exit status 1\\.`),
        );
      } finally {
        site.remove();
      }
    }, 60_000);
  });
});

describe('on SQLite', () => {
  const MODELS = `import * as models from 'tsango/db/models';
    export class Note extends models.Model {
      declare static readonly objects: models.Manager<Note>;
      declare id: number;
      @models.CharField({ maxLength: 40 }) declare title: string;
    }`;
  let site: Site;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-shell-'));
    const database = { ENGINE: SQLITE_ENGINE, NAME: path.join(folder, 'site.sqlite3') };
    site = new Site({
      'settings.ts': settingsOf(
        database,
        "INSTALLED_APPS: ['notes'], DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',",
      ),
      'notes/models.ts': MODELS,
      'notes/fixtures/two.json':
        '[{"model": "notes.note", "pk": 1, "fields": {"title": "A"}}, {"model": "notes.note", "pk": 2, "fields": {"title": "B"}}]',
      'urls.ts': `import { HttpResponse } from 'tsango/http';
        import { path } from 'tsango/urls';
        import { Note } from './notes/models';
        export const urlpatterns = [path('', async () => new HttpResponse((await Note.objects.orderBy('id').flat('title')).join()))];`,
    });
    expect(await site.run('makemigrations', 'notes')).toMatchObject({ status: 0 });
    expect(await site.run('migrate')).toMatchObject({ status: 0 });
  }, 120_000);
  afterAll(async () => {
    site.remove();
    rmSync(folder, { recursive: true });
    await connections.closeAll();
  });

  it('dbshell says that the program is missing', async () => {
    const ended = await manage(site.root, ['dbshell'], { PATH: folder }).ended;
    expect(ended.stderr).toBe(
      "CommandError: You appear not to have the 'sqlite3' program installed or on your path.\n",
    );
    expect(ended.status).toBe(1);
  }, 60_000);

  it('shell runs a command, with await, models and require', async () => {
    const code =
      "await Note.objects.create({ title: 'C' }); console.log(await Note.objects.count(), settings.DEBUG, typeof require('tsango/db').connections)";
    const made = await site.run('shell', '-c', `${code}; await Note.objects.all().delete()`);
    expect(made).toEqual({ status: 0, stdout: '1 true object\n', stderr: '' });
    const none = await site.run('shell', '--no-imports', '-c', 'console.log(typeof Note, typeof settings)');
    expect(none.stdout).toBe('undefined undefined\n');
    const failed = await site.run('shell', '-c', "throw new Error('no luck')");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('Error: no luck');
  }, 60_000);

  it('shell runs what the standard input has', async () => {
    const ended = await site.answer(
      "const all = await Note.objects.count();\nconsole.log(all + ' notes');\n",
      'shell',
    );
    expect(ended).toEqual({ status: 0, stdout: '0 notes\n', stderr: '' });
  }, 60_000);

  it('shell is a prompt on a terminal: await, what was imported, a history', () => {
    const history = path.join(folder, 'history');
    const command = `${process.execPath} ${path.join('node_modules', 'ts-node', 'dist', 'bin.js')} ${path.join(site.root, 'manage.ts')} shell -v 2`;
    const program = [
      'import os, pty, sys, time',
      'lines = [b"1 + await Note.objects.count()\\n", b"timezone.now() instanceof Date\\n", b".exit\\n"]',
      'pid, fd = pty.fork()',
      'if pid == 0: os.execvp("sh", ["sh", "-c", sys.argv[1]])',
      'said = b""',
      'while True:',
      '    try: chunk = os.read(fd, 4096)',
      '    except OSError: break',
      '    if not chunk: break',
      '    said += chunk',
      '    if said.rstrip().endswith(b">") and lines and said.count(b"\\n") > 3:',
      '        os.write(fd, lines.pop(0)); said += b"\\n"; time.sleep(0.3)',
      'sys.stdout.buffer.write(said)',
    ].join('\n');
    const said = execFileSync('python3', ['-c', program, command], {
      encoding: 'utf8',
      env: { ...process.env, TSANGO_SHELL_HISTORY: history, NODE_NO_READLINE: '1', TERM: 'dumb' },
      timeout: 60_000,
    });
    expect(said).toMatch(/imported automatically:/);
    expect(said).toMatch(/settings, apps, connections, models, timezone, Note/);
    expect(said).toMatch(/^\S*1\r?$/m);
    expect(said).toMatch(/^\S*true\r?$/m);
    expect(readFileSync(history, 'utf8')).toContain('1 + await Note.objects.count()');
  }, 90_000);

  it('testserver serves fixtures from a test database, and leaves the site’s own alone', async () => {
    const server = site.start('testserver', 'two', '--addrport', '127.0.0.1:0');
    try {
      const [, port] = await server.shows(/development server at http:\/\/127\.0\.0\.1:(\d+)\//, 60_000);
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('A,B');
    } finally {
      const { stdout } = await server.stop('SIGINT');
      expect(stdout).toContain('Installed 2 object(s) from 1 fixture(s)');
      expect(stdout).toMatch(/Server stopped\.\nNote that the test database, '.*', has not been deleted\./);
    }
    expect((await site.run('shell', '-c', 'console.log(await Note.objects.count())')).stdout).toBe('0\n');
  }, 120_000);
});
