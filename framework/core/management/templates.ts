/** Writes a project or an app from its template. Django: `django.core.management.templates`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { moduleExists } from '../../utils/module_loading';
import { BaseCommand } from './base';
import { CommandError } from './errors';
import type { CommandParser } from './parser';

/** The folder of the templates. */
const TEMPLATES = path.join(__dirname, '..', '..', 'conf');

/** A file of a template that the target has already. */
export type Conflict = 'refuse' | 'keep';

/** What the templates are filled with. */
export type TemplateValues = Readonly<Record<string, string>>;

/** The base of `startproject` and `startapp`. */
export abstract class TemplateCommand<Arguments extends object> extends BaseCommand<Arguments> {
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('name', { help: 'Name of the application or project.' });
    parser.addArgument('directory', { nargs: '?', help: 'Optional destination directory' });
  }

  /**
   * @throws CommandError for a name that cannot be a module's, or is one's already.
   */
  protected validateName(name: string, what: 'app' | 'project'): void {
    const article = what === 'app' ? 'an' : 'a';
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new CommandError(
        `'${name}' is not a valid ${what} name. Please make sure the name is a valid identifier.`,
      );
    }
    if (name === 'tsango' || name === 'django' || name === 'tests' || moduleExists(name)) {
      throw new CommandError(
        `'${name}' conflicts with the name of an existing module and cannot be used as ${article} ${what} name. ` +
          'Please try another name.',
      );
    }
  }

  /**
   * Where to write: the folder that was named, or a new one of the given name.
   *
   * @throws CommandError if that is missing, or there already.
   */
  protected targetFolder(name: string, directory: string | undefined): string {
    if (directory === undefined) {
      const folder = path.resolve(name);
      if (existsSync(folder)) throw new CommandError(`'${folder}' already exists`);
      mkdirSync(folder);
      return folder;
    }
    const folder = path.resolve(directory);
    if (!existsSync(folder)) {
      throw new CommandError(`Destination directory '${folder}' does not exist, please create it first.`);
    }
    return folder;
  }

  /**
   * Writes every file of a template, `x.ts-tpl` as `x.ts`, with `{{ name }}` replaced in contents and `project_name`
   * in paths. Looks for conflicts before it writes anything.
   *
   * @param keep the files that stay as they are where the target has them.
   * @throws CommandError naming the first file that would be overwritten.
   */
  protected writeTemplate(
    template: string,
    target: string,
    values: TemplateValues,
    keep: readonly string[] = [],
  ): string[] {
    const root = path.join(TEMPLATES, template);
    const files = listFiles(root).map((file) => ({
      source: path.join(root, file),
      name: fill(outputName(file), values).replaceAll(
        'project_name',
        values['project_name'] ?? 'project_name',
      ),
    }));
    for (const { name } of files) {
      if (!keep.includes(name) && existsSync(path.join(target, name))) {
        throw new CommandError(
          `${path.join(target, name)} already exists. Overlaying a project or an app into an existing directory ` +
            "won't replace conflicting files.",
        );
      }
    }
    const written: string[] = [];
    for (const { source, name } of files) {
      const file = path.join(target, name);
      if (existsSync(file)) continue;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, fill(readFileSync(source, 'utf8'), values));
      written.push(name);
    }
    return written;
  }
}

function listFiles(root: string, below = ''): string[] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? listFiles(root, name) : [name];
  });
}

/** Replaces `{{ name }}`; a name that is not known stays as it is, for it belongs to the template language. */
function fill(text: string, values: TemplateValues): string {
  return text.replace(/\{\{ (\w+) \}\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A published package may hold no file `.gitignore`: npm would rename it. Other hidden files are treated alike. */
function outputName(file: string): string {
  return file.replace(/-tpl$/, '').replace(/^(?=gitignore$|vscode[\\/])/, '.');
}
