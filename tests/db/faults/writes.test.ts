/**
 * Writes that go wrong: other transactions in the way, no free connection, a server or a process that dies. Nothing is
 * half written, the error is one of Django's family and says what happened, and the next write works.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import '../settings';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections, OperationalError } from 'tsango/db';
import { F } from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../../support/databases';
import { createTables } from '../../support/model_tables';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Account, Entry } from './models';

const REPOSITORY = path.join(__dirname, '..', '..', '..');
const TS_NODE = path.join(REPOSITORY, 'node_modules', 'ts-node', 'dist', 'bin.js');

/** A place where several meet before each goes on. */
function meeting(size: number): () => Promise<void> {
  let here = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    here += 1;
    if (here === size) open();
    return all;
  };
}

async function errorOf(work: PromiseLike<unknown>): Promise<Error | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const total = async (): Promise<number> =>
  (await Account.objects.values('amount')).reduce((sum, row) => sum + row.amount, 0);

/** Makes the tables in a database of the test's own, empty before each test. */
function withTables(engine: Engine, options: DatabaseSettings['OPTIONS'] = {}): DatabaseSettings {
  const made = scratchDatabase(engine);
  const settings: DatabaseSettings = { ...made, OPTIONS: options };
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    // Making tables takes more than one connection.
    const putBack = overrideSettings({ DATABASES: { default: made }, INSTALLED_APPS: [] });
    apps.populate();
    await createTables([Account, Entry]);
    await putBack();
    restore = overrideSettings({ DATABASES: { default: settings }, INSTALLED_APPS: [] });
  });
  afterAll(async () => {
    await restore();
    apps.reset();
  });
  beforeEach(async () => {
    await Entry.objects.all().delete();
    await Account.objects.all().delete();
    await Account.objects.bulkCreate([
      new Account({ name: 'a', amount: 50 }),
      new Account({ name: 'b', amount: 50 }),
    ]);
  });
  return settings;
}

function move(from: string, to: string, between: () => Promise<void>): Promise<unknown> {
  return Promise.resolve(
    connections.get().atomic(async () => {
      await Account.objects.filter({ name: from }).update({ amount: F('amount').sub(10) });
      await between();
      await Account.objects.filter({ name: to }).update({ amount: F('amount').add(10) });
    }),
  );
}

for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, `${engine}: other transactions`, () => {
    withTables(engine);

    it('a deadlock ends one of two, whole, and the other goes on', async () => {
      const meet = meeting(2);
      const ended = await Promise.all([errorOf(move('a', 'b', meet)), errorOf(move('b', 'a', meet))]);
      const errors = ended.filter((error) => error !== undefined);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBeInstanceOf(OperationalError);
      expect(errors[0]?.message).toMatch(/deadlock/i);
      expect(await total()).toBe(100);
      const amounts = (await Account.objects.orderBy('name')).map(({ amount }) => amount);
      expect([
        [40, 60],
        [60, 40],
      ]).toContainEqual(amounts);
    });

    it('fifty that save, and fifty that count up, lose nothing', async () => {
      const a = await Account.objects.get({ name: 'a' });
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const own = await Account.objects.get({ pk: a.pk });
          own.amount = F('amount').add(1) as never;
          await own.save();
        }),
      );
      expect((await Account.objects.get({ pk: a.pk })).amount).toBe(100);
    });
  });

  describeWith(engine, `${engine}: one connection`, () => {
    withTables(engine, { pool: { max_size: 1 }, connect_timeout: 3 });

    it('fifty callers of getOrCreate make one row', async () => {
      const all = await Promise.all(
        Array.from({ length: 50 }, () => Account.objects.getOrCreate({ name: 'once' }, { amount: 1 })),
      );
      expect(all.filter(([, created]) => created)).toHaveLength(1);
      expect(await Account.objects.filter({ name: 'once' }).count()).toBe(1);
    });

    it('who waits too long for it is told so, and writes nothing', async () => {
      let free: () => void = () => undefined;
      const held = connections.get().atomic(
        () =>
          new Promise<void>((resolve) => {
            free = resolve;
          }),
      );
      const error = await errorOf(new Account({ name: 'late' }).save());
      free();
      await held;
      expect(error).toBeInstanceOf(OperationalError);
      expect(error?.message).toMatch(/timeout|timed out|connection/i);
      expect(await Account.objects.filter({ name: 'late' }).exists()).toBe(false);
      await new Account({ name: 'later' }).save();
    });
  });
}

describeWith('postgresql', 'postgresql: serializable transactions', () => {
  withTables('postgresql');

  it('one of two that read what the other writes fails whole', async () => {
    const meet = meeting(2);
    const count = (name: string): Promise<unknown> =>
      Promise.resolve(
        connections.get().atomic(async () => {
          await connections.get().execute('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
          const amount = await total();
          await meet();
          await Account.objects.create({ name, amount });
        }),
      );
    const errors = (await Promise.all([errorOf(count('x')), errorOf(count('y'))])).filter(Boolean);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(OperationalError);
    expect((errors[0] as OperationalError).code).toBe('40001');
    expect(await Account.objects.count()).toBe(3);
  });

  const restart = process.env['PG_RESTART_COMMAND'];
  (restart === undefined ? it.skip : it)(
    `a server that restarts ends a transaction whole${restart === undefined ? ' (skipped: PG_RESTART_COMMAND is not set)' : ''}`,
    async () => {
      const error = await errorOf(
        move('a', 'b', async () => {
          execFileSync('/bin/sh', ['-c', restart ?? ''], { stdio: 'ignore' });
        }),
      );
      expect(error).toBeInstanceOf(OperationalError);
      expect(await total()).toBe(100);
      await move('a', 'b', () => Promise.resolve());
      expect((await Account.objects.get({ name: 'b' })).amount).toBe(60);
    },
    60_000,
  );
});

for (const engine of [SQLITE_ENGINE, 'postgresql', 'mysql'] as const) {
  describeWith(engine === SQLITE_ENGINE ? [] : engine, `${engine}: a process that is killed`, () => {
    const settings = withTables(engine);

    it('leaves nothing of a bulk write', async () => {
      const child = spawn(process.execPath, [TS_NODE, path.join(__dirname, 'bulk_writer.ts')], {
        cwd: REPOSITORY,
        env: { ...process.env, DATABASE: JSON.stringify(settings) },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      for await (const chunk of child.stdout) {
        said += String(chunk);
        if (said.includes('\n')) break;
      }
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect([said.trim(), child.signalCode]).toEqual(['in the middle', 'SIGKILL']);
      // A server may take a moment to see that its client is gone.
      await Account.objects.bulkCreate([new Account({ name: 'row 0' })]);
      expect(await Account.objects.count()).toBe(3);
    }, 60_000);
  });
}

describe(`${SQLITE_ENGINE}: one process`, () => {
  withTables(SQLITE_ENGINE);

  it('a cascade that fails in the middle leaves all rows', async () => {
    const [a] = await Account.objects.orderBy('name');
    await Entry.objects.bulkCreate([new Entry({ account: a as Account })]);
    const connection = connections.get();
    await connection.execute(
      "CREATE TRIGGER refuse BEFORE DELETE ON faults_account BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    const error = await errorOf((a as Account).delete());
    await connection.execute('DROP TRIGGER refuse');
    expect(error?.message).toBe('no');
    expect([await Entry.objects.count(), await Account.objects.count()]).toEqual([1, 2]);
    expect((a as Account).pk).toEqual(expect.any(Number));
  });
});
