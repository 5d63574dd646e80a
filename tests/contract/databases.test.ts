/** One suite over every database driver. */
import { configure } from 'tsango/conf';
import { databaseContract } from 'tsango/test/contracts/database';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, type Need } from '../support/services';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });

function contract(engine: Engine, needs: Need[] = []): void {
  describeWith(needs, engine, () => {
    const settings = scratchDatabase(engine);
    databaseContract({ name: engine, settings: () => settings });
  });
}

contract('better-sqlite3');
contract('sqlite3');
contract('postgresql', ['postgresql']);
contract('mysql', ['mysql']);
databaseContract({
  name: 'better-sqlite3 in memory',
  settings: () => ({ ENGINE: 'django.db.backends.sqlite3', NAME: ':memory:' }),
});
