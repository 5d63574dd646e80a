/** The tables of the suite. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import * as models from '../../../db/models';

export class Author extends models.Model {
  static override readonly Meta = { appLabel: 'contract' };
  declare static readonly objects: models.Manager<Author>;

  declare id: number;
  @models.CharField({ maxLength: 40, unique: true }) declare name: string;
  @models.IntegerField({ default: 0 }) declare age: number;
  @models.BooleanField({ default: true }) declare active: boolean;
  @models.DateTimeField({ null: true }) declare born: Date | null;
  @models.JSONField({ null: true }) declare extra: unknown;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2, null: true }) declare fee: string | null;
  @models.UUIDField({ null: true }) declare code: string | null;
  @models.BinaryField({ null: true }) declare photo: Uint8Array | null;
  @models.DateField({ null: true }) declare joined: string | null;
}

export class Book extends models.Model {
  static override readonly Meta = { appLabel: 'contract', ordering: ['title'] };
  declare static readonly objects: models.Manager<Book>;

  declare id: number;
  declare authorId: number;
  @models.CharField({ maxLength: 80 }) declare title: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: Author;
  @models.DateTimeField({ autoNow: true }) declare changed: Date;
}

/** Drops every table of the suite. */
export async function dropTables(connection: DatabaseWrapper): Promise<void> {
  const tables = (await connection.introspection.tableNames()).filter((name) =>
    /^(new__)?contract_/.test(name),
  );
  // Foreign keys allow some order or other: try until nothing is left.
  for (let round = 0; tables.length > 0 && round < 10; round++) {
    for (const table of [...tables]) {
      try {
        await connection.execute(`DROP TABLE ${connection.ops.quoteName(table)}`);
        tables.splice(tables.indexOf(table), 1);
      } catch {
        // Something refers to it still.
      }
    }
  }
}

/** Creates the tables of the models. */
export async function createTables(connection: DatabaseWrapper): Promise<void> {
  await connection.schemaEditor().run(async (editor) => {
    await editor.createModel(Author._meta);
    await editor.createModel(Book._meta);
  });
}

/** What a call throws or rejects with, as `Class: message`. */
export async function failure(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'nothing';
}
