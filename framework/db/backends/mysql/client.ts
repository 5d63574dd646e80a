/** `mysql`. Django: `django.db.backends.mysql.client`. */
import type { DatabaseSettings } from '../../../conf';
import { type ClientCommand, DatabaseClient, textOption } from '../base/client';

export class MysqlClient extends DatabaseClient {
  readonly executableName = 'mysql';

  settingsToCommand(settings: DatabaseSettings, parameters: readonly string[]): ClientCommand {
    const { OPTIONS = {} } = settings;
    const option = (...names: string[]): string | undefined =>
      names.map((name) => textOption(OPTIONS, name)).find((value) => value !== undefined);
    const text = (value: unknown): string | undefined =>
      value === undefined || value === null || value === '' ? undefined : String(value);
    const database = option('database', 'db') ?? text(settings.NAME);
    const user = option('user') ?? text(settings.USER);
    const password = option('password', 'passwd') ?? text(settings.PASSWORD);
    const host = option('host') ?? text(settings.HOST);
    const port = text(OPTIONS['port']) ?? text(settings.PORT);
    const ssl = (OPTIONS['ssl'] ?? {}) as Readonly<Record<string, unknown>>;
    const flag = (name: string, value: string | undefined): string[] =>
      value === undefined ? [] : [`--${name}=${value}`];
    return {
      args: [
        this.executableName,
        ...flag('defaults-file', option('read_default_file')),
        ...flag('user', user),
        ...flag(host?.includes('/') ? 'socket' : 'host', host),
        ...flag('port', port),
        ...flag('ssl-ca', file(ssl, 'ca')),
        ...flag('ssl-cert', file(ssl, 'cert')),
        ...flag('ssl-key', file(ssl, 'key')),
        ...flag('default-character-set', option('charset')),
        ...(database === undefined ? [] : [database]),
        ...parameters,
      ],
      env: password === undefined ? {} : { MYSQL_PWD: password },
    };
  }
}

/** A certificate by its file; the driver takes what is in one, too, which the client does not. */
function file(ssl: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = textOption(ssl, name);
  return value?.includes('-----BEGIN') ? undefined : value;
}
