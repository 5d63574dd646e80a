/** Django: `django.db.backends.sqlite3.creation`. */
import { rmSync } from 'node:fs';
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
