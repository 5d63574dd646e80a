import { ENVIRONMENT_VARIABLE, settings } from '../../../conf';
import { fileChanged, isReloaderChild, startReporting } from '../../../utils/autoreload';
import { getLogger } from '../../../utils/log';
import { loadedModule } from '../../../utils/module_loading';
import { type Address, parseAddrport } from '../../servers/address';
import type { Listener, RunningServer } from '../../servers/basehttp';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

type TemplateUtils = typeof import('../../../template/utils');

interface Arguments {
  addrport: string | undefined;
  useIpv6: boolean;
  useThreading: boolean;
  useReloader: boolean;
  skipChecks: boolean;
  /** Printed when the server was stopped. */
  shutdownMessage?: string;
}

const WARNING = 'WARNING: This is a development server. Do not use it in a production setting.';

/** What the system's errors mean to a person. */
const ERRORS = new Map([
  ['EACCES', "You don't have permission to access that port."],
  ['EADDRINUSE', 'That port is already in use.'],
  ['EADDRNOTAVAIL', "That IP address can't be assigned to."],
]);

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'].concat([
  'September',
  'October',
  'November',
  'December',
]);

/** `November 22, 2026 - 17:01:00`, by the clock of the machine. */
function timestamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${MONTHS[now.getMonth()]} ${two(now.getDate())}, ${now.getFullYear()} - ${time}`;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#runserver */
export class Command extends BaseCommand<Arguments> {
  override help = 'Starts a lightweight web server for development.';
  // The checks run each time that the server is reloaded, with their result shown.
  override requiresSystemChecks = [];
  override stealthOptions = ['shutdownMessage'];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('addrport', { nargs: '?', help: 'Optional port number, or ipaddr:port' });
    parser.addArgument('--ipv6', '-6', {
      action: 'storeTrue',
      dest: 'useIpv6',
      help: 'Tells tsango to use an IPv6 address.',
    });
    parser.addArgument('--nothreading', {
      action: 'storeFalse',
      dest: 'useThreading',
      help: 'Accepted for compatibility and ignored: one process serves every request.',
    });
    parser.addArgument('--noreload', {
      action: 'storeFalse',
      dest: 'useReloader',
      help: 'Tells tsango to NOT use the auto-reloader.',
    });
    parser.addArgument('--skip-checks', { action: 'storeTrue', help: 'Skip system checks.' });
  }

  /** What answers the requests. A command that extends this one may wrap it. */
  getHandler(_options: Options<Arguments>): Listener {
    const { createServerListener } = require('../../handlers/node') as typeof import('../../handlers/node');
    return createServerListener();
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    if (!settings.DEBUG && settings.ALLOWED_HOSTS.length === 0) {
      throw new CommandError('You must set settings.ALLOWED_HOSTS if DEBUG is False.');
    }
    const address = parseAddrport(options.addrport, options.useIpv6);
    this.colorLog(options);
    if (isReloaderChild()) {
      getLogger('tsango.utils.autoreload').info('Watching for file changes with WatchReloader');
      fileChanged.connect(resetTemplates);
      await startReporting(templateFolders());
    }
    if (!options.skipChecks) {
      this.stdout.write('Performing system checks...\n\n');
      await this.check({ displayNumErrors: true });
    }
    await this.checkMigrations();
    const stopped = stopSignal();
    let running: RunningServer;
    try {
      const { run } = require('../../servers/basehttp') as typeof import('../../servers/basehttp');
      running = await run(address.addr, address.port, this.getHandler(options), { ipv6: address.ipv6 });
    } catch (error) {
      const { code, message, syscall } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      const failure = new CommandError(ERRORS.get(code ?? '') ?? message, { cause: error });
      failure.name = 'Error';
      throw failure;
    }
    this.announce(address, running.port);
    await stopped;
    await running.close();
    if (options.shutdownMessage) this.stdout.write(options.shutdownMessage);
  }

  private colorLog({ noColor, forceColor }: Options<Arguments>): void {
    const { setServerColors } = require('../../../utils/log') as typeof import('../../../utils/log');
    if (noColor || forceColor) setServerColors(forceColor);
  }

  /** Says where the server is, once it is there. */
  private announce({ addr, rawIpv6 }: Address, port: number): void {
    const quit = process.platform === 'win32' ? 'CTRL-BREAK' : 'CONTROL-C';
    const module = process.env[ENVIRONMENT_VARIABLE];
    const { TSANGO_RUNSERVER_HIDE_WARNING, DJANGO_RUNSERVER_HIDE_WARNING } = process.env;
    const quiet = (TSANGO_RUNSERVER_HIDE_WARNING ?? DJANGO_RUNSERVER_HIDE_WARNING) === 'true';
    this.stdout.write(
      `${timestamp(new Date())}\n` +
        `tsango version ${this.getVersion()}, using settings ${module ? `'${module}'` : 'None'}\n` +
        `Starting development server at http://${rawIpv6 ? `[${addr}]` : addr}:${port}/\n` +
        `Quit the server with ${quit}.${quiet ? '' : `\n${this.style.WARNING(WARNING)}`}`,
    );
  }
}

/** The folders that the template engines load from. */
function templateFolders(): string[] {
  const { apps } = require('../../../apps/registry') as typeof import('../../../apps/registry');
  const path = require('node:path') as typeof import('node:path');
  return settings.TEMPLATES.flatMap(({ DIRS = [], APP_DIRS = false, BACKEND }) => {
    const folder = String(BACKEND).endsWith('Jinja2') ? 'jinja2' : 'templates';
    const own = APP_DIRS ? apps.getAppConfigs().map((config) => path.join(config.path, folder)) : [];
    return [...DIRS.map((dir) => path.resolve(dir)), ...own];
  });
}

/** Templates are compiled anew after a change to one; the server need not start again for that. */
function resetTemplates(): boolean {
  const { engines } = (loadedModule('tsango.template.utils') ?? {}) as Partial<TemplateUtils>;
  for (const engine of engines?.all() ?? []) engine.reset();
  return true;
}

/** Settles when the process is asked to end. Until then nothing that a request's code throws ends it. */
async function stopSignal(): Promise<void> {
  const logger = getLogger('tsango.server');
  process.on('uncaughtException', (error) => logger.error('Uncaught exception', { error }));
  process.on('unhandledRejection', (error) => logger.error('Unhandled promise rejection', { error }));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
