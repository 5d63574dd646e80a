/**
 * Search, likeness of texts and aggregates of contrib.postgres, asked of one table by a real Django and by us.
 * DJANGO_PATHS: folders with a Django each, where that of the machine's Python is not to be the only one.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import {
  ArrayAgg,
  BitXor,
  BoolAnd,
  BoolOr,
  Corr,
  CovarPop,
  JSONBAgg,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  StringAgg,
} from 'tsango/contrib/postgres/aggregates';
import { ArraySubquery } from 'tsango/contrib/postgres/expressions';
import {
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  SearchVectorField,
  TrigramDistance,
  TrigramSimilarity,
  TrigramWordSimilarity,
} from 'tsango/contrib/postgres/search';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { scratchDatabase } from '../support/databases';
import { describeWith, SERVICES } from '../support/services';
import '../db/settings';

const { F, OuterRef, Q } = models;

class Line extends models.Model {
  static override readonly Meta = { appLabel: 'stage', dbTable: 'stage_line' };
  declare static readonly objects: models.Manager<Line>;
  declare id: number;
  @models.CharField({ maxLength: 100 })
  declare speaker: string;
  @models.TextField({ null: true })
  declare dialogue: string | null;
  @models.IntegerField()
  declare x: number;
  @models.IntegerField({ null: true })
  declare y: number | null;
  @models.BooleanField({ default: false })
  declare loud: boolean;
  @models.CharField({ maxLength: 20, default: 'english' })
  declare language: string;
  @SearchVectorField({ null: true })
  declare vector: string | null;
}

const row = (
  speaker: string,
  dialogue: string | null,
  x: number,
  y: number | null,
  loud = false,
): object => ({
  speaker,
  dialogue,
  x,
  y,
  loud,
});
const ROWS = [
  row('Minstrel', 'Bravely bold Sir Robin, rode forth from Camelot.', 1, 3),
  row('Minstrel', 'He was not afraid to die, o Brave Sir Robin.', 2, 5, true),
  row('Minstrel', 'He was not at all afraid to be killed in nasty ways, brave, brave Sir Robin', 3, 8),
  row('Minstrel', 'To have his eyes gouged out, and his elbows broken, Robin', 42, null),
  row('Minstrels', 'His head smashed in and his heart cut out', 5, 7),
  row('King Arthur', 'Brave knights! And their minstrel', 6, 12, true),
  row('Sir Galahad', null, 7, null),
  { ...row('Zoot', 'Le cœur a ses raisons, être ou ne pas être', 8, 15), language: 'french' },
  row('Sir Robin', 'We eat ham and jam and spam a lot', 9, 18),
];

const ids = (rows: { orderBy(name: 'pk'): { flat(name: 'id'): PromiseLike<readonly unknown[]> } }) =>
  rows.orderBy('pk').flat('id');
const near = async (rows: PromiseLike<readonly (readonly unknown[])[]>): Promise<unknown[][]> =>
  (await rows).map(([pk, value]) => [pk, Number(Number(value).toFixed(5))]);

const lines = Line.objects;
const both = SearchVector('speaker', 'dialogue');
const query = SearchQuery('brave sir robin');

/** The queries of django_postgres/run.py, under the same names. */
const QUERIES: Readonly<Record<string, () => unknown>> = {
  search: () => ids(lines.filter({ dialogue__search: 'brave knights' })),
  'search null': () => ids(lines.filter({ speaker__search: 'galahad' })),
  config: () => ids(lines.filter({ dialogue__search: SearchQuery('cœur', { config: 'french' }) })),
  'config of a column': () =>
    ids(
      lines
        .annotate({ s: SearchVector('dialogue', { config: F('language') }) })
        .filter({ s: SearchQuery('eating', { config: F('language') }) as never }),
    ),
  'vector of two': () => ids(lines.annotate({ search: both }).filter({ search: 'robin bravely' })),
  'vector of a number': () => ids(lines.annotate({ search: SearchVector('x') }).filter({ search: '42' })),
  added: () =>
    ids(
      lines
        .annotate({ search: SearchVector('speaker').add(SearchVector('dialogue')) })
        .filter({ search: 'minstrel' as never }),
    ),
  field: () => ids(lines.filter({ vector: 'robin' })),
  or: () => ids(lines.filter({ dialogue__search: SearchQuery('killed').or(SearchQuery('eyes')) })),
  and: () => ids(lines.filter({ dialogue__search: SearchQuery('robin').and(SearchQuery('eyes')) })),
  not: () => ids(lines.filter({ dialogue__search: SearchQuery('robin').invert() })),
  'and not': () =>
    ids(lines.filter({ dialogue__search: SearchQuery('robin').and(SearchQuery('eyes').invert()) })),
  inverted: () => ids(lines.filter({ dialogue__search: SearchQuery('robin', { invert: true }) })),
  phrase: () =>
    ids(lines.filter({ dialogue__search: SearchQuery('brave sir robin', { searchType: 'phrase' }) })),
  raw: () => ids(lines.filter({ dialogue__search: SearchQuery("'robin' & !'eyes'", { searchType: 'raw' }) })),
  websearch: () =>
    ids(lines.filter({ dialogue__search: SearchQuery('"sir robin" -eyes', { searchType: 'websearch' }) })),
  rank: () =>
    near(
      lines
        .annotate({ r: SearchRank(both, query) })
        .orderBy('-r', 'id')
        .valuesList('id', 'r'),
    ),
  weights: () =>
    near(
      lines
        .annotate({ r: SearchRank(F('vector'), SearchQuery('robin'), { weights: [0.1, 0.3, 0.9, 0.2] }) })
        .orderBy('-r', 'id')
        .valuesList('id', 'r'),
    ),
  normalized: () =>
    near(
      lines
        .annotate({ r: SearchRank(both, query, { normalization: 2, coverDensity: true }) })
        .orderBy('-r', 'id')
        .valuesList('id', 'r'),
    ),
  headline: () =>
    lines
      .filter({ vector: 'robin' })
      .orderBy('id')
      .annotate({
        h: SearchHeadline('dialogue', SearchQuery('robin'), {
          startSel: "<b class='x'>",
          stopSel: '</b>',
          maxWords: 6,
          minWords: 2,
        }),
      })
      .flat('h'),
  unaccent: () => ids(lines.filter({ dialogue__unaccent__icontains: 'COEUR' })),
  'unaccent exact': () => ids(lines.filter({ speaker__unaccent: 'Zoot' })),
  trigram: () => ids(lines.filter({ speaker__trigram_similar: 'Minstrul' })),
  'trigram word': () => ids(lines.filter({ dialogue__trigram_word_similar: 'brively' })),
  similarity: () =>
    near(
      lines
        .annotate({ s: TrigramSimilarity('speaker', 'Minstrel') })
        .filter({ s__gt: 0.3 })
        .orderBy('-s', 'id')
        .valuesList('id', 's'),
    ),
  distance: () =>
    near(
      lines
        .annotate({ d: TrigramDistance('speaker', 'Minstrel') })
        .orderBy('d', 'id')
        .valuesList('id', 'd'),
    ),
  'word similarity': () =>
    near(
      lines
        .filter({ dialogue__isnull: false })
        .annotate({ s: TrigramWordSimilarity('brave', 'dialogue') })
        .orderBy('-s', 'id')
        .valuesList('id', 's'),
    ),
  array: () => lines.aggregate({ a: ArrayAgg('speaker', { distinct: true }) }),
  'array sorted': () => lines.aggregate({ a: ArrayAgg('x', { orderBy: '-x' }) }),
  'array filtered': () =>
    lines.aggregate({ a: ArrayAgg('x', { filter: new Q({ loud: true }), default: [] }) }),
  'array of none': () => lines.filter({ x: -1 }).aggregate({ a: ArrayAgg('x') }),
  'array default': () => lines.filter({ x: -1 }).aggregate({ a: ArrayAgg('x', { default: [1] }) }),
  'array grouped': () =>
    lines
      .values('speaker')
      .annotate({ a: ArrayAgg('y', { filter: new Q({ y__isnull: false }), default: [] }) })
      .orderBy('speaker')
      .valuesList('speaker', 'a'),
  json: () => lines.aggregate({ a: JSONBAgg('speaker', { distinct: true }) }),
  string: () => lines.aggregate({ a: StringAgg('speaker', '; ', { distinct: true }) }),
  bits: () => lines.aggregate({ a: BitXor('x') }),
  bools: () => lines.aggregate({ a: BoolAnd('loud'), o: BoolOr('loud') }),
  'bools of none': () =>
    lines.filter({ x: -1 }).aggregate({ a: BoolAnd('loud'), o: BoolOr('loud', { default: false }) }),
  statistics: async () => {
    const found = await lines.aggregate({
      corr: Corr('y', 'x'),
      covar: CovarPop('y', 'x'),
      sample: CovarPop('y', 'x', { sample: true }),
      count: RegrCount('y', 'x'),
      intercept: RegrIntercept('y', 'x'),
      r2: RegrR2('y', 'x'),
      slope: RegrSlope('y', 'x'),
      sxx: RegrSXX('y', 'x', { filter: new Q({ loud: true }) }),
    });
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, Number((value as number).toFixed(6))]),
    );
  },
  'count of none': () => lines.filter({ x: -1 }).aggregate({ a: RegrCount('y', 'x') }),
  'array subquery': () =>
    lines
      .orderBy('id')
      .annotate({
        a: ArraySubquery<number>(
          Line.objects
            .filter({ speaker: OuterRef('speaker') })
            .orderBy('-x')
            .values('x'),
        ),
      })
      .valuesList('id', 'a'),
};

