/** The same tests on every database that is here. */
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { ModelClass } from 'tsango/db/models';
import { type Engine, scratchDatabase } from './databases';
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
      const own = settings();
      let restore: () => Promise<void>;
      beforeAll(async () => {
        apps.reset();
        restore = overrideSettings({ DATABASES: { default: own }, INSTALLED_APPS: [] });
        apps.populate();
        await connections
          .get()
          .schemaEditor()
          .run(async (editor) => {
            for (const model of models) await editor.createModel(model._meta);
          });
      });
      afterAll(async () => {
        await connections.get().close();
        await restore();
        apps.reset();
      });
      body({ vendor });
    });
  };
  run(SQLITE_ENGINE as Engine, 'sqlite', () => ({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }));
  run('postgresql', 'postgresql', () => scratchDatabase('postgresql'));
  run('mysql', 'mysql', () => scratchDatabase('mysql'));
}
