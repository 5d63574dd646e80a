/** Django: `django.db.backends.sqlite3.creation`. */
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseCreation } from '../base/creation';

export class SqliteCreation extends DatabaseCreation {
  /** In memory, unless TEST names a file. */
  override testDbName(suffix?: string): string {
    const { NAME } = this.test;
    if (!NAME || NAME === ':memory:') return ':memory:';
    return suffix === undefined ? NAME : NAME.replace(/(\.[^./\\]*)?$/, `_${suffix}$1`);
  }

  override testDbSignature(): string {
    // Each alias has a memory of its own, whatever file it has otherwise.
    const name = this.testDbName();
    return JSON.stringify([
      this.connection.settingsDict.NAME,
      name === ':memory:' ? this.connection.alias : name,
    ]);
  }

  protected override templateName(folder: string | undefined): string | undefined {
    if (folder === undefined || this.testDbName() !== ':memory:') return undefined;
    return path.join(folder, `${encodeURIComponent(this.connection.alias)}.sqlite3`);
  }

  protected async cloneDatabase(name: string, template: string): Promise<void> {
    removeFiles(name);
    if (name !== ':memory:') copyFileSync(template, name);
  }

  /** A database in memory is filled by the handle that has it. */
  override async fillClone(template: string): Promise<void> {
    const { connection } = this;
    if (connection.settingsDict.NAME !== ':memory:') return;
    const quote = (identifier: unknown): string => connection.ops.quoteName(String(identifier));
    await connection.execute('ATTACH DATABASE ? AS template', [template]);
    const copy = async (): Promise<void> => {
      const { rows } = await connection.execute(
        "SELECT type, name, sql FROM template.sqlite_master WHERE sql IS NOT NULL ORDER BY type <> 'table'",
      );
      const isTable = ({ type, name }: Readonly<Record<string, unknown>>): boolean =>
        type === 'table' && (!String(name).startsWith('sqlite_') || name === 'sqlite_sequence');
      for (const row of rows)
        if (!String(row['name']).startsWith('sqlite_')) await connection.execute(String(row['sql']));
      for (const row of rows.filter(isTable)) {
        const name = quote(row['name']);
        const { rows: columns } = await connection.execute(
          'SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0',
          [row['name']],
        );
        const list = columns.map((column) => quote(column['name'])).join(', ');
        await connection.execute(`DELETE FROM ${name}`);
        await connection.execute(`INSERT INTO main.${name} (${list}) SELECT ${list} FROM template.${name}`);
      }
    };
    await connection.atomic(copy, { disableConstraints: true });
    await connection.execute('DETACH DATABASE template');
  }

  protected async createDatabase(name: string, keepdb: boolean): Promise<void> {
    if (!keepdb) removeFiles(name);
  }

  protected async dropDatabase(name: string): Promise<void> {
    removeFiles(name);
  }
}

function removeFiles(name: string): void {
  if (name === ':memory:') return;
  for (const file of [name, `${name}-wal`, `${name}-shm`, `${name}-journal`]) rmSync(file, { force: true });
}
