/**
 * The arguments of a command: declared as in Python's argparse, parsed by commander, which is loaded only when there
 * is something to parse.
 *
 * https://docs.djangoproject.com/en/5.2/howto/custom-management-commands/#accepting-optional-arguments
 */
import type { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { camelCase } from '../../utils/module_loading';
import { CommandError } from './errors';

/** How one argument is read. The names are argparse's. */
export interface ArgumentSpec {
  /** What an option does when it is given; default `'store'`, which takes a value. */
  action?: 'store' | 'storeTrue' | 'storeFalse' | 'storeConst' | 'append' | 'count';
  /** `'?'`: may be missing; `'*'`: any number, a list; `'+'`: one or more, a list. */
  nargs?: '?' | '*' | '+';
  /** The value while it is not given. */
  default?: unknown;
  /** What `storeConst` stores. */
  const?: unknown;
  /** Reads the value from its text: `'int'`, `'float'`, or a function that throws where it cannot. */
  type?: 'int' | 'float' | ((text: string) => unknown);
  /** The values that are allowed, after `type`. */
  choices?: readonly (string | number)[];
  /** The name in `options`; by default the longest flag's, in camelCase. */
  dest?: string;
  /** The name of the value in the help. */
  metavar?: string;
  required?: boolean;
  /** What the help says; without it the argument is listed by its name alone. */
  help?: string;
}

interface Declared extends ArgumentSpec {
  readonly flags: readonly string[];
  readonly dest: string;
  /** Common to all commands, and last in the help. */
  readonly common: boolean;
}

/** Parsing ended with something to say: help, the version, or what is wrong with the arguments. */
export class ParserExit extends Error {
  override readonly name = 'ParserExit';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a parser needs to know of its command. */
export interface ParserInfo {
  readonly prog: string;
  readonly description?: string;
  readonly version: string;
  /** Says what is missing when a command gets no arguments at all. */
  readonly missingArgsMessage?: string | undefined;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function convert(spec: ArgumentSpec, text: string): unknown {
  const { type } = spec;
  let value: unknown = text;
  if (type === 'int' || type === 'float') {
    value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value) || (type === 'int' && !Number.isInteger(value))) {
      throw new Error(`invalid ${type} value: '${text}'`);
    }
  } else if (type) {
    value = type(text);
  }
  if (spec.choices && !spec.choices.includes(value as string)) {
    const choices = spec.choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice));
    throw new Error(
      `invalid choice: ${typeof value === 'string' ? `'${value}'` : String(value)} (choose from ${choices.join(', ')})`,
    );
  }
  return value;
}

/** Collects a command's arguments and parses a command line by them. */
export class CommandParser {
  private readonly declared: Declared[] = [];
  private declaringCommon = false;

  constructor(readonly info: ParserInfo) {}

  /**
   * Declares an argument: `addArgument('appLabel', { nargs: '?' })` is positional,
   * `addArgument('--database', { default: 'default' })` an option.
   *
   * A positional is shown in the help in snake_case, as Django shows it, and found in `options` in camelCase.
   */
  addArgument(
    ...declaration: readonly [string, ...string[]] | readonly [string, ...string[], ArgumentSpec]
  ): void {
    const last = declaration[declaration.length - 1];
    const spec: ArgumentSpec = typeof last === 'object' ? last : {};
    const flags = (declaration as readonly unknown[]).filter(
      (part): part is string => typeof part === 'string',
    );
    const longest = flags.find((flag) => flag.startsWith('--')) ?? (flags[0] as string);
    const dest = spec.dest ?? camelCase(longest.replace(/^-+/, '').replaceAll('-', '_'));
    this.declared.push({ ...spec, flags, dest, common: this.declaringCommon });
  }

  /** Declares what every command takes; it comes last in the help. */
  addCommonArguments(declare: () => void): void {
    this.declaringCommon = true;
    declare();
    this.declaringCommon = false;
  }

  /** The names that `options` will have. */
  get destinations(): string[] {
    return [...new Set(this.declared.map((argument) => argument.dest))];
  }

