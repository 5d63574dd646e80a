/** Filters of lists. Django: `django.contrib.admin.filters`. */
export { AllValuesFieldListFilter } from './all_values';
export {
  FieldListFilter,
  type FieldListFilterClass,
  type FilterChoice,
  ListFilter,
  type ListFilterClass,
  type ListFilterItem,
  type LookupParams,
  SimpleListFilter,
} from './base';
export { BooleanFieldListFilter } from './boolean';
export { ChoicesFieldListFilter } from './choices';
export { DateFieldListFilter } from './dates';
export { EmptyFieldListFilter } from './empty';
export { RangeFieldListFilter } from './range';
export { filterClassFor, registerFieldListFilter } from './registry';
export { RelatedFieldListFilter, RelatedOnlyFieldListFilter } from './related';
