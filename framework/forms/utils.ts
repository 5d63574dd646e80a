/** Errors of forms, and how they are shown. Django: `django.forms.utils`. */
import { settings } from '../conf';
import { ValidationError } from '../core/exceptions';
import { type PlainDateTime, ZonedDateTime } from '../python/datetime';
import { escapeHtml } from '../python/html';
import { jsonDumps } from '../python/json_encoder';
import { formatHtmlJoin } from '../utils/html';
import { SafeString } from '../utils/safestring';
import { getCurrentTimezone, isAmbiguousOrImaginary, isAware, makeAware, makeNaive } from '../utils/timezone';
import { gettext } from '../utils/translation';
import type { FormRenderer } from './renderers';

export { prettyName } from './names';

/** Attributes as HTML, by name: `{ class: 'x', required: true }` is ` class="x" required`. */
export function flatatt(attrs: Readonly<Record<string, unknown>>): SafeString {
  const rows = Object.entries(attrs).sort(([a], [b]) => (a < b ? -1 : 1));
  const values = rows.filter(
    ([, value]) => value !== null && value !== undefined && typeof value !== 'boolean',
  );
  const flags = rows.filter(([, value]) => value === true).map(([name]) => [name]);
  return new SafeString(
    formatHtmlJoin('', ' {}="{}"', values).value + formatHtmlJoin('', ' {}', flags).value,
  );
}

/** What renders itself by a template. Django: `RenderableMixin`. */
export abstract class Renderable {
  declare renderer: FormRenderer;
  abstract get templateName(): string;
  abstract getContext(): Record<string, unknown>;

  /** As HTML, by its template, or another. */
  render(
    templateName: string | null = null,
    context: Record<string, unknown> | null = null,
    renderer: FormRenderer | null = null,
  ): SafeString {
    return new SafeString(
      (renderer ?? this.renderer).render(templateName ?? this.templateName, context ?? this.getContext()),
    );
  }

  toString(): string {
    return this.render().value;
  }

  toHTML(): string {
    return this.toString();
  }
}

/** One error as JSON has it. */
export interface ErrorData {
  message: string;
  code: string;
}

/** What an ErrorList is made with. */
export interface ErrorListOptions {
  /** A second CSS class: `nonfield`. */
  errorClass?: string | null;
  renderer?: FormRenderer | null;
  /** The HTML id of the field. */
  fieldId?: string | null;
}

function defaultRenderer(): FormRenderer {
  const { getDefaultRenderer } = require('./renderers') as typeof import('./renderers');
  return getDefaultRenderer();
}

/** The texts of one field's errors. `asData()` gives the ValidationErrors. */
export class ErrorList extends Array<string> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The template; `default.html` includes `ul.html`. */
  declare templateName: string;
  declare templateNameText: string;
  declare templateNameUl: string;
  // Private, so that a list is nothing but its texts for whoever compares or prints it.
  #data: (ValidationError | string)[] = [];
  #errorClass: string;
  #fieldId: string | null;
  #renderer: FormRenderer | null;

  constructor(errors: Iterable<ValidationError | string> = [], options: ErrorListOptions = {}) {
    super();
    this.#errorClass = options.errorClass ? `errorlist ${options.errorClass}` : 'errorlist';
    this.#renderer = options.renderer ?? null;
    this.#fieldId = options.fieldId ?? null;
    this.extend(errors);
  }

  /** The CSS classes. */
  get errorClass(): string {
    return this.#errorClass;
  }

  get fieldId(): string | null {
    return this.#fieldId;
  }

  get renderer(): FormRenderer {
    this.#renderer ??= defaultRenderer();
    return this.#renderer;
  }

  override push(...errors: (ValidationError | string)[]): number {
    return this.extend(errors);
  }

  /** Adds errors at the end. */
  extend(errors: Iterable<ValidationError | string>): number {
    for (const error of errors) {
      this.#data[this.length] = error;
      super.push(typeof error === 'string' ? error : error.message);
    }
    return this.length;
  }

  copy(): ErrorList {
    const made = new (this.constructor as typeof ErrorList)(this.#errors(), { renderer: this.#renderer });
    made.#errorClass = this.#errorClass;
    return made;
  }

  #errors(): (ValidationError | string)[] {
    return [...this].map((text, i) => {
      const known = this.#data[i];
      return known instanceof ValidationError && known.message === text ? known : text;
    });
  }

  asData(): ValidationError[] {
    return new ValidationError(this.#errors()).errorList;
  }

  getJsonData(escapeHTML = false): ErrorData[] {
    return this.asData().map(({ message, code }) => ({
      message: escapeHTML ? escapeHtml(message) : message,
      code: code ?? '',
    }));
  }

  asJson(escapeHTML = false): string {
    return jsonDumps(this.getJsonData(escapeHTML));
  }

  getContext(): Record<string, unknown> {
    return { errors: this, error_class: this.errorClass };
  }

  render(templateName: string | null = null): SafeString {
    if (this.length === 0 && templateName === null && this.renderer.isBuiltin(this.templateName)) {
      return new SafeString('');
    }
    return new SafeString(this.renderer.render(templateName ?? this.templateName, this.getContext()));
  }

  asUl(): SafeString {
    return this.render(this.templateNameUl);
  }

  asText(): SafeString {
    return this.render(this.templateNameText);
  }

  override toString(): string {
    return this.render().value;
  }

  toHTML(): string {
    return this.toString();
  }
}
Object.assign(ErrorList.prototype, {
  templateName: 'django/forms/errors/list/default.html',
  templateNameText: 'django/forms/errors/list/text.txt',
  templateNameUl: 'django/forms/errors/list/ul.html',
});

/** A value typed in the current time zone, with USE_TZ as the moment that it is. */
export function fromCurrentTimezone(value: PlainDateTime): PlainDateTime {
  if (!settings.USE_TZ || isAware(value)) return value;
  const zone = getCurrentTimezone();
  try {
    if (!isAmbiguousOrImaginary(value, zone)) return makeAware(value, zone);
  } catch {
    // A zone that cannot say is as good as one that shows the time twice.
  }
  throw new ValidationError(
    gettext(
      '%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be ambiguous or it may not exist.',
    ),
    { code: 'ambiguous_timezone', params: { datetime: value, current_timezone: zone } },
  );
}

/** A moment as the clocks of the current zone show it, with USE_TZ. */
export function toCurrentTimezone(value: Date | PlainDateTime): Date | PlainDateTime {
  return settings.USE_TZ && (value instanceof Date || value instanceof ZonedDateTime)
    ? makeNaive(value)
    : value;
}
