/**
 * Libraries of tags and filters.
 *
 * Django: `django.template.library`; https://docs.djangoproject.com/en/5.2/howto/custom-template-tags/
 */
import type { Node } from './node';
import type { Parser } from './parser';
import { type InclusionOptions, inclusionCompiler, type SimpleOptions, simpleCompiler } from './simple_tags';
import type { Token } from './token';

/**
 * A filter: the value, then the argument where one is given.
 *
 * One that `needsAutoescape` is called with three: `(value, argument, autoescape)`; the argument is `undefined`
 * where the template gives none.
 */
// biome-ignore lint/suspicious/noExplicitAny: a filter declares what it takes; templates are not typed.
export type FilterFunction = (value: any, argument?: any, autoescape?: any) => unknown;

/** What a filter promises and needs. */
export interface FilterFlags {
  /** It adds no character that needs escaping: a safe string in gives a safe string out. */
  isSafe?: boolean;
  /** It is told as its third parameter whether autoescaping is on. */
  needsAutoescape?: boolean;
  /** A time is given to it in the current time zone. */
  expectsLocaltime?: boolean;
  /**
   * Whether it takes an argument. Left out, it follows from the function's `length`: one parameter is `'none'`, two
   * are `'required'` (a parameter with a default does not count, so such a filter has to say `'optional'`).
   */
  argument?: 'none' | 'optional' | 'required';
}

/** A registered filter. */
export interface Filter {
  readonly name: string;
  readonly fn: FilterFunction;
  readonly isSafe: boolean;
  readonly needsAutoescape: boolean;
  readonly expectsLocaltime: boolean;
  readonly argument: 'none' | 'optional' | 'required';
}

/** What makes a node of a tag's source. Django: a compilation function. */
export type TagCompiler = (parser: Parser, token: Token) => Node;

/**
 * The tags and filters of one module under `templatetags`, which exports it as `register`.
 *
 * @example
 * ```ts
 * export const register = new Library();
 * register.filter('cut', (value, argument) => String(value).replaceAll(argument, ''), { isSafe: false });
 * register.simpleTag('current_time', (format: string) => formatted(format));
 * ```
 */
export class Library {
  readonly filters = new Map<string, Filter>();
  readonly tags = new Map<string, TagCompiler>();

  /** Registers a filter under a name. */
  filter<F extends FilterFunction>(name: string, fn: F, flags: FilterFlags = {}): F {
    this.filters.set(name, {
      name,
      fn,
      isSafe: flags.isSafe ?? false,
      needsAutoescape: flags.needsAutoescape ?? false,
      expectsLocaltime: flags.expectsLocaltime ?? false,
      argument: flags.argument ?? (fn.length >= 2 ? 'required' : 'none'),
    });
    return fn;
  }

  /** Registers what compiles a tag: it reads the tag's source and returns a `Node`. */
  tag(name: string, compile: TagCompiler): TagCompiler {
    this.tags.set(name, compile);
    return compile;
  }

  /** Registers a function whose result the tag prints (escaped), or keeps with `as name`. */
  simpleTag<F extends (...args: never[]) => unknown>(name: string, fn: F, options: SimpleOptions = {}): F {
    this.tags.set(name, simpleCompiler(name, fn, options, null));
    return fn;
  }

  /** Registers a function that is given what stands between the tag and its `end` tag, rendered. */
  simpleBlockTag<F extends (...args: never[]) => unknown>(
    name: string,
    fn: F,
    options: SimpleOptions & { endName?: string } = {},
  ): F {
    this.tags.set(name, simpleCompiler(name, fn, options, options.endName ?? `end${name}`));
    return fn;
  }

  /** Registers a function whose result is the context that a template is rendered with. */
  inclusionTag<F extends (...args: never[]) => unknown>(
    template: InclusionOptions['template'],
    name: string,
    fn: F,
    options: SimpleOptions = {},
  ): F {
    this.tags.set(name, inclusionCompiler(name, fn, { ...options, template }));
    return fn;
  }
}
