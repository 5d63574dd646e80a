/** What becomes of values where a column becomes another one. */
import type { Field } from '../../models/fields/base';
import type { DecimalFieldOptions } from '../../models/fields/numbers';

/** How many bytes a whole number has. */
const WHOLE: Readonly<Record<string, number>> = {
  SmallAutoField: 2,
  SmallIntegerField: 2,
  PositiveSmallIntegerField: 2,
  AutoField: 4,
  IntegerField: 4,
  PositiveIntegerField: 4,
  BigAutoField: 8,
  BigIntegerField: 8,
  PositiveBigIntegerField: 8,
};
/** Columns of text; those without an end have no `maxLength`. */
const TEXT = new Set(['CharField', 'SlugField', 'TextField', 'FileField', 'FilePathField']);
const RELATIONS = new Set(['ForeignKey', 'OneToOneField']);
const isPositive = (type: string): boolean => type.startsWith('Positive');

/** What a conversion may cost; undefined: every value fits. */
export function lossOf(before: Field, after: Field): string | undefined {
  const [from, to] = [before.internalType, after.internalType];
  if (TEXT.has(to)) return textLoss(before, after);
  const [fromBytes, toBytes] = [WHOLE[from], WHOLE[to]];
  if (fromBytes !== undefined && toBytes !== undefined) {
    const narrower = toBytes < fromBytes;
    const noNegative = isPositive(to) && !isPositive(from);
    if (!narrower && !noNegative) return undefined;
    return `numbers that ${narrower ? `${toBytes} bytes do not hold` : 'are negative'}`;
  }
  if (from === 'DecimalField' && to === 'DecimalField') return decimalLoss(before, after);
  if (from === to || (RELATIONS.has(from) && RELATIONS.has(to))) return undefined;
  if (fromBytes !== undefined && (to === 'DecimalField' || to === 'FloatField')) return undefined;
  if (from === 'DateField' && to === 'DateTimeField') return undefined;
  return `values of ${from} that are none of ${to}`;
}

function textLoss(before: Field, after: Field): string | undefined {
  const longest = TEXT.has(before.internalType) ? (before.maxLength ?? Number.POSITIVE_INFINITY) : 0;
  const { maxLength } = after;
  return maxLength !== null && longest > maxLength ? `texts of more than ${maxLength} characters` : undefined;
}

function decimalLoss(before: Field, after: Field): string | undefined {
  const [from, to] = [before, after].map(({ options }) => {
    const { maxDigits = 0, decimalPlaces = 0 } = options as DecimalFieldOptions;
    return { before: maxDigits - decimalPlaces, after: decimalPlaces };
  }) as [Digits, Digits];
  if (to.before < from.before) return `numbers of more than ${to.before} digits before the point`;
  return to.after < from.after ? `digits after the ${to.after} behind the point` : undefined;
}

interface Digits {
  before: number;
  after: number;
}

/** Whether the values themselves are stored in another way; longer texts are not. */
export function isConverted(before: Field, after: Field): boolean {
  const [from, to] = [before.internalType, after.internalType];
  if (TEXT.has(from) && TEXT.has(to)) return textLoss(before, after) !== undefined;
  if (from === 'DecimalField' && to === 'DecimalField') {
    return decimalLoss(before, after) !== undefined || decimalLoss(after, before) !== undefined;
  }
  return WHOLE[from] === undefined ? from !== to : WHOLE[from] !== WHOLE[to];
}
