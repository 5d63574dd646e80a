/**
 * What the engine's own tags write their JavaScript with.
 *
 * Names, strings and everything else that a template's author chose reach the function as constants or as escaped
 * literals, never as code. A template's function concatenates into one variable; `line()` adds statements.
 */
import type { NodeList } from '../node';
import type { FilterExpression, Variable } from '../variable';

/** What a loop's body knows of its loop. The strings are JavaScript expressions. */
export interface LoopInfo {
  readonly index: string;
  readonly length: string;
  readonly parent: LoopInfo | null;
  /** The `forloop` dictionary; to have it made, `needObject()` must be called. */
  readonly object: string;
  needObject(): void;
  /** Adds statements that run once before the first round. */
  atStart(code: string): void;
}

/** Writes one function of a template. */
export interface Emitter {
  /** JavaScript for "is autoescaping on". */
  autoescape: string;
  /** The innermost loop that this function writes. */
  readonly loop: LoopInfo | null;
  /** Adds statements. */
  line(code: string): void;
  /** Adds fixed text to the output. */
  text(text: string): void;
  /** Adds a value to the output, printed and escaped. */
  output(expression: string): void;
  /** JavaScript for what a value prints as. */
  printed(expression: string): string;
  /** JavaScript for what stands for a variable of that name that does not exist. */
  invalid(name: string): string;
  /** JavaScript for a value after an expression's filters. */
  filter(code: string, expression: FilterExpression): string;
  /** Adds a string to the output as it is. */
  raw(expression: string): void;
  /** The name of a constant with that value. */
  constant(value: unknown): string;
  /** A JavaScript string literal. */
  quote(text: string): string;
  /** A new local variable, declared but not set. */
  variable(): string;
  /**
   * JavaScript for an expression's value. A variable that does not exist is `null` with `ignoreFailures`; without, it
   * may be `undefined`, which prints as nothing.
   */
  value(expression: FilterExpression, ignoreFailures?: boolean): string;
  /** As `value()`, but never `undefined`. */
  definite(expression: FilterExpression): string;
  /** As `definite()`, after waiting for it if it is promised. */
  ready(expression: FilterExpression, ignoreFailures?: boolean): string;
  /** JavaScript for a variable's value; `undefined` where it does not exist. */
  lookup(variable: Variable): string;
  /** Writes the nodes here. */
  body(nodelist: NodeList): void;
  /** Writes the nodes into a variable of their own, whose name it returns. */
  capture(nodelist: NodeList): string;
  /**
   * Writes with other names in sight: name to JavaScript expression. Where code in `inner` looks for them in the
   * context they are put there, too. `write` is told whether that is so.
   */
  scope(names: ReadonlyMap<string, string>, inner: NodeList, write: (inContext: boolean) => void): void;
  /** Writes with another loop as the innermost. */
  withinLoop(loop: LoopInfo, write: () => void): void;
  /** Sets a name in the context. */
  assign(name: string, expression: string): void;
  /** Whether code in these nodes has to find its variables in the context. */
  needsContext(nodelist: NodeList): boolean;
  /** Whether a name in sight is a local variable. */
  localises(name: string): boolean;
  /** Keeps a place for statements that are known only later. */
  reserve(): (code: string) => void;
  /** Whether promised values are waited for loop by loop: this is the second rendering. */
  readonly waiting: boolean;
}
