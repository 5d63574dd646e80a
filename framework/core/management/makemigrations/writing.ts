/** What makemigrations was told, says and writes. */
import { rmSync } from 'node:fs';
import type { DetectedMigrations } from '../../../db/migrations/autodetector';
import type { Origins } from '../../../db/migrations/code';
import type { Migration } from '../../../db/migrations/migration';
import type { Operation } from '../../../db/migrations/operations';
import type { ProjectState } from '../../../db/migrations/state';
import type { Terminal } from '../../../utils/prompts';
import type { Style } from '../color';
import { formatFiles, shownPath, writeMigrationFile } from '../migration_files';
import { marksOf } from '../migration_hazards';
import type { OutputWrapper } from '../output';

/** The arguments of the command line. */
export interface Arguments {
  appLabel: string[];
  dryRun: boolean;
  merge: boolean;
  rebase: boolean;
  empty: boolean;
  interactive: boolean;
  name: string | undefined;
  checkChanges: boolean;
  includeHeader: boolean;
  scriptable: boolean;
  update: boolean;
}

/** A migration in the place of one on disk. */
export interface Replacing {
  /** The file that it replaces. */
  readonly path: string;
  readonly origins: Origins;
}

/** Where the parts of makemigrations write: to people, and to files. */
export class MigrationReport {
  constructor(
    readonly options: Arguments & { readonly verbosity: number },
    private readonly stdout: OutputWrapper,
    readonly stderr: OutputWrapper,
    readonly style: Style,
  ) {}

  /** Nothing is written. */
  get dryRun(): boolean {
    return this.options.dryRun || this.options.checkChanges;
  }

  /** Where questions are asked: on stderr where stdout is for paths alone. */
  get terminal(): Terminal {
    const output = this.options.scriptable ? this.stderr : this.stdout;
    return { input: process.stdin, output: { write: (text) => output.write(text, (plain) => plain, '') } };
  }

  /** A line for people: where only paths are to be printed, it goes to stderr. */
  log(text: string): void {
    (this.options.scriptable ? this.stderr : this.stdout).write(text, (plain) => plain);
  }

  /** The same unless whoever asked wants nothing. */
  say(text: string): void {
    if (this.options.verbosity >= 1) this.log(text);
  }

  /**
   * Writes migrations, or says what would be written.
   *
   * @param before the models as the migrations on disk have them.
   */
  write(
    changes: DetectedMigrations,
    before: ProjectState,
    replacing: ReadonlyMap<Migration, Replacing> = new Map(),
  ): void {
    const marks = marksOf([...changes.values()].flat(), before);
    const written = [...changes].flatMap(([app, migrations]) => {
      this.say(this.style.MIGRATE_HEADING(`Migrations for '${app}':`));
      return migrations.map((migration) => this.writeOne(migration, marks, replacing.get(migration)));
    });
    formatFiles(
      written.filter((file) => file !== undefined),
      this.stderr,
    );
  }

  private writeOne(
    migration: Migration,
    marks: ReadonlyMap<Operation, readonly string[]>,
    replaced: Replacing | undefined,
  ): string | undefined {
    const { MigrationWriter } =
      require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
    const { includeHeader, verbosity, scriptable } = this.options;
    const origins = replaced?.origins;
    const writer = new MigrationWriter(migration, { includeHeader, marks, ...(origins && { origins }) });
    const { path } = writer;
    this.say(`  ${this.style.MIGRATE_LABEL(shownPath(path))}`);
    for (const operation of migration.operations) this.say(`    ${operation.formattedDescription()}`);
    if (scriptable && verbosity >= 1) this.stdout.write(shownPath(path));
    if (this.dryRun) {
      if (verbosity === 3) this.showFile(`Full migrations file '${writer.filename}':`, writer.asString());
      return undefined;
    }
    writeMigrationFile(path, writer.asString());
    if (replaced) this.remove(replaced.path, path, writer.needsManualPorting);
    return path;
  }

  /** The text of a file that is not written. */
  showFile(heading: string, text: string): void {
    this.log(this.style.MIGRATE_HEADING(heading));
    this.log(text);
  }

  private remove(before: string, path: string, needsManualPorting: boolean): void {
    if (!needsManualPorting) {
      rmSync(before);
      this.log(`Deleted ${shownPath(before)}`);
      return;
    }
    this.log(
      this.style.WARNING(
        `Updated migration ${shownPath(path)} requires manual porting.\nPrevious migration ${shownPath(before)} was ` +
          'kept and must be deleted after porting functions manually.',
      ),
    );
  }

  /** A path alone, for programs. */
  print(path: string): void {
    if (this.options.scriptable) this.stdout.write(path);
  }
}
