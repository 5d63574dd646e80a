/** Models as rows: which there are, and what `migrate` and the command do about them. */
import '../../db/settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { ContentType } from 'tsango/contrib/contenttypes';
import { injectRenameContenttypesOperations } from 'tsango/contrib/contenttypes/management';
import { Session } from 'tsango/contrib/sessions/models';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { Migration, RenameModel } from 'tsango/db/migrations';
import { statementsOf } from '../../db/relations/library';
import { SQLITE_ENGINE } from '../../support/sqlite';

let restore: () => Promise<void>;
beforeEach(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: ['tsango.contrib.contenttypes', 'tsango.contrib.sessions'],
  });
  apps.populate();
  ContentType.objects.clearCache();
  await run('migrate', { verbosity: 0 });
});
afterEach(async () => {
  await restore();
  apps.reset();
});

async function run(name: string, options: object = {}, ...args: string[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  await callCommand(name, args, { ...options, stdout, stderr: stdout });
  return output;
}

const { objects } = ContentType;
const all = (): PromiseLike<unknown[]> =>
  objects.orderBy('appLabel', 'model').valuesList('appLabel', 'model');
const MODELS = [
  ['contenttypes', 'contenttype'],
  ['sessions', 'session'],
];

describe('migrate', () => {
  it('makes a row of each model, once', async () => {
    expect(await all()).toEqual(MODELS);
    await run('migrate', { verbosity: 0 });
    expect(await all()).toEqual(MODELS);
  });

  it('has the table of Django, without the name that it once had', async () => {
    const { rows } = await connections
      .get()
      .execute("SELECT sql FROM sqlite_master WHERE name = 'django_content_type'");
    expect(String(rows[0]?.['sql'])).toMatch(
      /"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar\(100\) NOT NULL, "model" varchar\(100\) NOT NULL/,
    );
    await run('migrate', { verbosity: 0 }, 'contenttypes', '0001');
    const { rows: named } = await connections
      .get()
      .execute('SELECT model, name FROM django_content_type ORDER BY id');
    expect(named).toEqual([
      { model: 'contenttype', name: 'ContentType' },
      { model: 'session', name: 'Session' },
    ]);
  });

  it('renames the content type with the model, and back', async () => {
    const migration = new (class extends Migration {
      override operations = [new RenameModel({ oldName: 'Session', newName: 'Visit' })];
    })('0002_visit', 'sessions');
    injectRenameContenttypesOperations({ plan: [{ migration, backwards: false }] });
    const [, rename] = migration.operations;
    const state = { apps: { getModel: () => ContentType } } as never;
    const editor = connections.get().schemaEditor();
    await rename?.databaseForwards('sessions', editor, state, state);
    expect(await all()).toEqual([MODELS[0], ['sessions', 'visit']]);
    await rename?.databaseBackwards('sessions', editor, state, state);
    expect(await all()).toEqual(MODELS);
    await objects.create({ appLabel: 'sessions', model: 'visit' });
    await rename?.databaseForwards('sessions', editor, state, state);
    expect(await all()).toContainEqual(['sessions', 'session']);
  });
});

describe('the manager', () => {
  it('gives a model its content type, and asks once', async () => {
    const type = await objects.getForModel(Session);
    expect([type.appLabel, type.model, type.modelClass()]).toEqual(['sessions', 'session', Session]);
    const sent = await statementsOf(async () => {
      expect(await objects.getForModel(new Session())).toBe(type);
      expect(await objects.getForId(type.id)).toBe(type);
      expect(await objects.getByNaturalKey('sessions', 'session')).toBe(type);
    });
    expect(sent).toEqual([]);
    objects.clearCache();
    expect(await statementsOf(() => objects.getForId(type.id))).toHaveLength(1);
  });

  it('makes one that is not there', async () => {
    await objects.filter({ model: 'session' }).delete();
    expect((await objects.getForModel(Session)).naturalKey()).toEqual(['sessions', 'session']);
    expect(await all()).toEqual(MODELS);
  });

  it('gives several models theirs in one statement', async () => {
    const sent = await statementsOf(async () => {
      const types = await objects.getForModels([Session, ContentType]);
      expect(types.get(Session)?.model).toBe('session');
      expect(types.get(ContentType)?.model).toBe('contenttype');
    });
    expect(sent).toHaveLength(1);
    expect(await statementsOf(() => objects.getForModels([Session]))).toEqual([]);
    objects.clearCache();
    await objects.filter({ model: 'session' }).delete();
    expect((await objects.getForModels([Session, ContentType])).get(Session)?.model).toBe('session');
  });

  it('knows no other', async () => {
    await expect(objects.getForId(99)).rejects.toThrow(ContentType.DoesNotExist);
    await expect(objects.getByNaturalKey('sessions', 'visit')).rejects.toThrow(ContentType.DoesNotExist);
  });
});

describe('a content type', () => {
  it('is called after its model', async () => {
    const type = await objects.getForModel(Session);
    expect([type.name, type.appLabeledName, String(type)]).toEqual([
      'session',
      'Sessions | session',
      'Sessions | session',
    ]);
    const gone = new ContentType({ appLabel: 'sessions', model: 'visit' });
    expect([gone.name, String(gone), gone.modelClass()]).toEqual(['visit', 'visit', null]);
  });

  it('finds rows of its model', async () => {
    await Session.objects.create({ sessionKey: 'a', sessionData: '', expireDate: new Date() });
    const type = await objects.getForModel(Session);
    expect(await type.getObjectForThisType({ sessionKey: 'a' })).toBeInstanceOf(Session);
    await expect(type.getObjectForThisType({ sessionKey: 'b' })).rejects.toThrow(Session.DoesNotExist);
    expect(await type.getAllObjectsForThisType({ sessionKey: 'b' })).toEqual([]);
    const gone = new ContentType({ appLabel: 'sessions', model: 'visit' });
    expect(() => gone.getAllObjectsForThisType()).toThrow('There is no model sessions.visit any more.');
  });
});

describe('remove_stale_contenttypes', () => {
  beforeEach(async () => {
    await objects.create({ appLabel: 'sessions', model: 'visit' });
    await objects.create({ appLabel: 'gone', model: 'thing' });
  });

  it('removes those of the installed apps without a model', async () => {
    expect(await run('remove_stale_contenttypes', { interactive: false, verbosity: 2 })).toBe(
      "Deleting stale content type 'sessions | visit'\n",
    );
    expect(await all()).toEqual([MODELS[0], ['gone', 'thing'], MODELS[1]]);
  });

  it('removes those of other apps where it is told', async () => {
    await run('remove_stale_contenttypes', { interactive: false, includeStaleApps: true });
    expect(await all()).toEqual(MODELS);
  });
});
