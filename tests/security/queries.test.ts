/** Django's advisories about the names and words of queries; each guard has a mutation that only its test notices. */
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import '../db/settings';
import { FILMS, Film, fillFilms, Studio } from '../db/expressions/films';
import { SQLITE_ENGINE } from '../support/sqlite';

const { Count, F, FilteredRelation, Q, StringAgg, Value } = models;

let restore: () => Promise<void>;
beforeAll(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: {
      default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
      other: { ENGINE: 'mysql', NAME: 'none' },
    },
    INSTALLED_APPS: [],
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const model of FILMS) await editor.createModel(model._meta);
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
    expect(() => Film.objects.filter(request)).toThrow(`Cannot resolve keyword '${name}' into field.`);
    expect(() => Film.objects.exclude(new Q(request))).toThrow(
      `Cannot resolve keyword '${name}' into field.`,
    );
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
