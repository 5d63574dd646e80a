/** From an empty project to a changed one, at a terminal: what is asked is answered by typing. On three databases. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { type Engine, scratchDatabase } from '../../support/databases';
import { describeWith, type Need, SERVICES } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { REPOSITORY, Running, Site } from '../../support/temporary_site';

configure({ SECRET_KEY: 'not a secret' });

const settingsFor = (database: DatabaseSettings): string => `import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: 'a key for tests alone',
  DEFAULT_AUTO_FIELD: 'tsango.db.models.BigAutoField',
  INSTALLED_APPS: ['blog'],
  DATABASES: { default: ${JSON.stringify(database)} },
});
`;

const FIRST = `import * as models from 'tsango/db/models';

export class Author extends models.Model {
  declare id: number;
  @models.CharField({ maxLength: 100 }) declare name: string;
}

export class Article extends models.Model {
  declare id: number;
  @models.CharField({ maxLength: 200 }) declare headline: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
}
`;

/** The author is called otherwise, and articles have a body. */
const SECOND = FIRST.replaceAll('Author', 'Writer').replace(
  '  @models.ForeignKey',
  '  @models.TextField() declare body: string;\n  @models.ForeignKey',
);

/** Runs a command in a terminal of its own, and hands on what is typed. */
const TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

function atTerminal(site: Site, ...args: string[]): Running {
  const program = [process.execPath, path.join(REPOSITORY, 'node_modules/ts-node/dist/bin.js'), 'manage.ts'];
  const { TSANGO_SETTINGS_MODULE: _, ...env } = process.env;
  const child = spawn(SERVICES.python, ['-c', TERMINAL, ...program, ...args], {
    cwd: site.root,
    env: { ...env, DJANGO_COLORS: 'nocolor', TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Running(child);
}

/** What a terminal shows, with its line ends as those of a file. */
const shown = (running: Running): string => running.stdout.replaceAll('\r\n', '\n');

function journey(engine: Engine): void {
  const database = scratchDatabase(engine);

  it('makes, asks, migrates, and takes everything back', async () => {
    const site = new Site({
      'settings.ts': settingsFor(database),
      'blog/models.ts': FIRST,
      'blog/migrations/.keep': '',
    });
    const run = async (...args: string[]): Promise<string> => {
      const running = atTerminal(site, ...args);
      const { status } = await running.ended;
      expect([shown(running), status]).toEqual([expect.anything(), 0]);
      return shown(running);
    };
    const query = async (sql: string): Promise<unknown[]> => {
      const restore = overrideSettings({ DATABASES: { default: database } });
      try {
        return (await connections.get().execute(sql)).rows.map((each) => ({ ...each }));
      } finally {
        await connections.closeAll();
        await restore();
      }
    };
    try {
      expect(await run('makemigrations')).toContain(
        '    + Create model Author\n    + Create model Article\n',
      );
      expect(await run('migrate')).toContain('  Applying blog.0001_initial... OK\n');
      await query("INSERT INTO blog_author (id, name) VALUES (1, 'Ada')");
      await query("INSERT INTO blog_article (headline, author_id) VALUES ('Notes', 1)");

      site.write('blog/models.ts', SECOND);
      const asking = atTerminal(site, 'makemigrations');
      await asking.shows(/Was the model blog\.Author renamed to Writer\? \[y\/N\] $/m, 60_000);
      asking.child.stdin?.write('y\n');
      await asking.shows(/Select an option: $/m, 60_000);
      asking.child.stdin?.write('1\n');
      await asking.shows(/>>> $/m, 60_000);
      asking.child.stdin?.write("'No words yet.'\n");
      expect((await asking.ended).status).toBe(0);
      expect(shown(asking)).toContain(
        '    ~ Rename model Author to Writer\n    + Add field body to article\n',
      );
      // The terminal shows what is typed: the questions were asked on one.
      expect(shown(asking)).toContain(">>> 'No words yet.'\n");
      expect(readdirSync(path.join(site.root, 'blog/migrations')).sort()).toHaveLength(3);

      expect(await run('migrate')).toContain('... OK\n');
      expect(
        await query('SELECT headline, body, name FROM blog_article JOIN blog_writer w ON w.id = author_id'),
      ).toEqual([{ headline: 'Notes', body: 'No words yet.', name: 'Ada' }]);
      expect(await run('makemigrations', '--check')).toBe('No changes detected\n');
      expect(await run('migrate', 'blog', 'zero')).toContain('  Unapplying blog.0001_initial... OK\n');
      expect(await run('showmigrations')).not.toContain('[X]');
    } finally {
      site.remove();
    }
  }, 240_000);
}

describe.each<[Engine, Need]>([
  [SQLITE_ENGINE as Engine, SQLITE_ENGINE as Need],
  ['postgresql', 'postgresql'],
  ['mysql', 'mysql'],
])('makemigrations at a terminal', (engine, need) => {
  describeWith(['pty', need], engine, () => journey(engine));
});
