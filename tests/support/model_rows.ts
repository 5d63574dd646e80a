/** The tables of a few models, on every database there is: the same tests run on each. */
import type { ModelClass } from 'tsango/db/models';
import { type Engine, scratchDatabase } from './databases';
import { type TablesOptions, useTables } from './model_tables';
import { describeWith } from './services';
import { SQLITE_ENGINE } from './sqlite';

/** How the tests of a file are set up. */
export interface RowsOptions extends TablesOptions {
  /** The engines; default: a synchronous SQLite, PostgreSQL and MariaDB. */
  readonly engines?: readonly Engine[];
  readonly rows: () => Promise<void>;
}

/** Declares tests that run on each database, over tables of these models with the same rows. */
export function onEachDatabase(
  classes: readonly ModelClass[],
  { engines = [SQLITE_ENGINE, 'postgresql', 'mysql'], ...options }: RowsOptions,
  body: (engine: Engine) => void,
): void {
  for (const engine of engines) {
    describeWith(engine, engine, () => {
      useTables(scratchDatabase(engine), () => classes, options);
      body(engine);
    });
  }
}
