/** Models by the names that migrations call them: labels with capitals, and a base that has another name from now on. */
import { configure, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { InvalidBasesError } from 'tsango/db/migrations/exceptions';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

let restore: () => Promise<void>;
beforeAll(() => {
  restore = overrideSettings({ DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } } });
});
afterAll(async () => {
  await connections.closeAll();
  await restore();
});

/** The state after some operations of an app. */
function stateAfter(app: string, operations: readonly migrations.Operation[]): ProjectState {
  const state = new ProjectState();
  for (const operation of operations) operation.stateForwards(app, state);
  return state;
}

const author = new migrations.CreateModel({
  name: 'Author',
  fields: [['id', new models.AutoField({ primaryKey: true })]],
});

it('finds a model of an app whose label has capitals', () => {
  const book = new migrations.CreateModel({
    name: 'Book',
    fields: [
      ['id', new models.AutoField({ primaryKey: true })],
      ['author', new models.ForeignKey('MixedCase.Author', { onDelete: 'CASCADE' })],
      ['editor', new models.ForeignKey('Author', { onDelete: 'CASCADE', relatedName: '+' })],
    ],
  });
  const { apps } = stateAfter('MixedCase', [author, book]);
  const options = apps.getOptions('MixedCase', 'Book');
  const keys = options.localFields.filter((field) => field.isRelation());
  expect(keys.map((field) => field.remoteModel.label)).toEqual(['MixedCase.Author', 'MixedCase.Author']);
  expect(keys.map((field) => field.deconstruct()[3]['to'])).toEqual(['MixedCase.author', 'MixedCase.author']);
});

it('sends nothing where a model extends a renamed one by its old name', async () => {
  const child = new migrations.CreateModel({
    name: 'Novelist',
    fields: [
      [
        'author_ptr',
        new models.OneToOneField('shop.Author', {
          onDelete: 'CASCADE',
          primaryKey: true,
          parentLink: true,
          autoCreated: true,
        }),
      ],
    ],
    bases: ['shop.Author'],
  });
  const before = stateAfter('shop', [author, child]);
  const rename = new migrations.RenameModel({ oldName: 'Author', newName: 'Writer' });
  const after = before.clone();
  rename.stateForwards('shop', after);
  const editor = connections.get().schemaEditor({ collectSql: true });
  await expect(editor.run(() => rename.databaseForwards('shop', editor, before, after))).rejects.toThrow(
    new InvalidBasesError("Cannot resolve one or more bases from ('shop.Author',)"),
  );
  expect(editor.collectedSql).toEqual([]);
});

it('renames a field where a ForeignObject goes by it, on either side', () => {
  const seat = new migrations.CreateModel({
    name: 'Seat',
    fields: [
      ['id', new models.AutoField({ primaryKey: true })],
      ['hall_id', new models.IntegerField()],
      ['place', new models.IntegerField()],
    ],
    options: { uniqueTogether: [['hall_id', 'place']] },
  });
  const ticket = new migrations.CreateModel({
    name: 'Ticket',
    fields: [
      ['id', new models.AutoField({ primaryKey: true })],
      ['hall_id', new models.IntegerField()],
      ['place', new models.IntegerField()],
      [
        'seat',
        new models.ForeignObject('shop.Seat', {
          onDelete: 'CASCADE',
          fromFields: ['hallId', 'place'],
          toFields: ['hallId', 'place'],
        }),
      ],
    ],
  });
  const rename = (modelName: string, oldName: string, newName: string): migrations.RenameField =>
    new migrations.RenameField({ modelName, oldName, newName });
  const { apps } = stateAfter('shop', [
    seat,
    ticket,
    rename('ticket', 'place', 'seat_no'),
    rename('seat', 'hall_id', 'room_id'),
  ]);
  const field = apps.getOptions('shop', 'Ticket').getField('seat') as InstanceType<
    typeof models.ForeignObject
  >;
  expect([field.options.fromFields, field.options.toFields]).toEqual([
    ['hallId', 'seatNo'],
    ['roomId', 'place'],
  ]);
  expect(field.relatedPairs.map(([own, other]) => [own.name, other.name])).toEqual([
    ['hall_id', 'room_id'],
    ['seat_no', 'place'],
  ]);
});
