/** What recorded models say of themselves: texts and addresses, as expressions on an object. */
import type { Model, ModelClass } from 'tsango/db/models/base';
import { toStr } from 'tsango/python/str';
import { reverse } from 'tsango/urls';
import { camelCase } from 'tsango/utils/module_loading';
import { type Json, NotThere } from './facts';

/** An expression on an object: a constant, or what a path of attributes and calls leads to. */
export function evaluate(expression: unknown, object: Model): unknown {
  if (expression === null || typeof expression !== 'object') return expression;
  const given = expression as Json;
  const text = (each: unknown): string => toStr(evaluate(each, object));
  if ('attr' in given) return follow(object, String(given['attr']));
  if ('format' in given) return (given['format'] as unknown[]).map(text).join('');
  if ('add' in given) return (given['add'] as unknown[]).map(text).join('');
  if ('str' in given) return text(given['str']);
  if ('len' in given) return text(given['len']).length;
  if ('reverse' in given) {
    const { args = [], kwargs = {} } = given as { args?: unknown[]; kwargs?: Json };
    return reverse(String(given['reverse']), {
      args: args.map((each) => evaluate(each, object)),
      kwargs: Object.fromEntries(
        Object.entries(kwargs).map(([name, each]) => [name, evaluate(each, object)]),
      ),
    });
  }
  throw new NotThere(`the expression ${JSON.stringify(expression)}`);
}

/** A part of a moment, which Python has as an attribute. */
export function partOf(moment: Date, part: string): number {
  if (part === 'year') return moment.getUTCFullYear();
  if (part === 'month') return moment.getUTCMonth() + 1;
  if (part === 'day') return moment.getUTCDate();
  throw new NotThere(`the attribute ${part} of a moment`);
}

function follow(object: Model, path: string): unknown {
  let value: unknown = object;
  for (const part of path === '' ? [] : path.split('.')) {
    if (value instanceof Date) return partOf(value, part);
    const name = part.replace(/\(\)$/, '');
    const holder = value as Readonly<Record<string, unknown>>;
    const { _meta: meta } = (value as Model).constructor as unknown as Partial<ModelClass>;
    const property = meta?.fields.find((field) => field.name === name)?.property ?? camelCase(name);
    value = holder[property];
    if (part.endsWith('()')) value = (value as () => unknown).call(holder);
  }
  return value;
}
