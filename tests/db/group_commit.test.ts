import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { overrideSettings } from 'tsango/conf';
import './settings';
import {
  connections,
  IntegrityError,
  OperationalError,
  type PreparedStatement,
  transaction,
} from 'tsango/db';
import { type OtherHandle, openFile, SQLITE_ENGINE } from '../support/sqlite';

let folder: string;
let restore: () => Promise<void>;
/** Another process's view of the file: it sees what is committed. */
let other: OtherHandle;
let insert: PreparedStatement;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsango-db-'));
  const file = path.join(folder, 'db.sqlite3');
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: file, OPTIONS: { timeout: 0.05 } } },
  });
  const connection = connections.get();
  await connection.execute('CREATE TABLE parent (id integer PRIMARY KEY)');
  await connection.execute(
    'CREATE TABLE t (id integer PRIMARY KEY, parent integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)',
  );
  insert = connection.prepare('INSERT INTO t VALUES (?, ?)');
  other = openFile(file);
});

afterEach(async () => {
  jest.useRealTimers();
  other.close();
  await restore();
  rmSync(folder, { recursive: true, force: true });
});

const committed = (): unknown[] =>
  (other.prepare('SELECT id FROM t ORDER BY id').all() as { id: number }[]).map(({ id }) => id);
const outcomes = async (writes: unknown[]): Promise<string[]> =>
  (await Promise.allSettled(writes)).map((result) =>
    result.status === 'fulfilled' ? 'stored' : (result.reason as Error).constructor.name,
  );

describe('writes of one turn of the event loop', () => {
  it('are committed together, and none is done before', async () => {
    const first = Promise.resolve(insert.runGrouped([1, null])).then((result) => [
      result.rowCount,
      committed(),
    ]);
    const second = insert.runGrouped([2, null]);
    expect(committed()).toEqual([]);
    expect(await first).toEqual([1, [1, 2]]);
    expect(await second).toMatchObject({ rowCount: 1, insertId: 2 });
  });

  it('fail alone where a constraint refuses one', async () => {
    const writes = [
      [1, null],
      [1, null],
      [2, null],
    ].map((row) => insert.runGrouped(row));
    expect(await outcomes(writes)).toEqual(['stored', IntegrityError.name, 'stored']);
    expect(committed()).toEqual([1, 2]);
  });

  it('fail alone where a constraint is checked by the commit', async () => {
    const writes = [
      [1, null],
      [2, 99],
      [3, null],
    ].map((row) => insert.runGrouped(row));
    expect(await outcomes(writes)).toEqual(['stored', IntegrityError.name, 'stored']);
    expect(committed()).toEqual([1, 3]);
  });

  it('fail alone where one ends the transaction', async () => {
    const connection = connections.get();
    await connection.execute(
      "CREATE TRIGGER guard BEFORE INSERT ON t WHEN NEW.id = 13 BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END",
    );
    const writes = [
      [1, null],
      [13, null],
      [2, null],
    ].map((row) => insert.runGrouped(row));
    expect(await outcomes(writes)).toEqual(['stored', IntegrityError.name, 'stored']);
    expect(committed()).toEqual([1, 2]);
  });

  it('all fail, and nothing is stored, while another process keeps the file locked', async () => {
    other.exec('BEGIN IMMEDIATE');
    const writes = [
      [1, null],
      [2, null],
    ].map((row) => insert.runGrouped(row));
    expect(await outcomes(writes)).toEqual([OperationalError.name, OperationalError.name]);
    other.exec('ROLLBACK');
    expect(committed()).toEqual([]);
    await insert.runGrouped([3, null]);
    expect(committed()).toEqual([3]);
  });

  it('belong to the atomic block that they are in', async () => {
    const rolledBack = transaction.atomic(async () => {
      await insert.runGrouped([1, null]);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow(new Error('no'));
    await transaction.atomic(() => insert.runGrouped([2, null]));
    expect(committed()).toEqual([2]);
  });

  it('wait for the transaction that somebody else has open, and are no part of it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const block = transaction.atomic(async () => {
      await insert.run([1, null]);
      await new Promise((_resolve, reject) => {
        fail = reject;
      });
    });
    const written = insert.runGrouped([2, null]);
    await new Promise(setImmediate);
    fail(new Error('no'));
    await expect(block).rejects.toThrow(new Error('no'));
    await written;
    expect(committed()).toEqual([2]);
  });

  it('give up where that takes longer than the timeout', async () => {
    let end: (value: unknown) => void = () => undefined;
    const block = transaction.atomic(() => new Promise((resolve) => (end = resolve)));
    const writes = [
      [1, null],
      [2, null],
    ].map((row) => insert.runGrouped(row));
    expect(await outcomes(writes)).toEqual([OperationalError.name, OperationalError.name]);
    end(undefined);
    await block;
    expect(committed()).toEqual([]);
  });

  it('are stored before the connection closes', async () => {
    const writes = [
      [1, null],
      [2, null],
    ].map((row) => insert.runGrouped(row));
    await connections.get().close();
    expect(committed()).toEqual([1, 2]);
    expect(await outcomes(writes)).toEqual(['stored', 'stored']);
  });

  it('do not need the global timers', async () => {
    jest.useFakeTimers();
    await insert.runGrouped([1, null]);
    expect(committed()).toEqual([1]);
  });
});