function django<T>(folder: string, database: DatabaseSettings | null, act: string): T {
  const output = execFileSync(SERVICES.python, ['run.py'], {
    cwd: path.join(__dirname, 'django_postgres'),
    input: JSON.stringify({
      do: act,
      rows: ROWS,
      database: database && { ...database, ENGINE: 'django.db.backends.postgresql' },
    }),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
      ...(folder !== '' && { PYTHONPATH: folder }),
    },
  });
  return JSON.parse(output) as T;
}

function versionOf(folder: string): string {
  try {
    return django<string>(folder, null, 'version');
  } catch {
    return '(none)';
  }
}

for (const folder of (process.env['DJANGO_PATHS'] ?? '').split(path.delimiter)) {
  const version = versionOf(folder);
  describeWith(['django', 'postgresql'], `contrib.postgres of Django ${version} beside ours`, () => {
    const database = scratchDatabase('postgresql');

    it('has the same answers to searches, likeness of texts and aggregates', async () => {
      django(folder, database, 'create');
      const expected = django<Record<string, unknown>>(folder, database, 'ask');
      expect(Object.keys(expected).length).toBeGreaterThan(25);
      if (!version.startsWith('3.'))
        expect(Object.keys(expected).sort()).toEqual(Object.keys(QUERIES).sort());
      const settings = { DATABASES: { default: database }, INSTALLED_APPS: ['tsango.contrib.postgres'] };
      await overrideSettings(settings, async () => {
        apps.reset();
        apps.populate();
        try {
          const found: Record<string, unknown> = {};
          for (const [name, ask] of Object.entries(QUERIES)) {
            if (!(name in expected)) continue;
            found[name] = await Promise.resolve(ask()).catch((error: unknown) => String(error));
          }
          expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
        } finally {
          await connections.closeAll();
          apps.reset();
        }
      });
    }, 60_000);
  });
}
