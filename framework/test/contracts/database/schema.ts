/** Tables that change while they hold rows. */

import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { DatabaseSchemaEditor } from '../../../db/backends/base/schema';
import { connections } from '../../../db/connections';
import { Migration } from '../../../db/migrations/migration';
import * as operations from '../../../db/migrations/operations';
import { ProjectState } from '../../../db/migrations/state';
import * as models from '../../../db/models';
import { failure } from './tables';

class Initial extends Migration {
  override operations = [
    new operations.CreateModel({
      name: 'Thing',
      fields: [
        ['id', new models.AutoField({ primaryKey: true, autoCreated: true })],
        ['name', new models.CharField({ maxLength: 20 })],
        ['size', new models.IntegerField({ null: true })],
      ],
    }),
  ];
}

/** A migration of these operations. */
function migration(...list: operations.Operation[]): Migration {
  const made = new Migration('0002_change', 'contract');
  made.operations = list;
  return made;
}

export function schemaOf(): void {
  describe('schema', () => {
    let connection: DatabaseWrapper;
    let state: ProjectState;

    const edit = (body: (editor: DatabaseSchemaEditor) => Promise<unknown>): Promise<unknown> =>
      connection.schemaEditor().run(body);
    const apply = (...list: operations.Operation[]): Promise<unknown> =>
      edit((editor) => migration(...list).apply(state, editor));
    const columns = async (): Promise<string[]> =>
      (await connection.introspection.getTableDescription('contract_thing')).map(
        ({ name, nullable }) => name + (nullable ? '?' : ''),
      );
    const rows = async (): Promise<Record<string, unknown>[]> =>
      (await connection.execute('SELECT * FROM contract_thing ORDER BY id')).rows;

    beforeEach(async () => {
      connection = connections.get();
      state = new ProjectState();
      await edit((editor) => new Initial('0001_initial', 'contract').apply(state, editor));
      await connection.execute("INSERT INTO contract_thing (name, size) VALUES ('a', 1)");
      await connection.execute("INSERT INTO contract_thing (name, size) VALUES ('b', NULL)");
    });

    it('adds, alters, renames and removes columns, and keeps the rows', async () => {
      await apply(
        new operations.AddField({
          modelName: 'thing',
          name: 'note',
          field: new models.CharField({ maxLength: 10, default: "it's" }),
        }),
        new operations.AlterField({
          modelName: 'thing',
          name: 'size',
          field: new models.BigIntegerField({ default: 5 }),
        }),
        new operations.RenameField({ modelName: 'thing', oldName: 'name', newName: 'title' }),
      );
      expect((await columns()).sort()).toEqual(['id', 'note', 'size', 'title']);
      expect(await rows()).toEqual([
        { id: 1, title: 'a', size: 1, note: "it's" },
        { id: 2, title: 'b', size: 5, note: "it's" },
      ]);
      await apply(new operations.RemoveField({ modelName: 'thing', name: 'note' }));
      expect((await columns()).sort()).toEqual(['id', 'size', 'title']);
    });

    it('undoes what it did', async () => {
      const before = state.clone();
      const change = migration(
        new operations.AddField({
          modelName: 'thing',
          name: 'code',
          field: new models.CharField({ maxLength: 10, unique: true, null: true }),
        }),
        new operations.AlterField({
          modelName: 'thing',
          name: 'name',
          field: new models.CharField({ maxLength: 40, dbIndex: true }),
        }),
        new operations.AddIndex({
          modelName: 'thing',
          index: new models.Index({ fields: ['-size', 'name'], name: 'contract_thing_idx' }),
        }),
      );
      const constraints = async (): Promise<string[]> =>
        [...(await connection.introspection.getConstraints('contract_thing')).keys()].sort();
      const untouched = [await columns(), await constraints()];
      await edit((editor) => change.apply(state, editor));
      expect(await constraints()).toEqual(expect.arrayContaining(['contract_thing_idx']));
      await edit((editor) => change.unapply(before, editor));
      expect([await columns(), await constraints()]).toEqual(untouched);
      expect(await rows()).toHaveLength(2);
    });

    it('runs SQL and code; the code’s models work', async () => {
      const seen: unknown[] = [];
      await apply(
        new operations.RunSQL([["UPDATE contract_thing SET name = ? WHERE name = 'a'", ["semi;colon's ?"]]]),
        new operations.RunCode(async (apps) => {
          const Thing = apps.getModel('contract', 'Thing');
          seen.push(...(await Thing.objects.orderBy('pk').values()));
          await Thing.objects.create({ name: 'c', size: 3 });
        }),
      );
      expect(seen).toEqual([
        { id: 1, name: "semi;colon's ?", size: 1 },
        { id: 2, name: 'b', size: null },
      ]);
      expect(await rows()).toHaveLength(3);
    });

    it('finds a field by the name that a migration gave it, camelCase, too', async () => {
      const seen: unknown[] = [];
      await apply(
        new operations.AddField({
          modelName: 'thing',
          name: 'isDraft',
          field: new models.BooleanField({ default: false }),
        }),
        new operations.RunCode(async (apps) => {
          const { objects } = apps.getModel('contract', 'Thing');
          await objects.filter({ name: 'a' }).update({ isDraft: true });
          await objects.create({ name: 'c', isDraft: true });
          seen.push(
            await objects.filter({ isDraft: true }).orderBy('-isDraft', 'name').values('name', 'isDraft'),
          );
        }),
      );
      expect(seen).toEqual([
        [
          { name: 'a', isDraft: true },
          { name: 'c', isDraft: true },
        ],
      ]);
    });

    it('rolls a failing migration back where the database can', async () => {
      const failing = migration(
        new operations.AddField({
          modelName: 'thing',
          name: 'note',
          field: new models.CharField({ maxLength: 10, null: true }),
        }),
        new operations.RunSQL('INSERT INTO contract_nowhere VALUES (1)'),
      );
      expect(await failure(() => edit((editor) => failing.apply(state, editor)))).toMatch(/contract_nowhere/);
      expect((await columns()).includes('note?')).toBe(!connection.features.canRollbackDdl);
      expect(await rows()).toHaveLength(2);
    });
  });
}
