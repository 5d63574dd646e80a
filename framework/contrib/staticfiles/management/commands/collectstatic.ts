import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { apps } from '../../../../apps/registry';
import { BaseCommand, type Options } from '../../../../core/management/base';
import { CommandError } from '../../../../core/management/errors';
import type { CommandParser } from '../../../../core/management/parser';
import type { StaticFilesConfig } from '../../apps';
import { type FoundFile, getFinders } from '../../finders';
import { type PostProcessed, type StaticFilesStorage, staticfilesStorage } from '../../storage';
import { checkSettings } from '../../utils';

interface Arguments {
  interactive: boolean;
  postProcess: boolean;
  ignorePatterns: string[];
  dryRun: boolean;
  clear: boolean;
  link: boolean;
  useDefaultIgnorePatterns: boolean;
}

interface PostProcessing extends StaticFilesStorage {
  postProcess?(names: readonly string[]): AsyncIterable<PostProcessed>;
}

/**
 * Copies the static files of the site and of its apps into STATIC_ROOT.
 *
 * Django: https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#collectstatic
 */
export class Command extends BaseCommand<Arguments> {
  override help = 'Collect static files in a single location.';
  override requiresSystemChecks = ['staticfiles'];

  private copied: string[] = [];
  private unmodified: string[] = [];
  private postProcessed: string[] = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--noinput', '--no-input', {
      dest: 'interactive',
      action: 'storeFalse',
      help: 'Do NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--no-post-process', {
      dest: 'postProcess',
      action: 'storeFalse',
      help: 'Do NOT post process collected files.',
    });
    parser.addArgument('-i', '--ignore', {
      dest: 'ignorePatterns',
      action: 'append',
      default: [],
      metavar: 'PATTERN',
      help: 'Ignore files or directories matching this glob-style pattern. Use multiple times to ignore more.',
    });
    parser.addArgument('-n', '--dry-run', {
      action: 'storeTrue',
      help: 'Do everything except modify the filesystem.',
    });
    parser.addArgument('-c', '--clear', {
      action: 'storeTrue',
      help: 'Clear the existing files using the storage before trying to copy or link the original file.',
    });
    parser.addArgument('-l', '--link', {
      action: 'storeTrue',
      help: 'Create a symbolic link to each file instead of copying.',
    });
    parser.addArgument('--no-default-ignore', {
      dest: 'useDefaultIgnorePatterns',
      action: 'storeFalse',
      help: "Don't ignore the common private glob-style patterns (defaults to 'CVS', '.*' and '*~').",
    });
  }

  override async handle(options: Options<Arguments>): Promise<string> {
    checkSettings();
    const storage: PostProcessing = staticfilesStorage();
    const root = storage.location;
    if (options.interactive && process.stdin.isTTY) await this.confirm(root, options);
    if (options.clear) this.clear(root, options);
    const found = this.collect(storage, options);
    if (options.postProcess && !options.dryRun && storage.postProcess) {
      for await (const result of storage.postProcess([...found.keys()])) this.report(result, options);
    }
    return this.summary(root, options);
  }

  private async confirm(root: string, { clear, dryRun }: Options<Arguments>): Promise<void> {
    if (dryRun) return;
    const warning = clear
      ? 'This will DELETE ALL FILES in this location!'
      : 'This will overwrite existing files!';
    const question = `\nYou have requested to collect static files at the destination\nlocation as specified in your settings:\n\n    ${root}\n\n${warning}\nAre you sure you want to do this?\n\nType 'yes' to continue, or 'no' to cancel: `;
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    try {
      if ((await reader.question(question)) !== 'yes')
        throw new CommandError('Collecting static files cancelled.');
    } finally {
      reader.close();
    }
  }

  private clear(root: string, { dryRun, verbosity }: Options<Arguments>): void {
    const storage = staticfilesStorage();
    if (!storage.exists('')) return;
    const { directories, files } = storage.listdir('');
    for (const name of [...directories, ...files]) {
      if (verbosity >= 1) this.stdout.write(`${dryRun ? 'Pretending to delete' : 'Deleting'} '${name}'`);
      if (!dryRun) rmSync(path.join(root, name), { recursive: true, force: true });
    }
  }

  /** Copies each file once: the first finder that has a name wins. */
  private collect(storage: StaticFilesStorage, options: Options<Arguments>): Map<string, FoundFile> {
    const config = apps.getAppConfigs().find(({ name }) => name === 'tsango.contrib.staticfiles');
    const defaults = options.useDefaultIgnorePatterns
      ? ((config as StaticFilesConfig | undefined)?.ignorePatterns ?? [])
      : [];
    const found = new Map<string, FoundFile>();
    for (const finder of getFinders()) {
      for (const file of finder.list([...options.ignorePatterns, ...defaults])) {
        if (found.has(file.name)) {
          if (options.verbosity >= 1) {
            this.stdout.write(
              `Found another file with the destination path '${file.name}'. It will be ignored since only the first encountered file is collected. If this is not what you want, make sure every static file has a unique path.`,
            );
          }
          continue;
        }
        found.set(file.name, file);
        this.place(storage, file, options);
      }
    }
    return found;
  }

  private place(storage: StaticFilesStorage, file: FoundFile, options: Options<Arguments>): void {
    const target = storage.path(file.name);
    if (!options.clear && isCurrent(target, file.path, options.link)) {
      if (options.verbosity >= 2) this.stdout.write(`Skipping '${file.name}' (not modified)`);
      this.unmodified.push(file.name);
      return;
    }
    const verb = options.link ? 'link' : 'copy';
    if (options.verbosity >= (options.dryRun ? 1 : 2)) {
      this.stdout.write(
        `${options.dryRun ? `Pretending to ${verb}` : `${verb === 'copy' ? 'Copying' : 'Linking'}`} '${file.path}'`,
      );
    }
    this.copied.push(file.name);
    if (options.dryRun) return;
    mkdirSync(path.dirname(target), { recursive: true });
    rmSync(target, { force: true });
    if (options.link) {
      symlinkSync(file.path, target);
      return;
    }
    copyFileSync(file.path, target);
    const { atime, mtime } = statSync(file.path);
    utimesSync(target, atime, mtime);
  }

  private report({ name, hashedName, processed }: PostProcessed, { verbosity }: Options<Arguments>): void {
    if (processed instanceof Error) {
      this.stderr.write(`Post-processing '${name}' failed!`);
      throw new CommandError(processed.message, { cause: processed });
    }
    if (!processed) {
      if (verbosity >= 2) this.stdout.write(`Skipped post-processing '${name}'`);
      return;
    }
    if (verbosity >= 2) this.stdout.write(`Post-processed '${name}' as '${hashedName}'`);
    this.postProcessed.push(name);
  }

  private summary(root: string, { verbosity, link }: Options<Arguments>): string {
    if (verbosity < 1) return '';
    const count = this.copied.length;
    const unmodified = this.unmodified.length > 0 ? `, ${this.unmodified.length} unmodified` : '';
    const processed = this.postProcessed.length > 0 ? `, ${this.postProcessed.length} post-processed` : '';
    const verb = link ? 'symlinked' : 'copied';
    return `\n${count} static file${count === 1 ? '' : 's'} ${verb} to '${root}'${unmodified}${processed}.`;
  }
}

/** Whether the target has the source's content already: as new, or linked where links are asked for. */
function isCurrent(target: string, source: string, link: boolean): boolean {
  const existing = lstatSync(target, { throwIfNoEntry: false });
  if (!existing || existing.isSymbolicLink() !== link) return false;
  const { mtimeMs, size } = statSync(source);
  if (link) return readFileSync(target).equals(readFileSync(source));
  return Math.floor(existing.mtimeMs / 1000) >= Math.floor(mtimeMs / 1000) && existing.size === size;
}
