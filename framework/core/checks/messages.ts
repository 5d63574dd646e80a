/** What a system check reports. Django: `django.core.checks.messages`. */
import { settings } from '../../conf';

export const DEBUG = 10;
export const INFO = 20;
export const WARNING = 30;
export const ERROR = 40;
export const CRITICAL = 50;

/** What goes with a message. */
export interface CheckMessageOptions {
  /** What to do about it. */
  hint?: string | undefined;
  /** What it is about: a model, a setting's name, anything with a `toString`. */
  obj?: unknown;
  /** The id by which SILENCED_SYSTEM_CHECKS silences it: `security.W001`. */
  id?: string | undefined;
}

/** What models and fields are asked about. */
export interface DatabaseCheckOptions {
  /** The aliases of the databases that they are looked at for. Default: none. */
  databases?: readonly string[] | undefined;
}

/** One finding. https://docs.djangoproject.com/en/5.2/topics/checks/#messages */
export class CheckMessage {
  readonly hint: string | undefined;
  readonly obj: unknown;
  readonly id: string | undefined;

  constructor(
    readonly level: number,
    readonly msg: string,
    { hint, obj, id }: CheckMessageOptions = {},
  ) {
    this.hint = hint;
    this.obj = obj;
    this.id = id;
  }

  toString(): string {
    const obj = this.obj === undefined || this.obj === null ? '?' : describe(this.obj);
    const hint = this.hint ? `\n\tHINT: ${this.hint}` : '';
    return `${obj}: ${this.id ? `(${this.id}) ` : ''}${this.msg}${hint}`;
  }

  /** Whether a site must not run with it. */
  isSerious(level = ERROR): boolean {
    return this.level >= level;
  }

  isSilenced(): boolean {
    return this.id !== undefined && settings.SILENCED_SYSTEM_CHECKS.includes(this.id);
  }
}

/** A class goes by its name; a model by its label where it has one. */
function describe(obj: unknown): string {
  if (typeof obj !== 'function') return String(obj);
  const label = (obj as { _meta?: { label?: unknown } })._meta?.label;
  return typeof label === 'string' ? label : obj.name;
}

export class Debug extends CheckMessage {
  constructor(msg: string, options?: CheckMessageOptions) {
    super(DEBUG, msg, options);
  }
}

export class Info extends CheckMessage {
  constructor(msg: string, options?: CheckMessageOptions) {
    super(INFO, msg, options);
  }
}

export class Warning extends CheckMessage {
  constructor(msg: string, options?: CheckMessageOptions) {
    super(WARNING, msg, options);
  }
}

// biome-ignore lint/suspicious/noShadowRestrictedNames: Django's name; import it as checks.Error where both are needed.
export class Error extends CheckMessage {
  constructor(msg: string, options?: CheckMessageOptions) {
    super(ERROR, msg, options);
  }
}

export class Critical extends CheckMessage {
  constructor(msg: string, options?: CheckMessageOptions) {
    super(CRITICAL, msg, options);
  }
}
