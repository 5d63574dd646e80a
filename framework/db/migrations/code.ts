/** The functions of migrations, where one migration takes operations over from others. */
import path from 'node:path';
import { RunCode } from './operations';
import type { Operation } from './operations/base';

/** Where the operations of a migration were written first: `app.migrations.name`. */
export type Origins = ReadonlyMap<Operation, string>;

/** Whether a file is a migration. */
export function isMigrationFile(file: string): boolean {
  return /^\d/.test(path.basename(file));
}

/** Whether a function has to be written as it stands: it is of a migration, and no module exports it. */
export function isInline(operation: Operation, value: unknown): value is (...args: never[]) => unknown {
  return operation instanceof RunCode && typeof value === 'function' && value !== RunCode.noop;
}

/** What stands above a migration that has taken functions over: where they are from, and what is to be done. */
export function portingComment(referred: ReadonlySet<string>, copied: ReadonlySet<string>): string {
  const list = (names: ReadonlySet<string>): string =>
    [...names]
      .sort()
      .map((name) => `// ${name}\n`)
      .join('');
  let comment = '';
  if (referred.size > 0) {
    comment +=
      '\n// Functions from the following migrations need manual copying.\n' +
      '// Move them and any dependencies into this file, then update the\n' +
      `// RunCode operations to refer to the local versions:\n${list(referred)}`;
  }
  if (copied.size > 0) {
    comment +=
      '\n// Functions of the following migrations are copied below as they run. Look\n' +
      `// whether they have what they refer to, and give them their types again:\n${list(copied)}`;
  }
  return comment;
}
