/** Django's advisories about the names and words of queries; each guard has a mutation that only its test notices. */
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Extract, Trunc } from 'tsango/db/models/functions';
import * as lookups from 'tsango/db/models/lookups';
import '../db/settings';
import { FILMS, Film, fillFilms, Studio } from '../db/expressions/films';
import { SQLITE_ENGINE } from '../support/sqlite';

const { Count, F, FilteredRelation, Q, StringAgg, Value } = models;

class Memo extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'memos', ordering: ['id'] };
  declare static readonly objects: models.Manager<Memo>;
  declare id: number;
  @models.DateTimeField() declare at: Date;
  @models.JSONField({ null: true }) declare data: unknown;
}

/** One of each kind; only the first is there. */
const DATABASES = ['default', 'other', 'third'];

let restore: () => Promise<void>;
beforeAll(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: {
      default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
      other: { ENGINE: 'mysql', NAME: 'none' },
      third: { ENGINE: 'postgresql', NAME: 'none' },
    },
    INSTALLED_APPS: [],
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const model of [...FILMS, Memo]) await editor.createModel(model._meta);
    });
  await fillFilms();
});
afterAll(async () => {
  await restore();
  apps.reset();
});

const ALIAS =
  'Column aliases cannot contain whitespace characters, hashes, control characters, quotation marks, semicolons, ' +
  'or SQL comments.';
const named = (name: string, value: unknown): never => ({ [name]: value }) as never;

async function refusesAlias(name: string): Promise<void> {
  expect(() => Studio.objects.annotate(named(name, Count('film')))).toThrow(ALIAS);
  expect(() => Studio.objects.alias(named(name, Count('film')))).toThrow(ALIAS);
  await expect((async () => Studio.objects.aggregate(named(name, Count('film'))))()).rejects.toThrow(ALIAS);
}

it.each(['a"', "a'", 'a`', '[a]', 'a b', 'a;', 'a--', 'a/*', 'a*/', '"; DROP TABLE films_film; --'])(
  'CVE-2022-28346: no alias is %p',
  refusesAlias,
);

it.each(['a#', '#'])('CVE-2025-59681: no alias begins a comment of MySQL: %p', refusesAlias);

it.each(['a\u0000', 'a\u0007', 'a\u001f', 'a\u007f', 'a\u0085'])(
  'CVE-2026-1287: no alias has a control character',
  refusesAlias,
);

it.each(['a" ON 1=1 --', 'a b', 'a#', 'a\u001e'])(
  'CVE-2025-57833: nor has a filtered relation: %p',
  (name) => {
    const relation = new FilteredRelation('film', { condition: new Q({ film__year: 2001 }) });
    expect(() => Studio.objects.annotate(named(name, relation))).toThrow(ALIAS);
    expect(() => Studio.objects.alias(named(name, relation))).toThrow(ALIAS);
  },
);

it('CVE-2025-13372: a filtered relation has no point in its name', () => {
  expect(() => Studio.objects.annotate(named('films_studio.name', new FilteredRelation('film')))).toThrow(
    "FilteredRelation doesn't support aliases with periods (got 'films_studio.name').",
  );
});

it('CVE-2025-13372: nor a dollar sign on PostgreSQL', () => {
  const rows = Studio.objects
    .using('third')
    .alias(named('crafted$', new FilteredRelation('film')))
    .values('name', 'crafted$' as never);
  expect(() => rows.toSql()).toThrow('Dollar signs are not permitted in column aliases on PostgreSQL.');
});

