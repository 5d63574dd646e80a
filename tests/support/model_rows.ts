/** The tables of a few models, on every database there is: the same tests run on each. */
import { apps } from 'tsango/apps';
import { overrideSettings, type Settings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { ModelClass } from 'tsango/db/models';
import { type Engine, scratchDatabase } from './databases';
import { describeWith } from './services';
import { SQLITE_ENGINE } from './sqlite';

/** How the tests of a file are set up. */
export interface TablesOptions {
  /** The engines; default: a synchronous SQLite, PostgreSQL and MariaDB. */
  readonly engines?: readonly Engine[];
  readonly settings?: Partial<Settings>;
  /** Makes the rows, once an engine. */
  readonly rows: () => Promise<void>;
}

/** Declares tests that run on each database, over tables of these models with the same rows. */
export function onEachDatabase(
  classes: readonly ModelClass[],
  { engines = [SQLITE_ENGINE, 'postgresql', 'mysql'], settings = {}, rows }: TablesOptions,
  body: (engine: Engine) => void,
): void {
  for (const engine of engines) {
    describeWith(engine, engine, () => {
      const database = scratchDatabase(engine);
      let restore: () => Promise<void>;
      beforeAll(async () => {
        apps.reset();
        restore = overrideSettings({ DATABASES: { default: database }, INSTALLED_APPS: [], ...settings });
        apps.populate();
        await connections
          .get()
          .schemaEditor()
          .run(async (editor) => {
            for (const cls of classes) await editor.createModel(cls._meta);
          });
        await rows();
      });
      afterAll(async () => {
        await connections.closeAll();
        await restore();
        apps.reset();
      });
      body(engine);
    });
  }
}
