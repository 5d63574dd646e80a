/** What needs an optional peer says so, and how to get it; what is installed and broken is not called missing. */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { InstalledPackage } from '../../support/installed';

export function peers(installed: () => InstalledPackage): void {
  beforeAll(() => copyFileSync(path.join(__dirname, 'probe_peers.js'), installed().path('probe_peers.js')));
  afterAll(() => installed().remove('probe_peers.js'));

  const probe = (): Record<string, string> =>
    JSON.parse(installed().run('node', 'probe_peers.js')) as Record<string, string>;

  it('each names the setting and the command', () => {
    const needs = (what: string, name: string, spec: string): string =>
      `ImproperlyConfigured: ${what} needs the package ${name}, which is not installed. Run: npm install ${spec}`;
    const handler = "Unable to configure handler 'it' of LOGGING:";
    expect(probe()).toEqual({
      'better-sqlite3': needs(
        "DATABASES['default'] with ENGINE 'better-sqlite3'",
        'better-sqlite3',
        Number.parseInt(process.versions.node, 10) < 22 ? 'better-sqlite3@12' : 'better-sqlite3@13',
      ),
      sqlite3: needs("DATABASES['asynchronous'] with ENGINE 'sqlite3'", 'sqlite3', 'sqlite3@6'),
      pg: needs("DATABASES['postgresql'] with ENGINE 'postgresql'", 'pg', 'pg@8'),
      mysql2: needs("DATABASES['mysql'] with ENGINE 'mysql'", 'mysql2', 'mysql2@3'),
      redis: needs('A Redis cache of CACHES', 'redis', 'redis@6'),
      'check, with a Redis cache':
        '?: (caches.E101) A Redis cache of CACHES needs the package redis, which is not installed. ' +
        'Run: npm install redis@6',
      'check, of the databases': 'Error: better-sqlite3 sqlite3 pg mysql2',
      pino: needs(`${handler} A PinoHandler of LOGGING`, 'pino', 'pino@10'),
      sirv: needs('serve --static', 'sirv', 'sirv@3'),
      nodemailer: needs("EMAIL_BACKEND 'smtp'", 'nodemailer', 'nodemailer@10'),
      saxes: needs("Reading the format 'xml'", 'saxes', 'saxes@6'),
      yaml: needs("Reading the format 'yaml'", 'yaml', 'yaml@2'),
      'image-size': needs('forms.ImageField', 'image-size', 'image-size@2'),
    });
  });

  it('a peer whose own dependency is missing, and one that is not built, are not called missing', () => {
    installed().write('node_modules/pg/index.js', "require('pg-protocol-that-is-not-there');");
    installed().write('node_modules/redis/index.js', "require('@redis/client');");
    installed().write('node_modules/sqlite3/index.js', "require('./build.node');");
    installed().write('node_modules/sqlite3/build.node', 'built for another system');
    try {
      const said = probe();
      expect(said['pg']).toMatch(
        /which is installed, but not whole\. Run: npm install \(Cannot find module 'pg-p/,
      );
      expect(said['redis']).toMatch(
        /which is installed, but not whole\. .*Cannot find module '@redis\/client'/,
      );
      expect(said['sqlite3']).toMatch(
        /native part does not load: .* Run: npm rebuild sqlite3 \(.*build\.node/,
      );
    } finally {
      for (const name of ['pg', 'redis', 'sqlite3']) installed().remove(`node_modules/${name}`);
    }
  });

  it('the commands are right: what they install is used, and what was not built is to be rebuilt', () => {
    const wanted = Object.values(probe()).flatMap((text) => /Run: npm install (\S+)$/.exec(text)?.[1] ?? []);
    expect(new Set(wanted).size).toBe(11);
    // Without scripts neither SQLite driver is compiled: it would take minutes, and is a case of its own.
    installed().run('npm', 'install', '--no-save', '--no-fund', '--ignore-scripts', ...new Set(wanted));
    const unbuilt = (alias: string, name: string): unknown =>
      expect.stringMatching(
        `^ImproperlyConfigured: DATABASES\\['${alias}'\\] .* Run: npm rebuild ${name} \\(Could not locate the bindings file`,
      );
    expect(probe()).toEqual({
      'better-sqlite3': unbuilt('default', 'better-sqlite3'),
      sqlite3: unbuilt('asynchronous', 'sqlite3'),
      pg: expect.stringMatching(/^OperationalError: .*ECONNREFUSED/),
      mysql2: expect.stringMatching(/^OperationalError: .*ECONNREFUSED/),
      redis: expect.stringMatching(/^CacheConnectionError: .*ECONNREFUSED/),
      'check, with a Redis cache': 'works',
      'check, of the databases': 'Error: better-sqlite3 sqlite3',
      pino: 'works',
      sirv: 'works',
      nodemailer: expect.stringMatching(/^Error: .*ECONNREFUSED/),
      saxes: 'works',
      yaml: 'works',
      'image-size': 'works',
    });
    installed().run('npm', 'prune');
  }, 120_000);
}
