/** Relations of the models that the code of a migration sees. */
import '../settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { CreateModel } from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../../support/sqlite';

let restore: () => Promise<void>;
beforeEach(() => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
});
afterEach(async () => {
  await restore();
  apps.reset();
});

type Row = models.Model & Record<string, unknown>;

async function past(): Promise<ProjectState['apps']> {
  const state = new ProjectState();
  const id = ['id', new models.AutoField({ primaryKey: true })] as const;
  new CreateModel({
    name: 'Person',
    fields: [id, ['knows', new models.ManyToManyField('past.Person')]],
  }).stateForwards('past', state);
  new CreateModel({
    name: 'Letter',
    fields: [id, ['writer', new models.ForeignKey('past.person', { onDelete: models.CASCADE })]],
  }).stateForwards('past', state);
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const name of ['Person', 'Letter']) await editor.createModel(state.apps.getOptions('past', name));
    });
  return state.apps;
}

it('are managers, whichever side is looked at first', async () => {
  const state = await past();
  const Letter = state.getModel('past', 'Letter');
  // Asks for the class of Person before anybody else does.
  expect(await Letter.objects.selectRelated('writer')).toEqual([]);
  const writer = (await state.getModel('past', 'Person').objects.create({})) as Row;
  await Letter.objects.create({ writer });
  const letters = writer['letterSet'] as models.RelatedManager<Row>;
  expect(await letters.count()).toBe(1);
  expect((await letters.all())[0]?.['writer']).toBe(writer);
});

it('hold in both directions only where it is said: the name of the model does not say it', async () => {
  const Person = (await past()).getModel('past', 'Person');
  const one = (await Person.objects.create({})) as Row;
  const other = (await Person.objects.create({})) as Row;
  const known = ({ knows }: Row): models.ManyToManyManager<Row> => knows as models.ManyToManyManager<Row>;
  await known(one).add(other);
  expect([await known(one).count(), await known(other).count()]).toEqual([1, 0]);
});
