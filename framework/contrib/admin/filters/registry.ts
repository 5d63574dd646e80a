/** Which filter a field has. Django: `FieldListFilter.register` and `FieldListFilter.create`. */
import { Field } from '../../../db/models/fields/base';
import { Relation } from '../../../db/models/fields/reverse_related';
import { AllValuesFieldListFilter } from './all_values';
import type { FieldListFilterClass } from './base';
import { BooleanFieldListFilter } from './boolean';
import { ChoicesFieldListFilter } from './choices';
import { DateFieldListFilter } from './dates';
import { RelatedFieldListFilter } from './related';

const KINDS: (readonly [test: (field: Field | Relation) => boolean, filter: FieldListFilterClass])[] = [
  [(field) => field instanceof Relation || field.isRelation(), RelatedFieldListFilter],
  [(field) => field instanceof Field && field.internalType === 'BooleanField', BooleanFieldListFilter],
  [(field) => field instanceof Field && field.choices !== undefined, ChoicesFieldListFilter],
  [
    (field) => field instanceof Field && ['DateField', 'DateTimeField'].includes(field.internalType),
    DateFieldListFilter,
  ],
  [() => true, AllValuesFieldListFilter],
];
let ownKinds = 0;

/** Says which filter fields have that pass a test. Django: `FieldListFilter.register`. */
export function registerFieldListFilter(
  test: (field: Field | Relation) => boolean,
  filter: FieldListFilterClass,
  { takePriority = false }: { takePriority?: boolean } = {},
): void {
  if (takePriority) KINDS.splice(ownKinds++, 0, [test, filter]);
  else KINDS.splice(KINDS.length - 1, 0, [test, filter]);
}

/** The class of the filter of a field. */
export function filterClassFor(field: Field | Relation): FieldListFilterClass {
  return (KINDS.find(([test]) => test(field)) as (typeof KINDS)[number])[1];
}