  /** The destination that a name stands for: itself, or a flag in camelCase (`noInput` for `--no-input`). */
  destination(name: string): string | undefined {
    const found = this.declared.find(
      (argument) =>
        argument.dest === name ||
        argument.flags.some((flag) => camelCase(flag.replace(/^-+/, '').replaceAll('-', '_')) === name),
    );
    return found?.dest;
  }

  /** The value of every argument that is not given. */
  private defaults(): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const { dest, action, nargs, flags, ...spec } of this.declared) {
      if (dest in values && spec.default === undefined) continue;
      if (spec.default !== undefined) values[dest] = spec.default;
      else if (action === 'storeTrue') values[dest] = false;
      else if (action === 'storeFalse') values[dest] = true;
      else if (action === 'count') values[dest] = 0;
      else values[dest] = nargs === '*' && !isFlag(flags) ? [] : undefined;
    }
    return values;
  }

  /**
   * The options of a command line.
   *
   * @param given values that are known already, by destination: what they name is not missing.
   * @throws ParserExit for help, the version, and anything wrong with the arguments.
   */
  parse(args: readonly string[], given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { missingArgsMessage } = this.info;
    const required = this.declared.some((argument) => isRequired(argument) && !(argument.dest in given));
    if (args.length === 0 && !required) return { ...this.defaults(), ...given };
    if (
      missingArgsMessage &&
      required &&
      !args.some((arg) => arg === '-' || !arg.startsWith('-') || /^--?h/.test(arg))
    ) {
      if (!args.includes('--version')) throw this.failure(missingArgsMessage);
    }
    const { program, parsed, output } = this.build(given);
    try {
      program.parse([...args], { from: 'user' });
    } catch (error) {
      const { code, message } = error as CommanderError;
      if (code === 'commander.helpDisplayed' || code === 'commander.version') {
        throw new ParserExit(0, output.join(''));
      }
      if (error instanceof ParserExit || typeof code !== 'string' || !code.startsWith('commander.'))
        throw error;
      throw this.failure(message.replace(/^error: /, ''));
    }
    return { ...this.defaults(), ...parsed, ...program.opts(), ...given };
  }

  /** The help of the command. */
  help(): string {
    return this.build({}).program.helpInformation();
  }

  private failure(message: string): ParserExit {
    return new ParserExit(2, `${this.info.prog}: error: ${message}\n`);
  }

  private build(given: Readonly<Record<string, unknown>>): {
    program: Commander;
    parsed: Record<string, unknown>;
    output: string[];
  } {
    const { Command, Argument } = require('commander') as typeof import('commander');
    const output: string[] = [];
    const parsed: Record<string, unknown> = {};
    const program = new Command(this.info.prog)
      .exitOverride()
      .configureOutput({ writeOut: (text) => output.push(text), writeErr: () => undefined })
      .configureHelp({ styleTitle: (title) => title.toLowerCase(), showGlobalOptions: false })
      .helpOption('-h, --help', 'show this help message and exit')
      .allowExcessArguments(false);
    if (this.info.description) program.description(this.info.description);
    const positional = this.declared.filter((argument) => !isFlag(argument.flags));
    // One that may be left out in front of others that may not: it is the one that is missing where one is.
    const isSkipped = ({ nargs }: Declared, at: number): boolean =>
      nargs === '?' && positional.slice(at + 1).some(isRequired);
    const found = positional.findIndex(isSkipped);
    const skipped = found < 0 ? positional.length : found;
    if (skipped < positional.length) {
      const names = positional.map(({ flags, metavar, nargs }) => {
        const name = metavar ?? snakeCase(flags[0] as string);
        return nargs === '?' ? `[${name}]` : `<${name}>`;
      });
      program.usage(`[options] ${names.join(' ')}`);
    }
    for (const argument of positional) {
      const name = argument.metavar ?? snakeCase(argument.flags[0] as string);
      const many = argument.nargs === '*' || argument.nargs === '+';
      const optional =
        !isRequired(argument) || argument.dest in given || positional.indexOf(argument) > skipped;
      const text = many ? `${name}...` : name;
      const entry = new Argument(optional ? `[${text}]` : `<${text}>`, argument.help ?? '');
      entry.argParser((value: string, previous: unknown) => {
        const converted = this.read(argument, name, value);
        return many ? [...((previous as unknown[] | undefined) ?? []), converted] : converted;
      });
      program.addArgument(entry);
    }
    program.action((...all: unknown[]) => {
      const values = all.slice(0, positional.length);
      if (skipped < positional.length && values.at(-1) === undefined) {
        values.splice(skipped, 0, undefined);
        const missing = positional.find(
          (argument, index) =>
            values[index] === undefined && isRequired(argument) && !(argument.dest in given),
        );
        if (missing) {
          const name = missing.metavar ?? snakeCase(missing.flags[0] as string);
          throw this.failure(`missing required argument '${name}'`);
        }
      }
      positional.forEach((argument, index) => {
        if (values[index] !== undefined) parsed[argument.dest] = values[index];
      });
    });
    const options = this.declared.filter((argument) => isFlag(argument.flags));
    for (const argument of options.filter((option) => !option.common))
      this.addOption(program, argument, given);
    program.version(this.info.version, '--version', "show program's version number and exit");
    for (const argument of options.filter((option) => option.common))
      this.addOption(program, argument, given);
    return { program, parsed, output };
  }

  private addOption(program: Commander, argument: Declared, given: Readonly<Record<string, unknown>>): void {
    const { Option } = require('commander') as typeof import('commander');
    const { action = 'store', dest, nargs } = argument;
    const takesValue = action === 'store' || action === 'append';
    const metavar = argument.metavar ?? argument.choices?.join('|') ?? snakeCase(dest);
    const many = action === 'store' && (nargs === '*' || nargs === '+');
    const value = !takesValue ? '' : nargs === '?' ? ` [${metavar}]` : ` <${metavar}${many ? '...' : ''}>`;
    // A flag may be short and long; commander knows two, and further ones are the same option out of the help.
    const flags = [...argument.flags].sort((a, b) => a.length - b.length);
    for (let i = 0; i < flags.length; i += 2) {
      const option = new Option(flags.slice(i, i + 2).join(', ') + value, argument.help ?? '');
      if (i > 0) option.hideHelp();
      shape(option, argument, (text, previous) =>
        many || action === 'append'
          ? [...((previous as unknown[] | undefined) ?? []), this.read(argument, metavar, text)]
          : this.read(argument, flags.join('/'), text),
      );
      if (argument.required && !(dest in given)) option.makeOptionMandatory();
      program.addOption(option);
    }
  }

  private read(argument: Declared, name: string, text: string): unknown {
    try {
      return convert(argument, text);
    } catch (error) {
      throw this.failure(`argument ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Makes an option of commander store what argparse's action would, under the name that is asked for. */
function shape(
  option: CommanderOption,
  argument: Declared,
  read: (text: string, previous: unknown) => unknown,
): void {
  const { action = 'store', dest } = argument;
  option.negate = false; // '--no-color' is a flag of its own here, not the opposite of '--color'.
  option.attributeName = () => dest;
  if (action === 'storeFalse') option.preset(false);
  else if (action === 'storeConst') option.preset(argument.const);
  else if (action === 'count') {
    option.preset('').argParser((_, previous: number | undefined) => (previous ?? 0) + 1);
  } else if (action !== 'storeTrue') option.argParser(read);
}

function isFlag(flags: readonly string[]): boolean {
  return flags[0]?.startsWith('-') === true;
}

function isRequired({ flags, nargs, required }: Declared): boolean {
  return isFlag(flags) ? required === true : nargs !== '?' && nargs !== '*';
}

/** What a parser's exit is where no command line is involved. */
export function asCommandError(exit: ParserExit): CommandError {
  return new CommandError(`Error: ${exit.message.replace(/^.*?: error: /s, '').trimEnd()}`);
}
