/** The same tests on every database that is here, over tables of a few models. */
import type { ModelClass } from 'tsango/db/models';
import { type Engine, scratchDatabase } from './databases';
import { type TablesOptions, useTables } from './model_tables';
import { describeWith } from './services';
import { SQLITE_ENGINE } from './sqlite';

/** What the tests of one database know of it. */
export interface Here {
  readonly engine: Engine;
  readonly vendor: 'sqlite' | 'postgresql' | 'mysql';
}

/** How the tests of a file are set up. */
export interface HereOptions extends TablesOptions {
  /** The engines; default: a synchronous SQLite, PostgreSQL and MariaDB. */
  readonly engines?: readonly Engine[];
}

const vendorOf = (engine: Engine): Here['vendor'] =>
  engine === 'postgresql' || engine === 'mysql' ? engine : 'sqlite';

/** Declares tests that run on each database; the tables of the models are there before them, with the rows of `rows`. */
export function onEachDatabase(
  models: readonly ModelClass[],
  { engines = [SQLITE_ENGINE, 'postgresql', 'mysql'], ...options }: HereOptions,
  body: (here: Here) => void,
): void {
  for (const engine of engines) {
    describeWith(engine, engine, () => {
      useTables(scratchDatabase(engine), () => models, options);
      body({ engine, vendor: vendorOf(engine) });
    });
  }
}
