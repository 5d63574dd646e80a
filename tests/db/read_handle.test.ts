/** SQLite files: nobody reads what another has not committed, and no read waits for an open transaction. */
import { configure, type DatabaseSettings, overrideSettings, resetSettings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { connections, transaction } from 'tsango/db';
import { scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { createSessionTable } from '../support/session_table';
import { openFile, SQLITE_ENGINES, type SqliteEngine } from '../support/sqlite';

beforeAll(() => configure({ SECRET_KEY: 'x' }));
afterAll(resetSettings);

async function within(settings: DatabaseSettings, body: () => Promise<void>): Promise<void> {
  await overrideSettings({ SECRET_KEY: 'x', DATABASES: { default: settings } }, async () => {
    try {
      await body();
    } finally {
      await connections.closeAll();
    }
  });
}

/** Opens a transaction that stays open until `end` is called. */
async function openTransaction(
  body: () => Promise<unknown>,
): Promise<{ end(commit: boolean): Promise<void> }> {
  let finish: (commit: boolean) => void = () => undefined;
  const decided = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  let entered: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const block = Promise.resolve(
    transaction.atomic(async () => {
      await body();
      entered();
      if (!(await decided)) throw new Error('rolled back');
    }),
  );
  await Promise.race([begun, block]);
  return {
    end: async (commit) => {
      finish(commit);
      await block.catch((error: Error) => {
        if (error.message !== 'rolled back') throw error;
      });
    },
  };
}

const eachEngine = (body: (engine: SqliteEngine) => void): void => {
  for (const engine of SQLITE_ENGINES) describeWith(engine, engine, () => body(engine));
};

eachEngine((engine) => {
  const settings = scratchDatabase(engine);

  beforeEach(() =>
    within(settings, async () => {
      await connections.get().execute('DROP TABLE IF EXISTS note');
      await connections.get().execute('CREATE TABLE note (text varchar(20))');
      await connections.get().execute("INSERT INTO note VALUES ('committed')");
    }),
  );

  const texts = async (): Promise<unknown[]> =>
    (await connections.get().execute('SELECT text FROM note ORDER BY text')).rows.map((row) => row['text']);

  it('shows others what is committed, itself what it wrote, and all of it afterwards', () =>
    within(settings, async () => {
      let inside: unknown[] = [];
      const block = await openTransaction(async () => {
        await connections.get().execute("INSERT INTO note VALUES ('open')");
        inside = await texts();
      });
      expect(inside).toEqual(['committed', 'open']);
      expect(await texts()).toEqual(['committed']);
      expect(await connections.get().prepare('SELECT count(*) AS n FROM note').get()).toEqual({ n: 1 });
      expect(
        await connections.get().prepare('WITH a AS (SELECT * FROM note) SELECT * FROM a').all(),
      ).toHaveLength(1);
      await block.end(true);
      expect(await texts()).toEqual(['committed', 'open']);
    }));

  it('answers a read at once while a block is open', () =>
    within({ ...settings, OPTIONS: { timeout: 0.05 } }, async () => {
      const block = await openTransaction(async () => undefined);
      // A read that waited would fail when the timeout of 50 ms is over, for the block ends after it.
      expect(await texts()).toEqual(['committed']);
      await block.end(true);
    }));

  it('keeps writes in their order', () =>
    within(settings, async () => {
      const block = await openTransaction(() =>
        Promise.resolve(connections.get().execute("INSERT INTO note VALUES ('first')")),
      );
      const second = connections.get().execute("INSERT INTO note VALUES ('second') RETURNING text");
      const third = connections
        .get()
        .execute("WITH x(t) AS (SELECT 'third') INSERT INTO note SELECT t FROM x");
      await block.end(false);
      await Promise.all([second, third]);
      expect(await texts()).toEqual(['committed', 'second', 'third']);
    }));

  it('shows a session as it is committed', () =>
    within(settings, async () => {
      await connections.get().execute('DROP TABLE IF EXISTS django_session');
      await createSessionTable();
      const mine = new SessionStore();
      mine['role'] = 'user';
      await mine.save();
      const key = mine.sessionKey;
      const roleOf = async (): Promise<unknown> => {
        const session = new SessionStore(key);
        await session.load();
        return session.get('role');
      };
      const block = await openTransaction(async () => {
        const session = new SessionStore(key);
        await session.load();
        session['role'] = 'admin';
        await session.save();
        expect(await roleOf()).toBe('admin');
      });
      expect(await roleOf()).toBe('user');
      await block.end(false);
      expect(await roleOf()).toBe('user');
    }));

  it('is opened anew after it was closed', () =>
    within(settings, async () => {
      for (let round = 0; round < 2; round++) {
        const block = await openTransaction(async () => undefined);
        expect(await texts()).toEqual(['committed']);
        await block.end(true);
        await connections.get().close();
      }
    }));
});

eachEngine((ENGINE) => {
  describe('the journal of a file', () => {
    const made = scratchDatabase(ENGINE);

    const modeOf = (name: string): unknown => {
      const database = openFile(name);
      const mode = database.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
      database.close();
      return mode.journal_mode;
    };

    it('that Django made stays as it is, unless OPTIONS ask for another', async () => {
      const NAME = `${made.NAME}.django`;
      const django = openFile(NAME);
      django.exec('CREATE TABLE a (b integer)');
      django.close();
      expect(modeOf(NAME)).toBe('delete');
      const use = (OPTIONS: Record<string, unknown> = {}): Promise<void> =>
        within({ ENGINE, NAME, OPTIONS }, async () => {
          await connections.get().execute('SELECT * FROM a');
        });
      await use();
      expect(modeOf(NAME)).toBe('delete');
      await use({ journal_mode: 'WAL' });
      expect(modeOf(NAME)).toBe('wal');
    });

    it('is write-ahead for a new one', async () => {
      const NAME = `${made.NAME}.new`;
      await within({ ENGINE, NAME }, async () => {
        await connections.get().execute('CREATE TABLE a (b integer)');
      });
      expect(modeOf(NAME)).toBe('wal');
    });
  });
});
