/** Search as a migration has it, and columns that the database fills: on a server. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { GinIndex } from 'tsango/contrib/postgres/indexes';
import { SearchQuery, SearchVector, SearchVectorField } from 'tsango/contrib/postgres/search';
import { connections, ProgrammingError } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { MigrationWriter } from 'tsango/db/migrations/writer';
import * as models from 'tsango/db/models';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';

class Entry extends models.Model {
  static override readonly Meta = {
    appLabel: 'pgsearch',
    indexes: [new GinIndex({ fields: ['vector'], name: 'entry_vector' })],
  };
  declare static readonly objects: models.Manager<Entry>;
  declare id: number;
  @models.CharField({ maxLength: 100 })
  declare title: string;
  @models.GeneratedField({
    expression: SearchVector('title', { config: 'english', weight: 'A' }).add(
      SearchVector('title', { config: 'simple' }),
    ),
    outputField: new SearchVectorField(),
    dbPersist: true,
  })
  declare vector: string;
}

it('is written into a migration as it was made', async () => {
  const operation = new migrations.AddField({
    modelName: 'entry',
    name: 'vector',
    field: (Entry._meta.getField('vector') as models.Field).clone(),
  });
  const migration = Object.assign(new migrations.Migration('0002_entry_vector', 'pgsearch'), {
    operations: [operation],
  });
  const text = await overrideSettings({ MIGRATION_MODULES: { pgsearch: 'tests.contrib.postgres' } }, () =>
    new MigrationWriter(migration, { includeHeader: false }).asString(),
  );
  expect(text).toMatch(
    /import \{ SearchVector(, SearchVectorField)? \} from 'tsango\/contrib\/postgres\/search/,
  );
  expect(text.replace(/\s+/g, ' ')).toContain(
    "new SearchVector(models.F('title'), { config: 'english', weight: 'A' }).add(",
  );
});

it('refuses to combine what is not of a kind, and kinds that there are not', () => {
  expect(() => SearchVector('title').add(new models.Value('x'))).toThrow(
    'SearchVector can only be combined with other SearchVector instances, got Value.',
  );
  expect(() => SearchQuery('a').and('b')).toThrow(
    'SearchQuery can only be combined with other SearchQuery instances, got str.',
  );
  expect(() => SearchQuery('a', { searchType: 'fuzzy' as never })).toThrow(
    "Unknown search_type argument 'fuzzy'.",
  );
});

describeWith('postgresql', 'a column of what is searched, that the database fills', () => {
  const database = scratchDatabase('postgresql');
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings({ DATABASES: { default: database } });
    await connections
      .get()
      .schemaEditor()
      .run((editor) => editor.createModel(Entry._meta));
    for (const title of ['Cheeses of the world', "Robert'); DROP TABLE entry;--", 'Ham']) {
      await Entry.objects.create({ title });
    }
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
  });

  it('finds words in all their forms, and takes what was typed as words alone', async () => {
    const found = (text: string) => Entry.objects.filter({ vector: text }).orderBy('pk').flat('title');
    expect(await found('world')).toEqual(['Cheeses of the world']);
    const english = SearchQuery('cheese', { config: 'english' });
    expect(await Entry.objects.filter({ vector: english as never }).flat('title')).toEqual([
      'Cheeses of the world',
    ]);
    expect(await found("robert'); --")).toEqual(["Robert'); DROP TABLE entry;--"]);
    expect(await found("' | ' & ! (((")).toEqual([]);
    const raw = SearchQuery('((', { searchType: 'raw' });
    await expect(Entry.objects.filter({ vector: raw as never }).count()).rejects.toThrow(ProgrammingError);
  });
});
