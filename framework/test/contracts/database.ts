/**
 * What every database backend must do: a suite for jest (or another runner with `describe`, `it` and `expect`), run
 * here over every driver, and by whoever writes a backend over theirs.
 *
 * @example
 * ```ts
 * databaseContract({ name: 'mydb', settings: () => ({ ENGINE: 'mysite.db.mydb', NAME: 'test' }) });
 * ```
 */
import { type DatabaseSettings, overrideSettings } from '../../conf';
import { connections } from '../../db/connections';
import { coercionOf } from './database/coercion';
import { modelsOf } from './database/models';
import { schemaOf } from './database/schema';
import { statementsOf } from './database/statements';
import { dropTables } from './database/tables';
import { transactionsOf } from './database/transactions';
import { valuesOf } from './database/values';

/** Declares the suite of one backend. */
export function databaseContract(options: {
  /** What the tests are called. */
  name: string;
  /** The entry of DATABASES; asked when the tests run. Tables named `contract_…` in it are dropped. */
  settings: () => DatabaseSettings;
}): void {
  describe(`database contract: ${options.name}`, () => {
    let restore: () => Promise<void>;

    beforeAll(async () => {
      restore = overrideSettings({ DATABASES: { default: options.settings() } });
      await dropTables(connections.get());
    });
    afterEach(() => dropTables(connections.get()));
    afterAll(async () => {
      await connections.closeAll();
      await restore();
    });

    statementsOf();
    transactionsOf();
    modelsOf();
    coercionOf();
    valuesOf();
    schemaOf();
  });
}
