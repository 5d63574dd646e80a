/** RenameIndex on each database: the rows stay, the index has its other name, and gets the first one back. */
import { configure, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../../support/databases';
import { describeWith, type Need } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });
afterAll(() => connections.closeAll());

const create = new migrations.CreateModel({
  name: 'Thing',
  fields: [
    ['id', new models.AutoField({ primaryKey: true })],
    ['price', new models.IntegerField()],
  ],
  options: { indexes: [new models.Index({ fields: ['price'], name: 'price_idx' })] },
});

function onDatabase(engine: Engine, needs: Need[]): void {
  describeWith(needs, engine, () => {
    const settings = scratchDatabase(engine);
    let restore: () => Promise<void>;
    beforeAll(() => {
      restore = overrideSettings({ DATABASES: { default: settings } });
    });
    afterAll(() => restore());

    async function run(
      operation: migrations.Operation,
      from: ProjectState,
      to: ProjectState,
      back = false,
    ): Promise<void> {
      const editor = connections.get().schemaEditor();
      await editor.run(() =>
        back
          ? operation.databaseBackwards('shop', editor, from, to)
          : operation.databaseForwards('shop', editor, from, to),
      );
    }

    async function indexes(): Promise<string[]> {
      const constraints = await connections.get().introspection.getConstraints('shop_thing');
      return [...constraints]
        .filter(([, { index, primaryKey }]) => index && !primaryKey)
        .map(([name]) => name);
    }

    it('renames an index, and renames it back', async () => {
      const states = [new ProjectState()];
      const rename = new migrations.RenameIndex({
        modelName: 'thing',
        oldName: 'price_idx',
        newName: 'cost_idx',
      });
      for (const operation of [create, rename]) {
        const next = (states.at(-1) as ProjectState).clone();
        operation.stateForwards('shop', next);
        states.push(next);
      }
      const [none, created, renamed] = states as [ProjectState, ProjectState, ProjectState];
      await run(create, none, created);
      expect(await indexes()).toEqual(['price_idx']);
      await run(rename, created, renamed);
      expect(await indexes()).toEqual(['cost_idx']);
      await run(rename, renamed, created, true);
      expect(await indexes()).toEqual(['price_idx']);
    });
  });
}

onDatabase(SQLITE_ENGINE as Engine, []);
onDatabase('postgresql', ['postgresql']);
onDatabase('mysql', ['mysql']);
