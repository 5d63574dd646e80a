/** Writes messages to files instead of sending them. Django: `django.core.mail.backends.filebased`. */
import { accessSync, appendFileSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { settings } from '../../../conf';
import { ImproperlyConfigured } from '../../exceptions';
import type { EmailMessage } from '../message';
import type { EmailBackendOptions } from './base';
import { EmailBackend as ConsoleEmailBackend } from './console';

let made = 0;

/** `20270131-235959-<number>.log`: one file a connection. */
function fileName(): string {
  const at = new Date();
  const part = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}${part(at.getMonth() + 1)}${part(at.getDate())}`;
  const time = `${part(at.getHours())}${part(at.getMinutes())}${part(at.getSeconds())}`;
  return `${day}-${time}-${process.pid}${String(++made).padStart(6, '0')}.log`;
}

/** Writes messages into files of the folder EMAIL_FILE_PATH, or of the option `filePath`. */
export class EmailBackend extends ConsoleEmailBackend {
  readonly filePath: string;
  private file: string | undefined;

  /** @throws ImproperlyConfigured for a folder that cannot be written to. */
  constructor({ filePath, ...options }: EmailBackendOptions & { filePath?: string | undefined } = {}) {
    super({ ...options, stream: undefined });
    const folder = filePath ?? settings.EMAIL_FILE_PATH;
    if (!folder) throw new ImproperlyConfigured('The file backend of mail needs EMAIL_FILE_PATH, a folder.');
    this.filePath = path.resolve(folder);
    this.makeFolder();
  }

  private makeFolder(): void {
    const { filePath } = this;
    try {
      mkdirSync(filePath, { recursive: true });
    } catch (error) {
      throw new ImproperlyConfigured(
        (error as NodeJS.ErrnoException).code === 'EEXIST'
          ? `Path for saving email messages exists, but is not a directory: ${filePath}`
          : `Could not create directory for saving email messages: ${filePath} (${(error as Error).message})`,
        { cause: error },
      );
    }
    try {
      accessSync(filePath, constants.W_OK);
      statSync(filePath);
    } catch (error) {
      throw new ImproperlyConfigured(`Could not write to directory: ${filePath}`, { cause: error });
    }
  }

  protected override writeMessage(message: EmailMessage): void {
    this.file ??= path.join(this.filePath, fileName());
    const bytes = [message.message().asBytes(), Buffer.from(`\n${'-'.repeat(79)}\n`)];
    // Mail has secrets, as links for new passwords: others of the machine do not read it.
    appendFileSync(this.file, Buffer.concat(bytes), { mode: 0o600 });
  }
}
