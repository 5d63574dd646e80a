import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { overrideSettings } from 'tsango/conf';
import './settings';
import { connections, transaction } from 'tsango/db';
import { SQLITE_ENGINE } from '../support/sqlite';

let folder: string;
let restore: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsango-db-'));
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: path.join(folder, 'db.sqlite3') } },
  });
});

afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true, force: true });
});

describe(SQLITE_ENGINE, () => {
  it('answers synchronously, in WAL mode, with foreign keys and a busy timeout', () => {
    const connection = connections.get();
    void connection.execute('CREATE TABLE t (id integer PRIMARY KEY, name text)');
    expect(connection.execute('INSERT INTO t (name) VALUES (?)', ['a'])).toEqual({
      rows: [],
      rowCount: 1,
      insertId: 1,
    });
    expect(connection.prepare('SELECT name FROM t WHERE id = ?').get([1])).toEqual({ name: 'a' });
    expect(connection.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(connection.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    expect(connection.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5000 });
    expect(Object.keys(require.cache).filter((file) => /node_modules\/typeorm\//.test(file))).toEqual([]);
  });

  it('keeps integers integers, booleans 0 and 1, dates in Django’s text', () => {
    const connection = connections.get();
    void connection.execute('CREATE TABLE t (a text, b integer, c datetime)');
    void connection.execute('INSERT INTO t VALUES (?, ?, ?)', [
      25,
      true,
      new Date('2027-01-02T03:04:05.678Z'),
    ]);
    expect(connection.execute('SELECT * FROM t')).toMatchObject({
      rows: [{ a: '25', b: 1, c: '2027-01-02 03:04:05.678000' }],
    });
  });

  it('commits a synchronous block synchronously and rolls back one that throws', () => {
    const connection = connections.get();
    void connection.execute('CREATE TABLE t (a text)');
    expect(transaction.atomic(() => connection.execute("INSERT INTO t VALUES ('x')"))).toMatchObject({
      rowCount: 1,
    });
    expect(() =>
      transaction.atomic(() => {
        void connection.execute("INSERT INTO t VALUES ('y')");
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(connection.execute('SELECT a FROM t')).toMatchObject({ rows: [{ a: 'x' }] });
  });
});
