/** Writing session files so that a reader sees all of one or all of the other, whatever happens. */
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { settings } from '../../../conf';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { getRandomString } from '../../../utils/crypto';

/** Readable by the server only. */
const MODE = 0o600;

/** Codes that mean the folder is configured wrongly, rather than a disk that is full. */
const NOT_WRITABLE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']);

async function writeTemporary(file: string, text: string): Promise<string> {
  // The name cannot be taken for that of a session: `_` is in no key.
  const temporary = `${file}_out_${getRandomString(8)}`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx', MODE);
    await handle.writeFile(text, 'latin1');
    await handle.sync();
    await handle.close();
    return temporary;
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw explained(error, file);
  }
}

function explained(error: unknown, file: string): unknown {
  if (!NOT_WRITABLE.has((error as { code?: unknown }).code)) return error;
  return new ImproperlyConfigured(
    `Sessions cannot be stored in '${path.dirname(file)}': ${(error as Error).message}. Set SESSION_FILE_PATH to a ` +
      `directory that this process can write to${settings.SESSION_FILE_PATH ? '' : ' (it is not set now)'}.`,
    { cause: error },
  );
}

/** Writes a file that must not be there yet; says whether it was not. */
export async function writeNew(file: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(file, text);
  try {
    // Unlike renaming, linking fails where the name is taken.
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw explained(error, file);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Puts a new content in a file's place. */
export async function writeOver(file: string, text: string): Promise<void> {
  const temporary = await writeTemporary(file, text);
  try {
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw explained(error, file);
  }
}
