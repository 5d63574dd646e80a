/** Expressions as people read them. Django: `__str__` of expressions. */
import { repr } from '../../../python';
import type { Expression } from './base';
import { Col } from './col';
import { CombinedExpression } from './combined';
import { OrderBy } from './order_by';
import { FExpression, Value } from './value';

/** `Lower(F(name))`, `OrderBy(F(price), descending=True)`. */
export function describeExpression(expression: Expression): string {
  if (expression instanceof FExpression) return `F(${expression.name})`;
  if (expression instanceof Col) {
    const column = expression.target.toString();
    return `Col(${expression.alias ?? expression.target.model.dbTable}, ${column})`;
  }
  if (expression instanceof Value) return `Value(${repr(expression.value)})`;
  if (expression instanceof CombinedExpression) {
    return `${describeExpression(expression.lhs)} ${expression.operator} ${describeExpression(expression.rhs)}`;
  }
  const sources = expression.getSourceExpressions().map(describeExpression).join(', ');
  if (expression instanceof OrderBy) {
    return `OrderBy(${sources}, descending=${expression.descending ? 'True' : 'False'})`;
  }
  const name = 'name' in expression && typeof expression.name === 'string' ? expression.name : undefined;
  return `${name ?? calledName(expression)}(${sources})`;
}

/** The name that an expression is made by: classes that are called as functions end in what they are. */
function calledName({ constructor: { name } }: Expression): string {
  return name.replace(/Function$|(?<=^(?:Case|When))Expression$/, '');
}
