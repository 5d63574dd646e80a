/** Expressions as the TypeScript that makes them again: arithmetic by methods, functions by their names. */
import { ValueError } from '../../core/exceptions';
import type { Expression } from '../models/expressions/base';
import { CaseExpression, WhenExpression } from '../models/expressions/case';
import { CombinedExpression, type Operator } from '../models/expressions/combined';
import { Condition, NegatedExpression } from '../models/expressions/func';
import { OrderBy } from '../models/expressions/order_by';
import { FExpression } from '../models/expressions/value';
import { between, flat, quote, type Source } from './source';

/** What writes the parts. */
interface Writer {
  write(value: unknown): Source;
  use(module: string, name: string): string;
  models(name: string): string;
  reference(value: never): string;
}

const METHODS: Readonly<Record<Operator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%%': 'mod',
  '^': 'pow',
  '&': 'bitand',
  '|': 'bitor',
  '#': 'bitxor',
  '<<': 'bitleftshift',
  '>>': 'bitrightshift',
  '&&': 'and',
  '||': 'or',
};

/** The source of an expression. @throws ValueError for one that nothing exports. */
export function expressionSource(expression: Expression, writer: Writer): Source {
  if (expression instanceof FExpression) return `${writer.models('F')}(${quote(expression.name)})`;
  if (expression instanceof Condition) return writer.write(expression.q);
  if (expression instanceof CombinedExpression) {
    const { lhs, operator, rhs } = expression;
    return called(writer.write(lhs), expression.methodName ?? METHODS[operator], [writer.write(rhs)]);
  }
  if (expression instanceof NegatedExpression) {
    return called(writer.write(expression.getSourceExpressions()[0]), 'not', []);
  }
  if (expression instanceof OrderBy) {
    const { expression: sorted, descending, nullsFirst, nullsLast } = expression;
    const nulls = { ...(nullsFirst && { nullsFirst }), ...(nullsLast && { nullsLast }) };
    const options = Object.keys(nulls).length > 0 ? [writer.write(nulls)] : [];
    return called(writer.write(sorted), descending ? 'desc' : 'asc', options);
  }
  const args = expression.deconstruct().map((argument) => writer.write(argument));
  return between(`${made(expression, writer)}(`, args, ')');
}

/** A call of a method. */
function called(source: Source, method: string, args: readonly Source[]): Source {
  return between(`${flat(source)}.${method}(`, args, ')');
}

/** What makes an expression: a function, or `new` and a class. */
function made(expression: Expression, writer: Writer): string {
  if (expression instanceof WhenExpression) return writer.models('When');
  if (expression instanceof CaseExpression) return writer.models('Case');
  const functions = require('../models/functions') as Exported;
  const name = nameIn(functions, expression);
  if (name !== undefined) return writer.use('tsango/db/models/functions', name);
  const own = nameIn(require('../models') as Exported, expression);
  if (own !== undefined) return `new ${writer.models(own)}`;
  const lookup = nameIn(require('../models/lookups') as Exported, expression);
  if (lookup !== undefined) return `new ${writer.use('tsango/db/models/lookups', lookup)}`;
  try {
    return `new ${writer.reference(expression.constructor as never)}`;
  } catch (error) {
    throw new ValueError(
      `Cannot serialize the expression ${expression.constructor.name}: no module exports its class. Export it from one of ` +
        'the app, or write the migration with RunSQL.',
      { cause: error },
    );
  }
}

type Exported = Readonly<Record<string, unknown>>;

/** The name under which a module has the class: itself, or what can be called without `new`, too. */
function nameIn(module: Exported, expression: Expression): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(expression);
  return Object.keys(module).find((name) => {
    const exported = module[name];
    return typeof exported === 'function' && exported.prototype === prototype;
  });
}
