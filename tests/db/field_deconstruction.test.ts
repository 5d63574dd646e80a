/** What makes a field again. The answers are Django's `deconstruct()`. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { sameField } from 'tsango/db/migrations/autodetector/comparison';
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';

const kwargs = (field: models.Field): Readonly<Record<string, unknown>> => field.deconstruct()[3];

it('leaves out what is the default, and keeps what is not', () => {
  expect(new models.CharField({ maxLength: 9, blank: false, dbIndex: true }).deconstruct()).toEqual([
    null,
    'tsango.db.models.CharField',
    [],
    { maxLength: 9, dbIndex: true },
  ]);
  expect(kwargs(new models.SlugField())).toEqual({});
  expect(kwargs(new models.SlugField({ dbIndex: false, maxLength: 9 }))).toEqual({
    dbIndex: false,
    maxLength: 9,
  });
  expect(kwargs(new models.URLField())).toEqual({});
  expect(kwargs(new models.EmailField())).toEqual({ maxLength: 254 });
  expect(kwargs(new models.BinaryField({ editable: true }))).toEqual({ editable: true });
  expect(kwargs(new models.AutoField({ primaryKey: true, blank: true }))).toEqual({ primaryKey: true });
  expect(kwargs(new models.DateField({ autoNow: true, editable: true, blank: true }))).toEqual({
    autoNow: true,
  });
  expect(kwargs(new models.FileField({ storage: undefined as never }))).toEqual({ uploadTo: '' });
  expect(kwargs(new models.FilePathField({ path: '/x', recursive: false }))).toEqual({ path: '/x' });
  expect(kwargs(new models.GenericIPAddressField({ protocol: 'both' }))).toEqual({});
  expect(kwargs(new models.BooleanField({ default: null }))).toEqual({ default: null });
  expect(kwargs(new models.IntegerField({ choices: { 1: 'one' } }))).toEqual({ choices: [['1', 'one']] });
});

it('names what a relation refers to also while the model is not there', () => {
  const state = new ProjectState();
  const author = new models.ForeignKey('shop.Author', { onDelete: models.CASCADE, toField: 'email' });
  state.addModel(new ModelState('shop', 'Book', new Map([['author', author]]), {}));
  const [, , , options] = state.apps.getOptions('shop', 'Book').getField('author').deconstruct();
  expect(options).toEqual({ to: 'shop.author', toField: 'email', onDelete: models.CASCADE });
});

it('is not asked where two fields were made alike', () => {
  const one = new models.IntegerField({ default: 0 });
  // A state of the site's models has no validators.
  const other = new models.IntegerField({ default: 0, validators: undefined as never });
  const asked = jest.spyOn(other, 'deconstruct');
  expect(sameField(one, other)).toBe(true);
  expect(asked).not.toHaveBeenCalled();
  expect(sameField(one, new models.IntegerField({ default: 1 }))).toBe(false);
  expect(sameField(one, new models.IntegerField({ default: 0, null: true }))).toBe(false);
  const to = (toField?: string): models.Field =>
    new models.ForeignKey('shop.Item', { onDelete: models.CASCADE, ...(toField && { toField }) });
  expect(sameField(to(), to())).toBe(true);
  expect(sameField(to('name'), to('code'))).toBe(false);
});

it('names the model that a relation refers to, and how', () => {
  const options = { onDelete: models.CASCADE };
  expect(kwargs(new models.ForeignKey('shop.Item', { ...options, dbIndex: true }))).toEqual({
    to: 'shop.item',
    ...options,
  });
  expect(
    kwargs(new models.OneToOneField('shop.Item', { ...options, unique: true, parentLink: true })),
  ).toEqual({
    to: 'shop.item',
    parentLink: true,
    ...options,
  });
  expect(kwargs(new models.ManyToManyField('self', { dbConstraint: true, through: 'shop.Between' }))).toEqual(
    {
      to: 'self',
      through: 'shop.Between',
    },
  );
});

it('makes a field of a model that is like it', async () => {
  apps.reset();
  const restore = overrideSettings({ INSTALLED_APPS: [] });
  apps.populate();
  class Owner extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel: 'made' };
    @models.CharField({ maxLength: 3, unique: true }) declare code: string;
  }
  class Pet extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel: 'made' };
    @models.ForeignKey(() => Owner, { onDelete: models.PROTECT, toField: 'code' }) declare owner: Owner;
    @models.ForeignKey(() => Owner, { onDelete: models.PROTECT, toField: 'id', relatedName: '+' })
    declare second: Owner;
  }
  const [owner, second] = ['owner', 'second'].map((name) => Pet._meta.getField(name)) as [
    models.Field,
    models.Field,
  ];
  expect(owner.deconstruct()).toEqual([
    'owner',
    'tsango.db.models.ForeignKey',
    [],
    { to: 'made.owner', onDelete: models.PROTECT, toField: 'code' },
  ]);
  expect(kwargs(second)).toEqual({ to: 'made.owner', onDelete: models.PROTECT, relatedName: '+' });
  await restore();
  apps.reset();
});

it('names a field of a site by its class alone', () => {
  class Upper extends models.CharField {}
  expect(new Upper({ maxLength: 3 }).deconstruct().slice(1)).toEqual(['Upper', [], { maxLength: 3 }]);
});
