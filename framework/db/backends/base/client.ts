/** The database's own client. Django: `django.db.backends.base.client`. */
import { spawn } from 'node:child_process';
import type { DatabaseSettings } from '../../../conf';
import type { DatabaseWrapper } from './base';

/** A command line, and what its environment has besides. */
export interface ClientCommand {
  readonly args: readonly [program: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** The client could not be started, or did not succeed. */
export class ClientFailure extends Error {
  override readonly name = 'ClientFailure';
  constructor(
    readonly command: readonly string[],
    /** null: it was ended by a signal; undefined: there is no such program. */
    readonly status: number | null | undefined,
    options?: ErrorOptions,
  ) {
    super(`${command.join(' ')} ended with ${status}`, options);
  }
}

/** Starts the client of a database. */
export abstract class DatabaseClient {
  /** The program: `psql`. */
  abstract readonly executableName: string;

  constructor(protected readonly connection: DatabaseWrapper) {}

  /** What is run for these settings. A password goes by the environment: a command line is everybody's to read. */
  abstract settingsToCommand(settings: DatabaseSettings, parameters: readonly string[]): ClientCommand;

  /** Runs the client on the terminal of this process, and waits until it ends. @throws ClientFailure. */
  async runshell(parameters: readonly string[]): Promise<void> {
    const { args, env } = this.settingsToCommand(this.connection.settingsDict, parameters);
    const [program, ...rest] = args;
    // An interrupt ends a statement of the client, and not this process.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    try {
      const status = await new Promise<number | null | undefined>((resolve, reject) => {
        const child = spawn(program, rest, { stdio: 'inherit', env: { ...process.env, ...env } });
        child.on('error', (error: NodeJS.ErrnoException) =>
          error.code === 'ENOENT' ? resolve(undefined) : reject(error),
        );
        child.on('close', (code) => resolve(code));
      });
      if (status !== 0) throw new ClientFailure(args, status);
    } finally {
      process.off('SIGINT', ignore);
    }
  }
}

/** An option that is a text; others of its name are the driver's. */
export function textOption(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
