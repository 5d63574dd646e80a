/**
 * Form fields and widgets for what PostgreSQL alone has. A model's fields make them by themselves.
 *
 * Django: `django.contrib.postgres.forms`; https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/forms/
 */
export { SimpleArrayField, type SimpleArrayFieldOptions } from './array';
export { HStoreField } from './hstore';
export {
  BaseRangeField,
  type BaseRangeFieldOptions,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  HiddenRangeWidget,
  IntegerRangeField,
  RangeWidget,
  type RangeWidgetOptions,
} from './ranges';
export {
  SplitArrayField,
  type SplitArrayFieldOptions,
  SplitArrayWidget,
  type SplitArrayWidgetOptions,
} from './split_array';
