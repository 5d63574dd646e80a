/** docs/first-session.md, read as its reader would. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './temporary_site';

/** The files that it has the reader write, by name. */
export function writtenFiles(): Record<string, string> {
  const text = readFileSync(path.join(REPOSITORY, 'docs', 'first-session.md'), 'utf8');
  const files: Record<string, string> = {};
  for (const [, header = '', body = ''] of text.matchAll(
    /^```(?:ts|django)\n(?:\/\/|\{#) (\S+)(?: #\})?\n([\s\S]*?)^```/gm,
  )) {
    files[header] = body;
  }
  return files;
}
