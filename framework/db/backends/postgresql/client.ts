/** `psql`. Django: `django.db.backends.postgresql.client`. */
import type { DatabaseSettings } from '../../../conf';
import { type ClientCommand, DatabaseClient, textOption } from '../base/client';

/** Variables of libpq by Django's options. */
const VARIABLES = {
  service: 'PGSERVICE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  passfile: 'PGPASSFILE',
} as const;

export class PostgresClient extends DatabaseClient {
  readonly executableName = 'psql';

  settingsToCommand(settings: DatabaseSettings, parameters: readonly string[]): ClientCommand {
    const { HOST, PORT, NAME, USER, PASSWORD, OPTIONS = {} } = settings;
    const service = textOption(OPTIONS, 'service');
    const name = NAME ? String(NAME) : service === undefined ? 'postgres' : undefined;
    const env: Record<string, string> = {};
    if (PASSWORD) env['PGPASSWORD'] = String(PASSWORD);
    for (const [option, variable] of Object.entries(VARIABLES)) {
      const value = textOption(OPTIONS, option);
      if (value !== undefined) env[variable] = value;
    }
    return {
      args: [
        this.executableName,
        ...(USER ? ['-U', USER] : []),
        ...(HOST ? ['-h', HOST] : []),
        ...(PORT ? ['-p', String(PORT)] : []),
        ...parameters,
        ...(name === undefined ? [] : [name]),
      ],
      env,
    };
  }
}
