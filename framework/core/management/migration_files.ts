/** Migration files, as the commands write and name them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { getSiteRoot } from '../../utils/module_loading';

/** A path as people see it: from where they are, unless it is elsewhere. */
export function shownPath(file: string): string {
  const shown = path.relative(process.cwd(), file);
  return shown.startsWith('..') ? file : shown;
}

/** Writes a file, and the folder that it is in. */
export function writeMigrationFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const FORMATTERS = [
  ['biome', 'format', '--write', '--no-errors-on-unmatched'],
  ['prettier', '--write', '--ignore-unknown'],
] as const;

/**
 * Has the project's own formatter lay files out, the first that is installed. Where there is none, or it fails, they stay as
 * they were written. Django runs black; https://docs.djangoproject.com/en/5.2/ref/django-admin/#black-formatting
 */
export function formatFiles(files: readonly string[], stderr: { write(text: string): unknown }): void {
  if (files.length === 0) return;
  for (const [name, ...args] of FORMATTERS) {
    const program = path.join(getSiteRoot(), 'node_modules', '.bin', name);
    if (!existsSync(program)) continue;
    try {
      execFileSync(program, [...args, ...files], { cwd: getSiteRoot(), stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      const { stderr: said } = error as { stderr?: Buffer };
      stderr.write(`${name} failed; the files stay as they were written: ${String(said ?? error).trim()}`);
    }
    return;
  }
}
