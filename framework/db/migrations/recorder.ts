/**
 * Which migrations are applied: the rows of `django_migrations`, shared with a Django on the same database.
 * Django: `django.db.migrations.recorder`.
 */
import type { DatabaseWrapper } from '../backends/base/base';
import { DatabaseError } from '../errors';
import { DateTimeField } from '../models/fields/dates';
import { CharField } from '../models/fields/text';
import { Options } from '../models/options';
import { MigrationSchemaMissing } from './exceptions';
import { keyOf, type MigrationKey } from './graph';

/** The table that records them. */
export const MIGRATIONS_TABLE = 'django_migrations';

/** A migration that is applied. */
export interface AppliedMigration {
  app: string;
  name: string;
  applied: Date;
}

function tableOptions(): Options {
  return new Options({
    appLabel: 'migrations',
    objectName: 'Migration',
    fields: [
      ['app', new CharField({ maxLength: 255 })],
      ['name', new CharField({ maxLength: 255 })],
      ['applied', new DateTimeField()],
    ],
    options: { dbTable: MIGRATIONS_TABLE },
    registry: { find: () => undefined },
  });
}

/** Reads and writes the table. */
export class MigrationRecorder {
  private known = false;

  constructor(private readonly connection: DatabaseWrapper) {}

  /** Whether the table is there; one that is does not go again. */
  async hasTable(): Promise<boolean> {
    this.known ||= (await this.connection.introspection.tableNames()).includes(MIGRATIONS_TABLE);
    return this.known;
  }

  /** Makes the table unless it is there. @throws MigrationSchemaMissing if it cannot be made. */
  async ensureSchema(): Promise<void> {
    if (await this.hasTable()) return;
    try {
      await this.connection.schemaEditor().run((editor) => editor.createModel(tableOptions()));
      this.known = true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new MigrationSchemaMissing(`Unable to create the django_migrations table (${error.message})`, {
        cause: error,
      });
    }
  }

  /** The applied migrations, in the order in which they were applied. */
  async appliedMigrations(): Promise<Map<MigrationKey, AppliedMigration>> {
    const applied = new Map<MigrationKey, AppliedMigration>();
    if (!(await this.hasTable())) return applied;
    const { quoteName, toDatetime } = this.quoting();
    const { rows } = await this.connection.execute(
      `SELECT ${quoteName('app')}, ${quoteName('name')}, ${quoteName('applied')} FROM ${quoteName(MIGRATIONS_TABLE)} ` +
        `ORDER BY ${quoteName('id')}`,
    );
    for (const row of rows) {
      const [app, name] = [String(row['app']), String(row['name'])];
      applied.set(keyOf(app, name), { app, name, applied: toDatetime(row['applied']) });
    }
    return applied;
  }

  async recordApplied(app: string, name: string): Promise<void> {
    await this.ensureSchema();
    const { quoteName } = this.quoting();
    const columns = ['app', 'name', 'applied'].map(quoteName).join(', ');
    await this.connection.execute(
      `INSERT INTO ${quoteName(MIGRATIONS_TABLE)} (${columns}) VALUES (?, ?, ?)`,
      [app, name, new Date()],
    );
  }

  async recordUnapplied(app: string, name: string): Promise<void> {
    await this.ensureSchema();
    const { quoteName } = this.quoting();
    await this.connection.execute(
      `DELETE FROM ${quoteName(MIGRATIONS_TABLE)} WHERE ${quoteName('app')} = ? AND ${quoteName('name')} = ?`,
      [app, name],
    );
  }

  private quoting(): { quoteName: (name: string) => string; toDatetime: (value: unknown) => Date } {
    const { ops } = this.connection;
    return {
      quoteName: (name) => ops.quoteName(name),
      toDatetime: (value) => ops.toDatetime(value),
    };
  }
}
