/** Which commands there are. Django: `django.core.management`. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { apps } from '../../apps/registry';
import { importModule } from '../../utils/module_loading';
import type { BaseCommand } from './base';
import { CommandError } from './errors';

/** The app that the commands of the framework itself belong to. */
export const CORE = 'tsango.core';

/** The names of the commands in a `management` folder: its `commands/*.ts`, but not those that start with `_`. */
export function findCommands(managementDir: string): string[] {
  let files: string[];
  try {
    files = readdirSync(path.join(managementDir, 'commands'));
  } catch {
    return [];
  }
  const names = files
    .filter((file) => !file.endsWith('.d.ts') && !file.startsWith('_'))
    .map((file) => /^([\w-]+)\.[cm]?[jt]s$/.exec(file)?.[1])
    .filter((name): name is string => name !== undefined && name !== 'index');
  return [...new Set(names)].sort();
}

/**
 * Every command and the app that it is of. An app's command stands in for the framework's of the same name, and an
 * earlier app's for a later one's.
 */
export function getCommands(): Map<string, string> {
  const commands = new Map(findCommands(__dirname).map((name) => [name, CORE]));
  if (!apps.ready) return commands;
  for (const config of apps.getAppConfigs().reverse()) {
    for (const name of findCommands(path.join(config.path, 'management'))) commands.set(name, config.name);
  }
  return commands;
}

/**
 * A new command of that app and name.
 *
 * @throws CommandError if its module exports no `Command`; what the module itself throws passes through.
 */
export function loadCommandClass(appName: string, name: string): BaseCommand<object> {
  const moduleName = `${appName}.management.commands.${name}`;
  const { Command } = importModule(moduleName);
  if (typeof Command !== 'function') {
    throw new CommandError(
      `'${moduleName}' exports no Command: write 'export class Command extends BaseCommand { … }'.`,
    );
  }
  return new (Command as new () => BaseCommand<object>)();
}
