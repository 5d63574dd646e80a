/** A server that goes away: errors of Django's family, nothing that hangs, and recovery without a restart. */
import { createServer, type Server, type Socket } from 'node:net';
import './settings';
import { overrideSettings } from 'tsango/conf';
import { connections, OperationalError } from 'tsango/db';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';

/** Ends every other connection to this database, as a restart of the server would. */
async function cutOff(engine: Engine): Promise<void> {
  const admin = connections.get('admin');
  if (engine === 'postgresql') {
    await admin.execute(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return;
  }
  const { rows } = await admin.execute(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
  );
  for (const row of rows) await admin.execute(`KILL ${String(row['id'] ?? row['ID'])}`);
}

function reconnects(engine: 'postgresql' | 'mysql'): void {
  describeWith(engine, `${engine}, cut off`, () => {
    const settings = scratchDatabase(engine);
    let restore: () => Promise<void>;
    beforeAll(async () => {
      restore = overrideSettings({ DATABASES: { default: settings, admin: settings } });
      await connections.get().execute('CREATE TABLE t (k varchar(10))');
    });
    afterAll(() => restore());

    it('reads again at once', async () => {
      const statement = connections.get().prepare('SELECT COUNT(*) AS n FROM t');
      expect(await statement.get()).toEqual({ n: 0 });
      await cutOff(engine);
      expect(await statement.get()).toEqual({ n: 0 });
      await cutOff(engine);
      expect(await connections.get().atomic(() => statement.get())).toEqual({ n: 0 });
    });

    it('fails in the middle of a transaction, and then works', async () => {
      const database = connections.get();
      const block = database.atomic(async () => {
        await database.execute("INSERT INTO t VALUES ('a')");
        await cutOff(engine);
        await database.execute("INSERT INTO t VALUES ('b')");
      });
      await expect(block).rejects.toBeInstanceOf(OperationalError);
      expect((await database.execute('SELECT COUNT(*) AS n FROM t')).rows).toEqual([{ n: 0 }]);
      await database.execute("INSERT INTO t VALUES ('c')");
      expect((await database.execute('SELECT k FROM t')).rows).toEqual([{ k: 'c' }]);
    });
  });
}

reconnects('postgresql');
reconnects('mysql');

describe.each(['postgresql', 'mysql'] as const)('%s that is not there', (ENGINE) => {
  let silent: Server;
  let port: number;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    port = (silent.address() as { port: number }).port;
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  const at = (PORT: number) => ({
    default: { ENGINE, NAME: 'x', USER: 'x', HOST: '127.0.0.1', PORT, OPTIONS: { connect_timeout: 0.2 } },
  });

  it('is refused', async () => {
    await overrideSettings({ DATABASES: at(1) }, async () => {
      await expect(connections.get().execute('SELECT 1')).rejects.toThrow(
        expect.objectContaining({ name: 'OperationalError', code: 'ECONNREFUSED' }),
      );
      expect(await connections.get().isUsable()).toBe(false);
    });
  });

  it('times out when it does not answer', async () => {
    await overrideSettings({ DATABASES: at(port) }, async () => {
      const started = performance.now();
      await expect(connections.get().execute('SELECT 1')).rejects.toBeInstanceOf(OperationalError);
      await expect(connections.get().atomic(() => 1)).rejects.toBeInstanceOf(OperationalError);
      expect(performance.now() - started).toBeLessThan(3000);
    });
  });
});

(process.getBuiltinModule?.('node:sqlite') ? describe.skip : describe)(
  'a Node without node:sqlite (this one; skipped on others)',
  () => {
    it('is told what to use', () =>
      overrideSettings({ DATABASES: { default: { ENGINE: 'node:sqlite', NAME: ':memory:' } } }, () => {
        expect(() => connections.get().execute('SELECT 1')).toThrow(
          `DATABASES['default'] with ENGINE 'node:sqlite' needs Node 22.13 or newer; this is Node ` +
            `${process.versions.node}. On this one, use ENGINE 'better-sqlite3'. Run: npm install better-sqlite3@12`,
        );
      }));
  },
);

describe('a driver that is not installed', () => {
  it.each([
    // Version 13 crashes Node 20.
    ['better-sqlite3', 'better-sqlite3', Number.parseInt(process.versions.node, 10) < 22 ? 12 : 13],
    ['sqlite3', 'sqlite3', 6],
    ['postgresql', 'pg', 8],
    ['mysql', 'mysql2', 3],
  ])('%s says what to install', async (ENGINE, driver, major) => {
    jest.doMock(driver, () => {
      throw Object.assign(new Error(`Cannot find module '${driver}'`), { code: 'MODULE_NOT_FOUND' });
    });
    const settings = { ENGINE, NAME: ENGINE.includes('sqlite') ? ':memory:' : 'x' };
    await overrideSettings({ DATABASES: { default: settings } }, async () => {
      const run = async (): Promise<unknown> => connections.get().execute('SELECT 1');
      await expect(run()).rejects.toThrow(
        `DATABASES['default'] with ENGINE '${ENGINE}' needs the package ${driver}, which is not installed. ` +
          `Run: npm install ${driver}@${major}`,
      );
    });
    jest.dontMock(driver);
  });
});
