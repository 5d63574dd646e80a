/** Statements, values and errors. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import { listsOf } from '../../../db/backends/base/statements';
import { connections } from '../../../db/connections';
import { DatabaseError, IntegrityError } from '../../../db/errors';
import { failure } from './tables';

const types = {
  sqlite: { blob: 'blob', time: 'datetime', big: 'bigint' },
  postgresql: { blob: 'bytea', time: 'timestamp with time zone', big: 'bigint' },
  mysql: { blob: 'longblob', time: 'datetime(6)', big: 'bigint' },
};

export function statementsOf(): void {
  describe('statements', () => {
    let connection: DatabaseWrapper;

    beforeEach(async () => {
      connection = connections.get();
      const { blob, time, big } = types[connection.vendor];
      await connection.execute(
        `CREATE TABLE contract_values (k varchar(20) PRIMARY KEY, t varchar(200), n ${big}, b ${blob}, d ${time})`,
      );
    });

    it('keeps every kind of value', async () => {
      const text = `it's "quoted" \\ back \`tick\` ? $1 %s é 🙂`;
      const instant = new Date('2027-01-02T03:04:05.678Z');
      await connection.execute('INSERT INTO contract_values (k, t, n, b, d) VALUES (?, ?, ?, ?, ?)', [
        'a',
        text,
        9_007_199_254_740_991,
        Buffer.from([0, 1, 255]),
        instant,
      ]);
      await connection.execute('INSERT INTO contract_values (k, t, n) VALUES (?, ?, ?)', [
        'b',
        null,
        undefined,
      ]);
      const { rows, rowCount } = await connection.execute(
        'SELECT k, t, n, b, d FROM contract_values ORDER BY k',
      );
      expect(rowCount).toBe(2);
      expect(rows[0]).toMatchObject({ k: 'a', t: text, n: 9_007_199_254_740_991 });
      expect(Buffer.from(rows[0]?.['b'] as Uint8Array).toString('hex')).toBe('0001ff');
      expect(connection.ops.toDatetime(rows[0]?.['d'])).toEqual(instant);
      expect(rows[1]).toEqual({ k: 'b', t: null, n: null, b: null, d: null });
    });

    it('finds rows by date, and leaves question marks in quotes alone', async () => {
      const soon = new Date('2030-01-01T00:00:00Z');
      await connection.execute('INSERT INTO contract_values (k, t, d) VALUES (?, ?, ?)', ['a', 'x?y', soon]);
      const found = connection.prepare("SELECT k FROM contract_values WHERE d > ? AND t = 'x?y' -- why?\n");
      expect(await found.get([new Date('2029-12-31T23:59:59.999Z')])).toEqual({ k: 'a' });
      expect(await found.get([soon])).toBeUndefined();
    });

    it('gives rows without names, of columns that have the same one, too', async () => {
      const sql = "SELECT 1 AS n, 'x' AS text, 2 AS n UNION ALL SELECT 3, NULL, ? ORDER BY 1";
      const { lists } = await connection.execute(sql, ['4'], 'lists');
      // A driver without lists has rows with names, of which two cannot be the same.
      if (lists === undefined) {
        const named = await connection.execute('SELECT 1 AS n, 2 AS m', [], 'lists');
        expect(listsOf(named, () => ['m', 'n'])).toEqual([[2, 1]]);
        return;
      }
      expect(lists.map((row) => row.map((value) => (value === null ? null : String(value))))).toEqual([
        ['1', 'x', '2'],
        ['3', null, '4'],
      ]);
      for (const size of [1, 2]) {
        const chunks: unknown[][] = [];
        for await (const chunk of connection.chunks(sql, ['4'], size, 'lists')) {
          chunks.push((chunk.lists ?? []).map(([first]) => Number(first)));
        }
        expect(chunks).toEqual(size === 1 ? [[1], [3]] : [[1, 3]]);
      }
    });

    it('prepares a text once, and runs it again and again', async () => {
      const insert = connection.prepare('INSERT INTO contract_values (k, n) VALUES (?, ?)');
      expect(connection.prepare('INSERT INTO contract_values (k, n) VALUES (?, ?)')).toBe(insert);
      for (let n = 0; n < 5; n++) expect((await insert.run([`k${n}`, n])).rowCount).toBe(1);
      const update = connection.prepare('UPDATE contract_values SET n = n + ? WHERE n >= ?');
      expect((await update.run([10, 3])).rowCount).toBe(2);
      expect((await update.run([10, 99])).rowCount).toBe(0);
      const list = connection.prepare('SELECT n FROM contract_values ORDER BY n LIMIT ?');
      expect((await list.all([3])).map((row) => row['n'])).toEqual([0, 1, 2]);
    });

    it('works on after the connection was closed', async () => {
      if (connection.settingsDict.NAME === ':memory:') return;
      const statement = connection.prepare('SELECT COUNT(*) AS n FROM contract_values');
      expect(await statement.get()).toEqual({ n: 0 });
      await connection.close();
      expect(await statement.get()).toEqual({ n: 0 });
      expect(await connection.isUsable()).toBe(true);
    });

    it('has Django’s errors, and is none the worse for them', async () => {
      await connection.execute("INSERT INTO contract_values (k) VALUES ('a')");
      const again = async (): Promise<unknown> =>
        connection.execute("INSERT INTO contract_values (k) VALUES ('a')");
      await expect(again()).rejects.toBeInstanceOf(IntegrityError);
      const wrong = async (): Promise<unknown> => connection.execute('SELEKT 1');
      await expect(wrong()).rejects.toBeInstanceOf(DatabaseError);
      expect(await failure(() => connection.execute('SELECT * FROM contract_nowhere'))).toMatch(
        /^(OperationalError|ProgrammingError): .*contract_nowhere/,
      );
      expect(await failure(() => connection.execute('SELECT ?', [{ a: 1 }]))).toBe(
        "InterfaceError: A parameter of type 'Object' is not supported; give a string, a number, a bigint, a boolean, " +
          'a Date, bytes or null.',
      );
      expect((await connection.execute('SELECT COUNT(*) AS n FROM contract_values')).rows).toEqual([
        { n: 1 },
      ]);
    });
  });
}
