import { inspect } from 'node:util';
import { settings } from '../../../conf';
import { globalSettings } from '../../../conf/global_settings';
import { importModule } from '../../../utils/module_loading';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  all: boolean;
  default: string | undefined;
  output: 'hash' | 'unified';
}

type Values = Readonly<Record<string, unknown>>;

/** A value on one line, the same for equal values. */
function show(value: unknown): string {
  return inspect(value, { depth: null, breakLength: Number.POSITIVE_INFINITY, sorted: true });
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#diffsettings */
export class Command extends BaseCommand<Arguments> {
  override help = "Displays differences between the current settings and tsango's default settings.";
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--all', {
      action: 'storeTrue',
      help: 'Display all settings, regardless of their value. In "hash" mode, default values are prefixed by "###".',
    });
    parser.addArgument('--default', {
      metavar: 'MODULE',
      help: 'The settings module to compare the current settings against. Leave empty to compare against the defaults.',
    });
    parser.addArgument('--output', {
      default: 'hash',
      choices: ['hash', 'unified'],
      help:
        "Selects the output format. 'hash' mode displays each changed setting, with the settings that don't appear " +
        "in the defaults followed by ###. 'unified' mode prefixes the default setting with a minus sign, followed " +
        'by the changed setting prefixed with a plus sign.',
    });
  }

  override handle(options: Options<Arguments>): string {
    const standard = options.default ? this.load(options.default) : (globalSettings() as unknown as Values);
    void settings.DEBUG; // Loads them.
    const current = settings as unknown as Values;
    return Object.keys(current)
      .sort()
      .flatMap((name) => this.compare(name, current, standard, options))
      .join('\n');
  }

  private load(dotted: string): Values {
    const values = importModule(dotted)['default'];
    if (values === null || typeof values !== 'object') {
      throw new CommandError(`The settings module '${dotted}' has no default export.`);
    }
    return { ...globalSettings(), ...values };
  }

  private compare(name: string, current: Values, standard: Values, options: Options<Arguments>): string[] {
    const hash = options.output === 'hash';
    const value = show(current[name]);
    if (!Object.hasOwn(standard, name)) {
      return [hash ? `${name} = ${value}  ###` : this.style.SUCCESS(`+ ${name} = ${value}`)];
    }
    const old = show(standard[name]);
    if (value !== old) {
      if (hash) return [`${name} = ${value}`];
      return [this.style.ERROR(`- ${name} = ${old}`), this.style.SUCCESS(`+ ${name} = ${value}`)];
    }
    if (!options.all) return [];
    return [hash ? `### ${name} = ${value}` : `  ${name} = ${value}`];
  }
}
