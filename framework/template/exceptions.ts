/**
 * The errors of the template language.
 *
 * Django: `django.template.exceptions`, and the two of `django.template.base` and `django.template.library`.
 */
import type { Origin } from './origin';

/** What the debug page shows of a template that failed. Django: `Template.get_exception_info`. */
export interface TemplateDebug {
  message: string;
  /** The lines around the failing one, numbered from 1. */
  source_lines: [number, string][];
  /** The failing line in three parts; `during` is the tag. */
  before: string;
  during: string;
  after: string;
  /** Which of all lines `source_lines` are: from index `top` to before `bottom`, of `total`. */
  top: number;
  bottom: number;
  total: number;
  line: number;
  /** The file, or whatever the loader calls the template. */
  name: string;
  /** The tag's place in the source, in characters. */
  start: number;
  end: number;
}

/** One place that a template was looked for in, and what came of it. */
export type Tried = readonly [origin: Origin, status: string];

/** The source of a template is not the template language. */
export class TemplateSyntaxError extends Error {
  override readonly name: string = 'TemplateSyntaxError';
  /** Where in the template; set while it is compiled. */
  templateDebug?: TemplateDebug;
}

/** No loader has that template. `tried` says where it was looked for; `chain` holds the failures of each engine. */
export class TemplateDoesNotExist extends Error {
  override readonly name = 'TemplateDoesNotExist';
  /** The backend that was asked, where one was. */
  readonly backend: unknown;
  readonly tried: readonly Tried[];
  readonly chain: readonly TemplateDoesNotExist[];
  templateDebug?: TemplateDebug;

  constructor(
    message: string,
    options: { tried?: readonly Tried[]; backend?: unknown; chain?: readonly TemplateDoesNotExist[] } = {},
  ) {
    super(message);
    this.tried = options.tried ?? [];
    this.backend = options.backend;
    this.chain = options.chain ?? [];
  }
}

/** A variable that has to be there is not: the argument of a filter, for instance. */
export class VariableDoesNotExist extends Error {
  override readonly name = 'VariableDoesNotExist';
  templateDebug?: TemplateDebug;
}

/** A module under `templatetags` does not export a `register`. */
export class InvalidTemplateLibrary extends Error {
  override readonly name = 'InvalidTemplateLibrary';
}

/** Templates include or extend one another without end. Python: `RecursionError`. */
export class RecursionError extends Error {
  override readonly name = 'RecursionError';
}
