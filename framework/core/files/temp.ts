/** Temporary files. Django: `django.core.files.temp`. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An open temporary file. */
export interface TemporaryFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Closes and deletes it. */
  remove(): Promise<void>;
}

/** A new file that nobody else can read; its name cannot be guessed. */
export async function createTemporaryFile(
  options: { suffix?: string; folder?: string | null } = {},
): Promise<TemporaryFile> {
  const { suffix = '', folder } = options;
  const file = path.join(folder ?? tmpdir(), `tmp${randomBytes(12).toString('hex')}${suffix}`);
  const handle = await open(file, 'wx', 0o600);
  return {
    path: file,
    handle,
    remove: async () => {
      await handle.close().catch(() => undefined);
      await unlink(file).catch(() => undefined);
    },
  };
}
