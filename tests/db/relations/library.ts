/** Models that refer to each other, on a database of their own. */
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../../support/sqlite';

const Meta = { appLabel: 'library' };

export class Author extends models.Model {
  static override readonly Meta = { ...Meta, ordering: ['name'] };
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.Reverse(() => Book, 'author') declare readonly books: models.RelatedManager<Book>;
  declare readonly letterSet: models.RelatedManager<Letter>;

  override toString(): string {
    return this.name;
  }
}

class ShelvedManager extends models.Manager<Book> {
  longest(): Promise<Book | null> {
    return this.all().orderBy('-pages').first();
  }
}

export class Book extends models.Model {
  static override readonly Meta = { ...Meta, ordering: ['id'] };
  static override readonly objects = new ShelvedManager();
  static readonly others = new models.Manager<Book>();
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @models.IntegerField({ default: 100 }) declare pages: number;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE, null: true, relatedName: 'books' })
  declare author: models.RelatedOrNull<Author>;
  declare authorId: number | null;
  @models.ManyToManyField(() => Tag) declare readonly tags: models.ManyToManyManager<Tag>;

  override toString(): string {
    return this.title;
  }
}

/** Refers to an author in any case. */
export class Letter extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Letter>;
  declare id: number;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
}

export class Tag extends models.Model {
  static override readonly Meta = { ...Meta, ordering: ['word'] };
  declare static readonly objects: models.Manager<Tag>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare word: string;
  declare readonly bookSet: models.ManyToManyManager<Book>;

  override toString(): string {
    return this.word;
  }
}

/** Where tests of these models are, their tables are in a database that is there for the test. */
export function useLibrary(
  all: readonly { _meta: models.Options }[] = [Author, Book, Letter, Tag],
  database: DatabaseSettings = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
): void {
  let restore: () => Promise<void>;
  beforeEach(async () => {
    apps.reset();
    restore = overrideSettings({ DATABASES: { default: database }, INSTALLED_APPS: [] });
    apps.populate();
    await connections
      .get()
      .schemaEditor()
      .run(async (editor) => {
        for (const { _meta: meta } of all) await editor.createModel(meta);
      });
  });
  afterEach(async () => {
    if (database.NAME !== ':memory:') {
      await connections
        .get()
        .schemaEditor()
        .run(async (editor) => {
          for (const { _meta: meta } of [...all].reverse()) await editor.deleteModel(meta);
        });
    }
    await connections.closeAll();
    await restore();
    apps.reset();
  });
}

/** The statements that a database is sent while something is done. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const connection = connections.get();
  const sent: string[] = [];
  const { execute } = connection;
  connection.execute = function (this: typeof connection, sql: string, ...rest: never[]) {
    sent.push(sql);
    return execute.call(this, sql, ...rest);
  } as never;
  try {
    await work();
  } finally {
    connection.execute = execute;
  }
  return sent;
}
