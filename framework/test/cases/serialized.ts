/** What migrations put into tables, kept for tests that empty them. Django: `serialize_db_to_string` and back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connections } from '../../db/connections';

let wanted = false;
let folder: string | undefined;
/** Files of rows, by the database that they are of. */
const kept = new Map<string, string>();

const keyOf = (alias: string): string => `${alias} ${connections.get(alias).settingsDict.NAME}`;

/** Some case of this process will want the rows back: whichever comes first has to keep them. */
export function wantSerialized(): void {
  wanted = true;
}

/** Keeps the rows of these databases, if they are wanted and not kept yet. */
export async function keepRows(aliases: readonly string[]): Promise<void> {
  if (!wanted) return;
  const { callCommand } = require('../../core/management') as typeof import('../../core/management');
  for (const database of aliases) {
    if (kept.has(keyOf(database))) continue;
    folder ??= temporaryFolder();
    const output = path.join(folder, `${kept.size}.json`);
    await callCommand('dumpdata', { database, useBaseManager: true, output, verbosity: 0 });
    kept.set(keyOf(database), output);
  }
}

/** Puts the rows back that were kept. */
export async function restoreRows(aliases: readonly string[]): Promise<void> {
  const { callCommand } = require('../../core/management') as typeof import('../../core/management');
  for (const database of aliases) {
    const file = kept.get(keyOf(database));
    if (file !== undefined) await callCommand('loaddata', file, { database, verbosity: 0 });
  }
}

function temporaryFolder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'tsango-rows-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
