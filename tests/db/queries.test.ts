/** Queries along relations. The rows are Django's answers for the same tables. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';

class Writer extends models.Model {
  static override readonly Meta = { appLabel: 'queries', ordering: ['name'] };
  declare static readonly objects: models.Manager<Writer>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  declare story: Story[];
}

class Story extends models.Model {
  static override readonly Meta = { appLabel: 'queries' };
  declare static readonly objects: models.Manager<Story>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.IntegerField() declare pages: number;
  @models.ForeignKey(() => Writer, { onDelete: models.CASCADE, null: true }) declare writer: Writer | null;
  declare writerId: number | null;
}

let restore: () => Promise<void>;
beforeEach(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      await editor.createModel(Writer._meta);
      await editor.createModel(Story._meta);
    });
  const ada = await Writer.objects.create({ name: 'Ada' });
  const bob = await Writer.objects.create({ name: 'Bob' });
  await Writer.objects.create({ name: 'Cid' });
  await Story.objects.create({ title: 'One', pages: 10, writer: ada });
  await Story.objects.create({ title: 'Two', pages: 20, writer: ada });
  await Story.objects.create({ title: 'Three', pages: 30, writer: bob });
  await Story.objects.create({ title: 'Lost', pages: 40 });
});
afterEach(async () => {
  await restore();
  apps.reset();
});

const { Count, Exists, F, OuterRef, Q, Sum } = models;
const titles = async (rows: PromiseLike<readonly Story[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);
const names = async (rows: PromiseLike<readonly Writer[]>): Promise<string[]> =>
  (await rows).map(({ name }) => name);

it('follows a foreign key, and leaves a join out that tells nothing', async () => {
  expect(await titles(Story.objects.filter({ writer__name__startswith: 'A' }).orderBy('id'))).toEqual([
    'One',
    'Two',
  ]);
  expect(Story.objects.filter({ writer__id: 1 }).toSql()[0]).not.toContain('JOIN');
  expect(await titles(Story.objects.exclude({ writer__name: 'Ada' }).orderBy('id'))).toEqual([
    'Three',
    'Lost',
  ]);
});

it('excludes along a relation of many rows by what is not there', async () => {
  expect(await names(Writer.objects.exclude({ story__title: 'One' }))).toEqual(['Bob', 'Cid']);
  expect(await names(Writer.objects.filter({ story__pages__gt: 5 }))).toEqual(['Ada', 'Ada', 'Bob']);
  expect(await names(Writer.objects.filter({ story__pages__gt: 5 }).distinct())).toEqual(['Ada', 'Bob']);
});

it('keeps rows without a partner under OR', async () => {
  const either = new Q({ writer__name: 'Bob' }).or(new Q({ title: 'Lost' }));
  expect(await titles(Story.objects.filter(either).orderBy('id'))).toEqual(['Three', 'Lost']);
  expect(await titles(Story.objects.filter(either.not()).orderBy('id'))).toEqual(['One', 'Two']);
});

it('annotates, filters by annotations, and aggregates', async () => {
  const counted = await Writer.objects.annotate({ n: Count('story'), all: Sum('story__pages') });
  expect(counted.map(({ name, n, all }) => [name, n, all])).toEqual([
    ['Ada', 2, 30],
    ['Bob', 1, 30],
    ['Cid', 0, null],
  ]);
  expect(
    await Writer.objects
      .annotate({ n: Count('story') })
      .filter({ n__gt: 1 })
      .count(),
  ).toBe(1);
  const grouped = await Story.objects
    .filter({ writer__isnull: false })
    .values('writer__name')
    .annotate({ n: Count('id') })
    .orderBy('writer__name');
  expect(grouped).toEqual([
    { writer__name: 'Ada', n: 2 },
    { writer__name: 'Bob', n: 1 },
  ]);
});

it('loads the related row in the same statement', async () => {
  const rows = await Story.objects.selectRelated('writer').orderBy('id');
  expect(rows.map(({ writer }) => writer?.name ?? null)).toEqual(['Ada', 'Ada', 'Bob', null]);
});

it('has subqueries, F and updates along a relation', async () => {
  const long = Story.objects.filter({ writer: OuterRef('pk'), pages__gt: 25 });
  expect(await names(Writer.objects.filter(Exists(long)))).toEqual(['Bob']);
  expect(await Story.objects.filter({ writer__name: 'Ada' }).update({ pages: F('pages').add(1) })).toBe(2);
  expect(await Story.objects.orderBy('id').flat('pages')).toEqual([11, 21, 30, 40]);
  expect(
    await names(Writer.objects.filter({ id__in: Story.objects.filter({ pages: 30 }).values('writer') })),
  ).toEqual(['Bob']);
});

it('refuses names for annotations that could be more than names', () => {
  for (const name of ['a b', 'a"', "a'", 'a;', 'a--', 'a/*', 'a`', 'a\u0000', 'a#']) {
    expect(() => Writer.objects.annotate({ [name]: Count('story') })).toThrow(
      'Column aliases cannot contain whitespace characters',
    );
  }
});

it('is checked by the compiler', () => {
  // @ts-expect-error no such field
  expect(() => Story.objects.filter({ titel: 'x' })).toThrow("Cannot resolve keyword 'titel' into field");
  // @ts-expect-error no such field behind the relation
  expect(() => Story.objects.filter({ writer__nam: 'x' })).toThrow("Unsupported lookup 'nam'");
  // @ts-expect-error a path that leads nowhere
  expect(() => Story.objects.values('writer__nam')).toThrow();
});
