import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { getVersion } from '../../../index';
import { getRandomString } from '../../../utils/crypto';
import type { Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';
import { PROJECT_DATABASES, projectDatabase } from '../project_databases';
import { specifierFor } from '../specifier';
import { TemplateCommand } from '../templates';

interface Arguments {
  name: string;
  directory?: string;
  install: boolean;
  database?: string;
}

interface PackageFile {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
  type?: string;
}

/** The folder of this package's package.json, above `dist` as above its sources. */
const PACKAGE = path.resolve(__dirname, '..', '..', '..', '..');

/** What a generated secret key is made of. Django: `get_random_secret_key`. */
const KEY_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)';

/** Creates a project. Django: https://docs.djangoproject.com/en/5.2/ref/django-admin/#startproject */
export class Command extends TemplateCommand<Arguments> {
  override help =
    'Creates a project directory structure for the given project name in the current directory or optionally in the given directory.';
  override missingArgsMessage = 'You must provide a project name.';

  override addArguments(parser: CommandParser): void {
    super.addArguments(parser);
    parser.addArgument('--no-install', {
      dest: 'install',
      action: 'storeFalse',
      help: "Don't run `npm install` for the packages that the project needs.",
    });
    parser.addArgument('--database', {
      choices: PROJECT_DATABASES,
      default: 'sqlite3',
      help: 'The database that the settings name: sqlite3 (default), postgresql or mysql.',
    });
  }

  override handle({ name, directory, install, verbosity, database = 'sqlite3' }: Options<Arguments>): void {
    this.validateName(name, 'project');
    const target = this.targetFolder(name, directory);
    const packageFile = path.join(target, 'package.json');
    const extending = existsSync(packageFile);
    if (extending && readPackage(packageFile).type === 'module') {
      throw new CommandError(
        `${packageFile} says "type": "module", and a project is CommonJS: the modules that its settings name are ` +
          'loaded when they are needed. Remove that line, or choose another folder.',
      );
    }
    const own = projectDatabase(database, !isBuiltin('node:sqlite'));
    const compiled = own.packages.allowScripts !== undefined;
    const values = {
      project_name: name,
      database: own.settings.map((line) => `      ${line.replace('{{ project_name }}', name)}`).join('\n'),
      secret_key: `django-insecure-${getRandomString(50, KEY_ALPHABET)}`,
      tsango_specifier: specifierFor(PACKAGE, target, getVersion()),
    };
    const written = this.writeTemplate('project_template', target, values, ['package.json', '.gitignore']);
    if (extending) extendPackage(packageFile, templatePackage(values));
    extendPackage(packageFile, own.packages);
    if (verbosity >= 2) for (const file of written) this.stdout.write(`Creating ${file}`);
    if (install && !isInstalled(packageFile)) this.npmInstall(target, compiled, verbosity);
    if (verbosity >= 1) {
      const enter = directory === undefined ? `cd ${name} && ` : '';
      const first = install ? '' : 'npm install && ';
      this.stdout.write(
        `Created the project '${name}'. Next: ${enter}${first}npx ts-node manage.ts migrate && npx ts-node manage.ts runserver`,
      );
    }
  }

  private npmInstall(target: string, compiled: boolean, verbosity: number): void {
    if (verbosity >= 1) {
      const slow = compiled ? ' It takes a minute where SQLite has to be compiled.' : '';
      this.stdout.write(`Installing what the project needs: npm install.${slow}`);
    }
    const { status, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: target,
      stdio: verbosity >= 2 ? 'inherit' : ['ignore', 'ignore', 'inherit'],
    });
    if (error || status !== 0) {
      throw new CommandError(`'npm install' failed in ${target}; run it there to see why.`);
    }
  }
}

function readPackage(file: string): PackageFile {
  return JSON.parse(readFileSync(file, 'utf8')) as PackageFile;
}

/** What a project's package.json says. */
function templatePackage(values: Readonly<Record<string, string>>): PackageFile {
  const template = path.join(__dirname, '..', '..', '..', 'conf', 'project_template', 'package.json-tpl');
  const text = readFileSync(template, 'utf8').replace(
    /\{\{ (\w+) \}\}/g,
    (_, name: string) => values[name] ?? '',
  );
  return JSON.parse(text) as PackageFile;
}

/** A package.json keeps everything that it says; what the project needs is added. */
function extendPackage(file: string, needed: PackageFile): void {
  const existing = readPackage(file);
  const test = needed.scripts?.['test'];
  const isDefaultTest = existing.scripts?.['test']?.includes('no test specified') === true;
  const merged = {
    ...existing,
    scripts: { ...needed.scripts, ...existing.scripts, ...(test && isDefaultTest ? { test } : {}) },
    dependencies: { ...needed.dependencies, ...existing.dependencies },
    devDependencies: { ...needed.devDependencies, ...existing.devDependencies },
    allowScripts: { ...needed.allowScripts, ...existing.allowScripts },
  };
  writeFileSync(file, `${JSON.stringify(merged, null, 2)}\n`);
}

/** Whether every package that the file names is there: one installation can serve several projects. */
function isInstalled(packageFile: string): boolean {
  const { dependencies, devDependencies } = readPackage(packageFile);
  const { resolve } = createRequire(packageFile);
  try {
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
