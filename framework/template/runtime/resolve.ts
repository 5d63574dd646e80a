/** Evaluates variables and filters for third-party tags; templates have the same written out as JavaScript. */
import type { Context } from '../context';
import type { FilterExpression, Variable } from '../variable';
import { attribute, UNSAFE_NAMES } from './lookup';
import { doesNotExist, invalidText, keep, localtime, ready, translate, variable } from './runtime';

/** The value of a variable; `undefined` if it does not exist, or with `strict` an error. */
export function resolveLookups(found: Variable, context: Context, strict: boolean): unknown {
  const lookups = found.lookups as readonly string[];
  const first = lookups[0] as string;
  const raw = UNSAFE_NAMES.has(first) ? context.fetchOwn(first) : context.fetch(first);
  let value = variable(raw, first, context);
  for (let i = 1; i < lookups.length && value !== undefined; i++) {
    value = attribute(value, lookups[i] as string, context);
  }
  if (value === undefined && strict) throw doesNotExist(found.var_, context);
  return value;
}

/** Django: `FilterExpression.resolve`. What compiled templates have written out. */
export function resolveExpression(
  expression: FilterExpression,
  context: Context,
  ignoreFailures: boolean,
): unknown {
  const { variable: first, filters } = expression;
  let value: unknown;
  if (!('resolve' in first)) {
    value = first.constant;
  } else if (first.lookups === null) {
    value = first.translate ? translate(first.literal) : first.literal;
  } else {
    value = resolveLookups(first, context, false);
    if (value === undefined) {
      if (ignoreFailures) {
        value = null;
      } else {
        const invalid = context.template?.engine.stringIfInvalid ?? '';
        if (invalid !== '') return invalidText(invalid, first.var_);
        value = '';
      }
    }
  }
  value = ready(value, context);
  for (const { filter, argument: given } of filters) {
    const input: unknown = filter.expectsLocaltime ? localtime(value, context) : value;
    const extra =
      given === null
        ? undefined
        : 'constant' in given
          ? given.constant
          : ready(given.resolve(context), context);
    let output: unknown;
    if (filter.needsAutoescape) output = filter.fn(input, extra, context.autoescape);
    else if (given === null) output = filter.fn(input);
    else output = filter.fn(input, extra);
    value = ready(filter.isSafe ? keep(input, output) : output, context);
  }
  return value;
}
