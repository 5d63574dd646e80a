import './settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { describeWith } from '../support/services';
import { SQLITE_ENGINES } from '../support/sqlite';

for (const engine of SQLITE_ENGINES) {
  describeWith([engine], `statements of ${engine}`, () => {
    let restore: () => Promise<void>;
    beforeEach(() => {
      restore = overrideSettings({ DATABASES: { default: { ENGINE: engine, NAME: ':memory:' } } });
    });
    afterEach(() => restore());

    it('are kept by their text; beyond some hundreds the oldest goes, and works on where it is held', async () => {
      const connection = connections.get();
      const oldest = connection.prepare('SELECT 0 AS n');
      const younger = connection.prepare('SELECT 1 AS n');
      expect(connection.prepare('SELECT 0 AS n')).toBe(oldest);
      let count = 2;
      while (count < 2000 && connection.prepare('SELECT 1 AS n') === younger) {
        connection.prepare(`SELECT ${count++} AS n`);
      }
      expect(count).toBeGreaterThan(100);
      expect(count).toBeLessThan(1000);
      expect(connection.prepare(`SELECT ${count - 1} AS n`)).toBe(
        connection.prepare(`SELECT ${count - 1} AS n`),
      );
      expect(connection.prepare('SELECT 0 AS n')).not.toBe(oldest);
      expect(await oldest.get()).toEqual({ n: 0 });
    });
  });
}
