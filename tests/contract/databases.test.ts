/** One suite over every database driver. */
import { configure } from 'tsango/conf';
import { databaseContract } from 'tsango/test/contracts/database';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, type Need } from '../support/services';
import { SQLITE_ENGINES } from '../support/sqlite';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });

function contract(engine: Engine, needs: Need[] = []): void {
  describeWith(needs, engine, () => {
    const settings = scratchDatabase(engine);
    databaseContract({ name: engine, settings: () => settings });
  });
}

for (const engine of SQLITE_ENGINES) contract(engine, [engine]);
contract('postgresql', ['postgresql']);
contract('mysql', ['mysql']);
for (const engine of ['better-sqlite3', 'node:sqlite'] as const) {
  describeWith(engine, 'in memory', () =>
    databaseContract({
      name: `${engine} in memory`,
      settings: () => ({
        ENGINE: engine === 'better-sqlite3' ? 'django.db.backends.sqlite3' : engine,
        NAME: ':memory:',
      }),
    }),
  );
}
