/** Django: `django.core.management.commands.shell`; https://docs.djangoproject.com/en/5.2/ref/django-admin/#shell */
import { homedir } from 'node:os';
import path from 'node:path';
import { apps } from '../../../apps/registry';
import { settings } from '../../../conf';
import { BaseCommand, type Options } from '../base';
import type { CommandParser } from '../parser';

interface Arguments {
  command: string | undefined;
  noImports: boolean;
  /** What code is read from; the process's standard input unless a test has another one. */
  stdin?: AsyncIterable<string | Uint8Array> & { isTTY?: boolean };
}

/** What code finds without importing it, by its name. */
export type Namespace = Record<string, unknown>;

/** A prompt has classes of its own; those by which fields tell values apart are the site's. */
const SHARED = { ArrayBuffer, DataView, Date, Map, Set, Uint8Array };

/** Runs JavaScript with the site loaded: a prompt, a command, or what the standard input has. */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Runs a JavaScript prompt with the site loaded: settings, apps and every model by its name. Any standard input is ' +
    'executed as code.';
  override requiresSystemChecks = [];
  override stealthOptions = ['stdin'];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--no-imports', {
      action: 'storeTrue',
      help: 'Disable automatic imports of models.',
    });
    parser.addArgument('-c', '--command', {
      help: 'Instead of opening a prompt, run code and exit. await is allowed.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { command, stdin = process.stdin } = options;
    if (command !== undefined) {
      await this.run(command, options);
      return;
    }
    if (stdin.isTTY !== true) {
      let code = '';
      const decoder = new TextDecoder();
      for await (const chunk of stdin)
        code += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      await this.run(code, options);
      return;
    }
    await this.prompt(options);
  }

  /** Runs code; `await` is allowed everywhere in it. */
  private async run(code: string, options: Options<Arguments>): Promise<void> {
    const names = this.getNamespace({ ...options, verbosity: 0 });
    const AsyncFunction = (async () => undefined).constructor as new (
      ...parts: string[]
    ) => (...values: unknown[]) => Promise<unknown>;
    const run = new AsyncFunction('require', ...Object.keys(names), code);
    await run(siteRequire(), ...Object.values(names));
  }

  private async prompt(options: Options<Arguments>): Promise<void> {
    const { start } = require('node:repl') as typeof import('node:repl');
    this.stdout.write(`tsango ${this.getVersion()} on Node ${process.version}. await is allowed.`);
    const names = this.getNamespace(options);
    const prompt = start({ prompt: '> ' });
    Object.assign(prompt.context, SHARED, names, { require: siteRequire() });
    const { TSANGO_SHELL_HISTORY: history = path.join(homedir(), '.tsango_shell_history') } = process.env;
    // Without a history where the folder cannot be written to: it is no reason to fail.
    if (history !== '') await new Promise<void>((resolve) => prompt.setupHistory(history, () => resolve()));
    await new Promise((resolve) => prompt.once('exit', resolve));
  }

  /**
   * What code finds by its name: models of earlier apps go before those of later ones. A command of the site's own that
   * extends this one adds to it.
   */
  getAutoImports(): Namespace {
    const db = require('../../../db') as typeof import('../../../db');
    const { installedModels } =
      require('../../../db/models/registry') as typeof import('../../../db/models/registry');
    const names: Namespace = {
      settings,
      apps,
      connections: db.connections,
      models: require('../../../db/models') as object,
      timezone: require('../../../utils/timezone') as object,
    };
    for (const model of installedModels.getModels()) names[model.name] ??= model;
    return names;
  }

  private getNamespace({ noImports, verbosity }: Options<Arguments>): Namespace {
    if (noImports) return {};
    const names = this.getAutoImports();
    const amount = Object.keys(names).length;
    const objects = amount === 1 ? 'object' : 'objects';
    if (verbosity === 1) {
      this.stdout.write(
        `${amount} ${objects} imported automatically (use -v 2 for details).\n\n`,
        this.style.SUCCESS,
      );
    } else if (verbosity > 1) {
      this.stdout.write(
        `${amount} ${objects} imported automatically:\n\n  ${Object.keys(names).join(', ')}\n\n`,
        this.style.SUCCESS,
      );
    }
    return names;
  }
}

/** `require` as a module in the site's folder has it. */
function siteRequire(): NodeJS.Require {
  const { createRequire } = require('node:module') as typeof import('node:module');
  const { getSiteRoot } =
    require('../../../utils/module_loading') as typeof import('../../../utils/module_loading');
  return createRequire(path.join(getSiteRoot(), 'manage.js'));
}
