/** The same tests on every database that is here. */
import type { DatabaseSettings } from 'tsango/conf';
import type { ModelClass } from 'tsango/db/models';
import { type Engine, scratchDatabase } from './databases';
import { useTables } from './model_tables';
import { describeWith } from './services';
import { SQLITE_ENGINE } from './sqlite';

/** What the tests of one database know of it. */
export interface Here {
  readonly vendor: 'sqlite' | 'postgresql' | 'mysql';
}

/** A `describe` for SQLite in memory, PostgreSQL and MariaDB; the tables of the models are there before its tests. */
export function onEachDatabase(models: readonly ModelClass[], body: (here: Here) => void): void {
  const run = (engine: Engine, vendor: Here['vendor'], settings: () => DatabaseSettings): void => {
    describeWith(engine, vendor, () => {
      useTables(settings(), () => models);
      body({ vendor });
    });
  };
  run(SQLITE_ENGINE as Engine, 'sqlite', () => ({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }));
  run('postgresql', 'postgresql', () => scratchDatabase('postgresql'));
  run('mysql', 'mysql', () => scratchDatabase('mysql'));
}
