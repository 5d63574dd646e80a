/** Transactions: what is inside, what is not, and what is left. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import { connections } from '../../../db/connections';
import { onCommit, savepoint, savepointRollback, setRollback } from '../../../db/transaction';
import { failure } from './tables';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function transactionsOf(): void {
  describe('transactions', () => {
    let connection: DatabaseWrapper;

    const insert = async (k: string): Promise<unknown> =>
      connection.execute('INSERT INTO contract_t (k) VALUES (?)', [k]);
    const stored = async (): Promise<string> =>
      (await connection.execute('SELECT k FROM contract_t ORDER BY k')).rows.map((row) => row['k']).join(' ');

    beforeEach(async () => {
      connection = connections.get();
      await connection.execute('CREATE TABLE contract_t (k varchar(20) PRIMARY KEY)');
    });

    it('commits what returns and rolls back what throws', async () => {
      expect(
        await connection.atomic(async () => {
          await insert('a');
          return 7;
        }),
      ).toBe(7);
      const failed = async (): Promise<void> =>
        connection.atomic(async () => {
          await insert('b');
          throw new Error('stop');
        });
      expect(await failure(failed)).toBe('Error: stop');
      expect(await stored()).toBe('a');
    });

    it('nests', async () => {
      await connection.atomic(async () => {
        await insert('a');
        await failure(() =>
          connection.atomic(async () => {
            await insert('b');
            await connection.atomic(() => insert('c'));
            throw new Error('inner');
          }),
        );
        await connection.atomic(() => insert('d'));
      });
      expect(await stored()).toBe('a d');
      await failure(() =>
        connection.atomic(async () => {
          await connection.atomic(() => insert('e'));
          throw new Error('outer');
        }),
      );
      expect(await stored()).toBe('a d');
    });

    it('goes on after an error that an inner block caught', async () => {
      await connection.atomic(async () => {
        await insert('a');
        expect(await failure(() => connection.atomic(() => insert('a')))).toMatch(/^IntegrityError: /);
        await insert('b');
      });
      expect(await stored()).toBe('a b');
    });

    it('is doomed by an inner block without a savepoint', async () => {
      const told: string[] = [];
      await connection.atomic(async () => {
        await insert('a');
        await failure(() =>
          connection.atomic(
            () => {
              throw new Error('inner');
            },
            { savepoint: false },
          ),
        );
        told.push(await failure(() => insert('b')));
      });
      expect(told).toEqual([
        "TransactionManagementError: An error occurred in the current transaction. You can't execute queries until " +
          "the end of the 'atomic' block.",
      ]);
      expect(await stored()).toBe('');
    });

    it('can be told to roll back, as a whole or to a savepoint', async () => {
      await connection.atomic(async () => {
        await insert('a');
        setRollback(true);
      });
      expect(await stored()).toBe('');
      await connection.atomic(async () => {
        await insert('a');
        const here = await savepoint();
        await insert('b');
        await savepointRollback(here);
        await insert('c');
      });
      expect(await stored()).toBe('a c');
    });

    it('refuses to nest a durable block, and to close inside of one', async () => {
      const nested = (): unknown => connection.atomic(() => connection.atomic(() => 1, { durable: true }));
      expect(await failure(nested)).toBe(
        'TransactionManagementError: A durable atomic block cannot be nested within another atomic block.',
      );
      expect(await failure(() => connection.atomic(() => connection.close()))).toBe(
        "TransactionManagementError: This is forbidden when an 'atomic' block is active.",
      );
      expect(await connection.atomic(() => 2, { durable: true })).toBe(2);
    });

    it('calls back after the outermost commit, in order, and not for what was rolled back', async () => {
      const calls: string[] = [];
      const note = (name: string) => (): void => void calls.push(name);
      await onCommit(note('at once'));
      await connection.atomic(async () => {
        await onCommit(note('1'));
        await connection.atomic(async () => {
          await onCommit(note('2'));
        });
        await failure(() =>
          connection.atomic(async () => {
            await onCommit(note('never'));
            throw new Error('no');
          }),
        );
        await onCommit(note('3'));
        expect(calls).toEqual(['at once']);
      });
      expect(calls).toEqual(['at once', '1', '2', '3']);
    });

    it('keeps others out: their statements are not rolled back with it', async () => {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const failing = failure(() =>
        connection.atomic(async () => {
          await insert('inside');
          await held;
          throw new Error('rolled back');
        }),
      );
      await turn();
      const outside = insert('outside');
      const other = connection.atomic(() => insert('other'));
      await turn();
      release();
      expect(await failing).toBe('Error: rolled back');
      await Promise.all([outside, other]);
      expect(await stored()).toBe('other outside');
    });

    it('keeps blocks that run at once inside of one apart', async () => {
      await connection.atomic(async () => {
        const results = await Promise.all(
          ['a', 'b', 'c', 'd'].map((name, i) =>
            failure(() =>
              connection.atomic(async () => {
                await insert(name);
                await turn();
                await insert(`${name}2`);
                if (i % 2) throw new Error(name);
              }),
            ),
          ),
        );
        expect(results).toEqual(['nothing', 'Error: b', 'nothing', 'Error: d']);
      });
      expect(await stored()).toBe('a a2 c c2');
    });

    it('takes 50 blocks at once', async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          connection.atomic(async () => {
            await insert(`k${String(i).padStart(2, '0')}`);
            await turn();
          }),
        ),
      );
      expect((await stored()).split(' ')).toHaveLength(50);
    });

    it('shares its transactions with TypeORM', async () => {
      const source = await connection.dataSource();
      const sql = (k: string): string => `INSERT INTO contract_t (k) VALUES ('${k}')`;
      await failure(() =>
        connection.atomic(async () => {
          await source.query(sql('a'));
          expect(await stored()).toBe('a');
          throw new Error('no');
        }),
      );
      expect(await stored()).toBe('');
      await connection.atomic(async () => {
        await failure(() =>
          source.transaction(async (manager) => {
            await manager.query(sql('b'));
            throw new Error('no');
          }),
        );
        await source.transaction((manager) => manager.query(sql('c')));
      });
      await source.transaction((manager) => manager.query(sql('d')));
      await failure(() =>
        source.transaction(async (manager) => {
          await manager.query(sql('e'));
          throw new Error('no');
        }),
      );
      expect(await stored()).toBe('c d');
      expect(await failure(() => source.query(sql('c')))).toMatch(/^IntegrityError: /);
    });
  });
}
