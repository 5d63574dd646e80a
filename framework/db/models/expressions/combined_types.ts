/** Which type two types give by an operator. Django: `_connector_combinations`. */
import { FieldError } from '../../../core/exceptions';
import { once } from '../../../utils/module_loading';
import type { Field } from '../fields/base';
import { className } from './base';

const NUMBERS: Readonly<Record<string, 'Integer' | 'Float' | 'Decimal'>> = {
  AutoField: 'Integer',
  BigAutoField: 'Integer',
  SmallAutoField: 'Integer',
  IntegerField: 'Integer',
  BigIntegerField: 'Integer',
  SmallIntegerField: 'Integer',
  PositiveIntegerField: 'Integer',
  PositiveBigIntegerField: 'Integer',
  PositiveSmallIntegerField: 'Integer',
  FloatField: 'Float',
  DecimalField: 'Decimal',
};
const BITWISE: ReadonlySet<string> = new Set(['&', '|', '<<', '>>', '#']);

/** Two types of numbers; the wider one wins, and a float and a decimal have none. */
function numberType(left: string, operator: string, right: string): string | undefined {
  const [one, other] = [NUMBERS[left], NUMBERS[right]];
  if (one === undefined || other === undefined) return undefined;
  if (BITWISE.has(operator)) return one === 'Integer' && other === 'Integer' ? 'IntegerField' : undefined;
  if (one === other) {
    const isPositive = left === 'PositiveIntegerField' && right === left && operator !== '-';
    return isPositive ? 'PositiveIntegerField' : `${one}Field`;
  }
  if (operator === '^') return undefined;
  if (one === 'Integer') return `${other}Field`;
  return other === 'Integer' ? `${one}Field` : undefined;
}

const isDay = (type: string): boolean => type === 'DateField' || type === 'DateTimeField';

/** Times and lengths of time. */
function temporalType(left: string, operator: string, right: string): string | undefined {
  if (operator !== '+' && operator !== '-') return undefined;
  const subtracts = operator === '-';
  if (right === 'DurationField') {
    if (isDay(left)) return 'DateTimeField';
    return left === 'TimeField' || left === 'DurationField' ? left : undefined;
  }
  if (left === 'DurationField' && !subtracts) {
    return isDay(right) ? 'DateTimeField' : right === 'TimeField' ? right : undefined;
  }
  const differ = (isDay(left) && isDay(right)) || (left === 'TimeField' && right === 'TimeField');
  return subtracts && differ ? 'DurationField' : undefined;
}

/** The type of a calculation. @throws FieldError where there is none. */
export function combinedField(
  left: Field | undefined,
  operator: string,
  right: Field | undefined,
): Field | undefined {
  // NULL is of any type.
  if (left === undefined || right === undefined) return left ?? right;
  const types = [left.internalType, operator, right.internalType] as const;
  const type = numberType(...types) ?? temporalType(...types);
  if (type === undefined) {
    throw new FieldError(
      `Cannot infer type of '${operator}' expression involving these types: ${className(left)}, ` +
        `${className(right)}. You must set output_field.`,
    );
  }
  return make(type);
}

const fieldsModule = once(
  () => require('../fields') as Readonly<Record<string, new (options: object) => Field>>,
);
const made = new Map<string, Field>();

/** The field of that type; one of an expression has no limits. */
function make(type: string): Field {
  let field = made.get(type);
  if (field === undefined) {
    const Class = fieldsModule()[type] as new (options: object) => Field;
    field = new Class({});
    made.set(type, field);
  }
  return field;
}
