/** Django: `django.utils._os`. */
import path from 'node:path';
import { SuspiciousFileOperation } from '../core/exceptions';

/**
 * Joins paths onto a base and makes sure that the result lies within it (or is the base itself).
 *
 * @throws SuspiciousFileOperation if it does not, or if a part holds a null byte.
 */
export function safeJoin(base: string, ...paths: readonly string[]): string {
  if (paths.some((part) => part.includes('\0'))) {
    throw new SuspiciousFileOperation('A path must not hold a null byte.');
  }
  const basePath = path.resolve(base);
  const finalPath = path.resolve(basePath, ...paths);
  const inside = basePath.endsWith(path.sep) ? basePath : basePath + path.sep;
  if (finalPath !== basePath && !finalPath.startsWith(inside)) {
    throw new SuspiciousFileOperation(
      `The joined path (${finalPath}) is located outside of the base path component (${basePath})`,
    );
  }
  return finalPath;
}