it.each(["day' FROM at)) OR 1=1;--", 'year) FROM memos_memo --', "'", ''])(
  'CVE-2022-34265: a part of a date or time is a word: %p',
  (part) => {
    for (const alias of DATABASES) {
      const rows = Memo.objects.using(alias);
      const texts = [
        () => rows.annotate({ part: Extract('at', part) }),
        () => rows.annotate({ start: Trunc('at', part) }),
        () => rows.filter(named('at__day', Extract('at', part))),
      ].map((build) => {
        try {
          return build().toSql()[0];
        } catch (error) {
          return `${(error as Error).name}: refused`;
        }
      });
      for (const text of texts) expect(text).not.toMatch(/OR 1=1|FROM memos_memo --|'''/);
      if (part !== '' && alias !== 'default') {
        expect(() => rows.annotate({ part: Extract('at', part) }).toSql()).toThrow('Invalid lookup type: ');
      }
    }
  },
);

it.each(['ANALYZE true) SELECT 1; --', 'verbose; DROP TABLE films_film', 'a--b', ''])(
  'CVE-2022-28347: an option of EXPLAIN is a word: %p',
  async (option) => {
    await expect(Film.objects.explain({ [option]: true })).rejects.toThrow(
      `Invalid option name: '${option}'.`,
    );
  },
);

const HOSTILE_KEYS = [`a' = 'a') OR 1=1 OR ('d`, `a"') OR 1=1 --`, 'a"."b', '$', '?'];

it.each(HOSTILE_KEYS)('CVE-2019-14234: a key of JSON is a parameter: %p', async (key) => {
  for (const alias of DATABASES) {
    const rows = Memo.objects.using(alias);
    const [sql, params] = rows.filter(named(`data__${key}`, 'x')).toSql();
    expect(sql).not.toMatch(/OR 1=1|a"\."b/);
    if (alias === 'third') expect(params).toContain(key);
    const [ordered] = rows.orderBy(`data__${key}` as never).toSql();
    expect(ordered).not.toMatch(/OR 1=1|a"\."b/);
  }
});

it('CVE-2024-53908: a key that is asked for is one key, whatever is in it', async () => {
  await Memo.objects.create({ at: new Date(0), data: { a: { b: 1 }, 'a"b': 2, "it's": 3, '$.a': 4 } });
  const has = (key: string): Promise<number> => Memo.objects.filter(named('data__has_key', key)).count();
  const counts = await Promise.all(['a', 'a"b', "it's", '$.a'].map(has));
  expect(counts).toEqual([1, 1, 1, 1]);
  expect(await has('a"."b')).toBe(0);
  expect(await has(`a"') IS NOT NULL OR 1=1 --`)).toBe(0);
  for (const alias of DATABASES) {
    for (const name of ['data__has_key', 'data__has_keys', 'data__has_any_keys']) {
      const value = name.endsWith('s') ? HOSTILE_KEYS : HOSTILE_KEYS[0];
      expect(Memo.objects.using(alias).filter(named(name, value)).toSql()[0]).not.toContain('OR 1=1');
    }
    const { HasKey } = lookups;
    const direct = Memo.objects.using(alias).filter(new HasKey(F('data'), HOSTILE_KEYS[0]));
    expect(direct.toSql()[0]).not.toContain('OR 1=1');
  }
});

it('CVE-2026-1312: a name with a point is one name, where rows are sorted by it', async () => {
  const rows = Studio.objects.annotate(named('films_studio.id', Count('film')));
  expect(rows.orderBy('-films_studio.id' as never).toSql()[0]).toMatch(
    /ORDER BY (?:2|4|"films_studio\.id") DESC$/,
  );
  expect(await rows.orderBy('-films_studio.id' as never, 'name').flat('name')).toEqual([
    'Acme',
    'Bold',
    'Calm',
  ]);
  expect(() => Studio.objects.orderBy('films_studio.id' as never)).toThrow(
    "Cannot resolve keyword 'films_studio.id' into field.",
  );
});

it.each(['title__x" FROM films_studio --', 'title; DROP TABLE films_film', "title'"])(
  'CVE-2024-42005: values takes no such path: %p',
  (path) => {
    expect(() => Film.objects.values(path as never)).toThrow(ALIAS);
    expect(() => Film.objects.valuesList(path as never)).toThrow(ALIAS);
  },
);

it('CVE-2025-64459: conditions are joined by no word of a request', async () => {
  const word = ') OR 1=1 OR (' as never;
  expect(() =>
    Q.create(
      [
        ['title', 'x'],
        ['year', 1],
      ],
      word,
    ),
  ).toThrow("connector must be one of 'AND', 'OR', 'XOR'.");
  for (const name of ['_connector', '_negated', 'connector', 'negated', 'children']) {
    const request = JSON.parse(`{"title": "x", "${name}": ") OR 1=1 OR ("}`) as never;
    const unknown = `Cannot resolve keyword '${name}' into field.`;
    const refused = name.startsWith('_') ? `The following kwargs are invalid: '${name}'` : unknown;
    expect(() => Film.objects.filter(request)).toThrow(refused);
    expect(() => Film.objects.exclude(request)).toThrow(refused);
    expect(() => Film.objects.exclude(new Q(request))).toThrow(unknown);
  }
});

it('CVE-2020-7471: what stands between texts is no SQL', () => {
  const hostile = "-') || (SELECT 1) --";
  const joined = (alias: string) =>
    Studio.objects
      .using(alias)
      .annotate({ all: StringAgg('film__title', new Value(hostile)) })
      .toSql();
  expect(joined('default')[0]).not.toContain('SELECT 1');
  expect(joined('default')[1]).toContain(hostile);
  expect(joined('other')[0]).not.toContain('SELECT 1');
  expect(joined('other')[0]).toContain(` SEPARATOR 0x${Buffer.from(hostile).toString('hex')}`);
});

it('values of a request are no expressions', async () => {
  const json = (text: string): never => JSON.parse(text) as never;
  for (const text of [
    '{"sql": "1=1"}',
    '{"name": "title"}',
    '["a", {"resolveExpression": true}]',
    '{"query": {}}',
  ]) {
    const rows = async () => Film.objects.filter(json(`{"title": ${text}}`));
    expect(await rows().catch(() => [])).toEqual([]);
  }
  const parts = Film.objects.annotate({ part: F('title').slice(0, 1) });
  expect(parts.toSql()[0]).toContain('SUBSTR("films_film"."title", ?, ?)');
});
