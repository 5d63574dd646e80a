/** Rows come as they are asked for: a statement of a hundred million rows gives its first ones at once. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

const MANY = 100_000_000;
const NUMBERS = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT ${MANY}) SELECT x FROM n`;

function streams(engine: Engine, sql: string): void {
  const settings = scratchDatabase(engine);
  let restore: () => Promise<void>;
  beforeAll(() => {
    apps.reset();
    restore = overrideSettings({ DATABASES: { default: settings }, INSTALLED_APPS: [] });
    apps.populate();
  });
  afterAll(async () => {
    await restore();
    apps.reset();
  });

  it('streams, and can be left', async () => {
    const connection = connections.get();
    const seen: number[] = [];
    for await (const rows of connection.stream(sql, [], 3)) {
      expect(rows).toHaveLength(3);
      seen.push(...rows.map(({ x }) => Number(x)));
      if (seen.length >= 6) break;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await connection.execute('SELECT 1 AS one')).rows).toHaveLength(1);
  }, 20_000);

  it('says what is wrong with a statement', async () => {
    const read = async (): Promise<void> => {
      for await (const rows of connections.get().stream('SELECT x FROM nowhere WHERE 1 = ?', [1], 3))
        void rows;
    };
    await expect(read()).rejects.toThrow(/nowhere/);
    expect((await connections.get().execute('SELECT 1 AS one')).rows).toHaveLength(1);
  });
}

describeWith([], SQLITE_ENGINE, () => streams(SQLITE_ENGINE, NUMBERS));
describeWith('postgresql', 'postgresql', () =>
  streams('postgresql', `SELECT generate_series(1, ${MANY}) AS x`),
);
describeWith('mysql', 'mysql', () => {
  streams('mysql', `SELECT seq AS x FROM seq_1_to_${MANY}`);

  it('ends with the connection', async () => {
    const connection = connections.get();
    let killed = false;
    const read = async (): Promise<void> => {
      for await (const [row] of connection.stream(
        `SELECT CONNECTION_ID() AS id FROM seq_1_to_${MANY}`,
        [],
        3,
      )) {
        if (!killed) await connection.execute(`KILL ${Number(row?.['id'])}`);
        killed = true;
      }
    };
    await expect(read()).rejects.toThrow(/lost/i);
    expect((await connection.execute('SELECT 1 AS one')).rows).toHaveLength(1);
  }, 60_000);

  it('gives each row once, also where the last chunk is full', async () => {
    for (const [rows, size] of [
      [6, 3],
      [7, 3],
      [2, 3],
      [1, 1],
      [0, 3],
    ] as const) {
      const seen: number[] = [];
      const sql = `SELECT seq AS x FROM seq_1_to_7 WHERE seq <= ${rows}`;
      for await (const chunk of connections.get().stream(sql, [], size))
        seen.push(...chunk.map(({ x }) => Number(x)));
      expect(seen).toEqual(Array.from({ length: rows }, (_, at) => at + 1));
    }
  });
});
