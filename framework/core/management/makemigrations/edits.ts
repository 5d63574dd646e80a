/** Names of migrations, changed in the files that say them. The rest of a file is somebody's, and stays. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { migrationFile } from '../../../db/migrations/disk';
import type { MigrationLoader } from '../../../db/migrations/loader';
import type { Migration } from '../../../db/migrations/migration';
import { CommandError } from '../errors';
import { shownPath } from '../migration_files';

/** A migration, as files name it: `['shop', '0002_price']`. */
type Pair = readonly string[];

const same = ([app, name]: Pair, [otherApp, otherName]: Pair): boolean =>
  app === otherApp && name === otherName;

/** A pair where a file has it, whatever its quotes and spaces. */
function literal([app = '', name = '']: Pair): RegExp {
  const text = (value: string): string => `(['"\`])${value.replace(/[^\w]/g, '\\$&')}`;
  return new RegExp(`(\\[\\s*)${text(app)}\\2(\\s*,\\s*)${text(name)}\\4(?=\\s*,?\\s*\\])`, 'g');
}

/** Changes that are made together, when all are known to be possible. */
export class Edits {
  /** The new names. */
  readonly renames = new Map<Migration, string>();
  private readonly redirects = new Map<Migration, readonly [Pair, Pair][]>();

  constructor(private readonly loader: MigrationLoader) {}

  rename(migration: Migration, name: string): void {
    this.renames.set(migration, name);
  }

  /** Has a migration depend on another one of its app than before. */
  redirect(migration: Migration, from: string, to: string): void {
    const { appLabel } = migration;
    const known = this.redirects.get(migration) ?? [];
    this.redirects.set(migration, [
      ...known,
      [
        [appLabel, from],
        [appLabel, to],
      ],
    ]);
  }

  /**
   * Writes the files.
   *
   * @returns those that have another name or text now.
   * @throws CommandError where a file is in the way, or does not say a name in so many words; nothing has been written then.
   */
  write(): string[] {
    const changes = [...this.loader.diskMigrations.values()].flatMap((migration) => {
      const from = migrationFile(migration);
      const text = this.changed(migration, from);
      const name = this.renames.get(migration);
      const to = name === undefined ? from : path.join(path.dirname(from), name + path.extname(from));
      return text === undefined && to === from ? [] : [{ from, to, text }];
    });
    const leaving = new Set(changes.map(({ from }) => from));
    const blocked = changes.find(({ from, to }) => to !== from && existsSync(to) && !leaving.has(to));
    if (blocked) throw new CommandError(`Cannot rename to ${shownPath(blocked.to)}: there is such a file.`);
    for (const { from, text } of changes) if (text !== undefined) writeFileSync(from, text);
    // The highest number first: none is in the way of the one before it.
    for (const { from, to } of [...changes].reverse()) if (to !== from) renameSync(from, to);
    return changes.map(({ to }) => to);
  }

  /** A file's text with the other names; undefined where it says none of them. */
  private changed(migration: Migration, file: string): string | undefined {
    const said = [...migration.dependencies, ...migration.runBefore, ...migration.replaces];
    const renamed = [...this.renames].map(([{ appLabel, name }, to]): [Pair, Pair] => [
      [appLabel, name],
      [appLabel, to],
    ]);
    const wanted = [...(this.redirects.get(migration) ?? []), ...renamed].filter(([pair]) =>
      said.some((each) => same(each, pair)),
    );
    if (wanted.length === 0) return undefined;
    let text = readFileSync(file, 'utf8');
    for (const [pair, [, name = '']] of wanted) {
      const pattern = literal(pair);
      if (!pattern.test(text)) {
        throw new CommandError(
          `${shownPath(file)} depends on ['${pair.join("', '")}'] without saying so in these words. Write the pair ` +
            'there, or rename the migrations by hand.',
        );
      }
      text = text.replace(pattern, (_, open: string, quote: string, comma: string, other: string) => {
        return `${open}${quote}${pair[0]}${quote}${comma}${other}${name}${other}`;
      });
    }
    return text;
  }
}
