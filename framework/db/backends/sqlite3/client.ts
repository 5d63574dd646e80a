/** `sqlite3`. Django: `django.db.backends.sqlite3.client`. */
import type { DatabaseSettings } from '../../../conf';
import { type ClientCommand, DatabaseClient } from '../base/client';

export class SqliteClient extends DatabaseClient {
  readonly executableName = 'sqlite3';

  settingsToCommand({ NAME }: DatabaseSettings, parameters: readonly string[]): ClientCommand {
    return { args: [this.executableName, String(NAME), ...parameters], env: {} };
  }
}
