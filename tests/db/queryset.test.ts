/** A QuerySet: when it asks, what it keeps, and what it is in templates. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Context, Engine } from 'tsango/template';
import { attempt } from 'tsango/utils/maybe_promise';
import { SQLITE_ENGINE } from '../support/sqlite';

class Writer extends models.Model {
  static override readonly Meta = { appLabel: 'querysets', ordering: ['name'] };
  declare static readonly objects: models.Manager<Writer>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.IntegerField({ default: 0 }) declare age: number;
  declare readonly story: Story[];
}
class Story extends models.Model {
  static override readonly Meta = { appLabel: 'querysets' };
  declare static readonly objects: models.Manager<Story>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.ForeignKey(() => Writer, { onDelete: models.CASCADE }) declare writer?: Writer;
  declare writerId: number;
}

let restore: () => Promise<void>;
let asked: string[];
beforeEach(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
  const connection = connections.get();
  await connection.schemaEditor().run(async (editor) => {
    await editor.createModel(Writer._meta);
    await editor.createModel(Story._meta);
  });
  const ada = await Writer.objects.create({ name: 'Ada', age: 36 });
  const bob = await Writer.objects.create({ name: 'Bob', age: 7 });
  await Story.objects.create({ title: 'One', writer: ada });
  await Story.objects.create({ title: 'Two', writer: ada });
  await Story.objects.create({ title: 'Three', writer: bob });
  asked = [];
  const execute = connection.execute.bind(connection);
  connection.execute = (sql, params) => {
    asked.push(sql);
    return execute(sql, params);
  };
});
afterEach(async () => {
  await restore();
  apps.reset();
});

const { Count, Q } = models;
const names = async (rows: PromiseLike<readonly Writer[]>): Promise<string[]> =>
  (await rows).map(({ name }) => name);

describe('the rows', () => {
  it('are read once, and are the same objects; the list is the caller’s own', async () => {
    const writers = Writer.objects.all();
    const [first, second] = await Promise.all([writers, writers]);
    expect(asked).toHaveLength(1);
    expect(first[0]).toBe(second[0]);
    first.reverse();
    expect(await names(writers)).toEqual(['Ada', 'Bob']);
    const seen: Writer[] = [];
    for await (const writer of writers) seen.push(writer);
    expect(seen[0]).toBe(second[0]);
    expect([await writers.count(), await writers.exists()]).toEqual([2, true]);
    expect((await writers.first())?.name).toBe('Ada');
    expect((await writers.slice(1, 2))[0]).toBe(second[1]);
    expect(asked).toHaveLength(1);
  });

  it('are asked for again by each other query, and after a write', async () => {
    const writers = Writer.objects.all();
    await writers;
    await writers.all();
    await writers.filter({ age__gt: 10 });
    expect(asked).toHaveLength(3);
    await writers.update({ age: 1 });
    expect((await writers).map(({ age }) => age)).toEqual([1, 1]);
  });

  it('are a promise to whoever takes them for one', async () => {
    const rows = attempt(
      () => Writer.objects.all() as unknown as Promise<Writer[]>,
      () => [],
    );
    expect(await names(rows as Promise<Writer[]>)).toEqual(['Ada', 'Bob']);
    const locked = Writer.objects.using('nowhere');
    expect(await locked.catch((error) => String(error))).toMatch(/'nowhere' doesn't exist/);
    let done = false;
    await Writer.objects.all().finally(() => {
      done = true;
    });
    expect(done).toBe(true);
  });

  it('that failed to come are asked for again', async () => {
    const connection = connections.get();
    const { execute } = connection;
    const writers = Writer.objects.all();
    connection.execute = () => Promise.reject(new Error('gone'));
    await expect(writers.then()).rejects.toThrow('gone');
    connection.execute = execute;
    expect(await names(writers)).toEqual(['Ada', 'Bob']);
  });
});

describe('in templates', () => {
  const render = (source: string, context: Record<string, unknown>): Promise<string> =>
    Promise.resolve(new Engine({}).fromString(source).render(new Context(context))).then(String);

  it('the names behind a query are its own', async () => {
    const context = { writers: Writer.objects.all() };
    expect(await render('{{ writers.count }} {{ writers.exists }} {{ writers.first.name }}', context)).toBe(
      '2 True Ada',
    );
    expect(await render('{% if writers %}{{ writers|length }}{% endif %}', context)).toBe('2');
    expect(await render('{% for w in writers %}{{ w.name }} {% endfor %}{{ writers.0.name }}', context)).toBe(
      'Ada Bob Ada',
    );
    expect(await render('{{ writers.delete }}{{ writers.update }}{{ writers.count }}', context)).toBe('2');
  });

  it('a manager is asked for its rows, at once where the database is synchronous', async () => {
    let renderings = 0;
    const context = {
      objects: Writer.objects,
      twice: () => {
        renderings += 1;
        return '';
      },
    };
    expect(await render('{{ twice }}{% for w in objects.all %}{{ w.name }} {% endfor %}', context)).toBe(
      'Ada Bob ',
    );
    expect(await render('{{ objects.count }}{{ objects.create }}', context)).toBe('2');
    expect(renderings).toBe(1);
  });
});

describe('queries put together', () => {
  it('and, or, xor', async () => {
    const young = Writer.objects.filter({ age__lt: 20 });
    const ada = Writer.objects.filter({ name: 'Ada' });
    const short = Writer.objects.filter({ story__title: 'One' });
    expect(await names(young.or(ada))).toEqual(['Ada', 'Bob']);
    expect(await names(young.and(ada))).toEqual([]);
    expect(await names(ada.and(short))).toEqual(['Ada']);
    expect(await names(ada.xor(short))).toEqual(['Ada']);
    expect(await names(young.or(short))).toEqual(['Ada', 'Bob']);
    expect(await names(Writer.objects.none().or(ada))).toEqual(['Ada']);
    expect(await names(Writer.objects.orderBy('-age').slice(0, 1).or(young))).toEqual(['Ada', 'Bob']);
    const wrong = (run: () => unknown): string => {
      try {
        run();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(wrong(() => young.slice(0, 1).and(ada))).toBe(
      'Cannot combine queries once a slice has been taken.',
    );
    expect(wrong(() => young.distinct().and(ada))).toBe(
      'Cannot combine a unique query with a non-unique query.',
    );
    expect(wrong(() => young.union(ada).and(ada))).toBe('Cannot use & operator with combined queryset.');
    expect(wrong(() => young.and(Story.objects.all() as never))).toBe(
      'Cannot combine queries on two different base models.',
    );
    expect(wrong(() => young.values('name').and(ada.values('age') as never))).toBe(
      "Merging 'QuerySet' classes must involve the same values in each case.",
    );
  });

  it('union, intersection, difference', async () => {
    const young = Writer.objects.filter({ age__lt: 20 });
    const all = Writer.objects.all();
    expect(await names(young.union(all, { all: true }).orderBy('name'))).toEqual(['Ada', 'Bob', 'Bob']);
    expect(await names(young.union(all).orderBy('-name'))).toEqual(['Bob', 'Ada']);
    expect(await names(Writer.objects.none().union(young))).toEqual(['Bob']);
    expect(await names(all.intersection(young))).toEqual(['Bob']);
    expect(await names(all.difference(young))).toEqual(['Ada']);
    expect(() => young.union(all).filter({ age: 1 })).toThrow(
      'Calling QuerySet.filter() after union() is not supported.',
    );
    expect(() => young.union(all).annotate({ n: Count('story') })).toThrow(
      'Calling QuerySet.annotate() after union() is not supported.',
    );
  });
});

describe('values', () => {
  it('have expressions by name', async () => {
    const counted = await Writer.objects.values('name', { n: Count('story') });
    expect(counted).toEqual([
      { name: 'Ada', n: 2 },
      { name: 'Bob', n: 1 },
    ]);
    const n: number | undefined = counted[0]?.n;
    expect(n).toBe(2);
    expect(await Writer.objects.valuesList('name', Count('story'))).toEqual([
      ['Ada', 2],
      ['Bob', 1],
    ]);
    expect(await Writer.objects.annotate(Count('story')).values('story__count')).toHaveLength(2);
    expect(() => Writer.objects.annotate(Count('*'))).toThrow('Complex annotations require an alias');
  });

  it('are lists: plain, flat, with names', async () => {
    expect(await Writer.objects.valuesList('name', 'age')).toEqual([
      ['Ada', 36],
      ['Bob', 7],
    ]);
    expect(await Writer.objects.valuesList('name', { flat: true })).toEqual(['Ada', 'Bob']);
    const [row] = await Writer.objects.valuesList('id', 'name', { named: true });
    expect([row?.name, row?.[1], row?.length]).toEqual(['Ada', 'Ada', 2]);
    expect(await Writer.objects.valuesList('name', 'name')).toEqual([
      ['Ada', 'Ada'],
      ['Bob', 'Bob'],
    ]);
    expect(() => Writer.objects.valuesList('id', 'name', { flat: true } as never)).toThrow(
      "'flat' is not valid when values_list is called with more than one field.",
    );
    expect(() => Writer.objects.values('id').selectRelated()).toThrow(
      'Cannot call select_related() after .values() or .values_list()',
    );
  });
});

it('takes conditions and a filter together', async () => {
  expect(await names(Writer.objects.filter(new Q({ age: 36 }), { name: 'Ada' }))).toEqual(['Ada']);
  expect(await names(Writer.objects.complexFilter({ name: 'Bob' }))).toEqual(['Bob']);
  const dynamic: Record<string, unknown> = { age__gt: 10 };
  expect(await names(Writer.objects.filter(dynamic))).toEqual(['Ada']);
});
