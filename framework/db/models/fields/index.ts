export { type DbParameters, Field, type FieldOptions } from './base';
export type { ChoiceGroup, ChoicePair, ChoicesOption } from './choices';
export type { DateFieldOptions } from './dates';
export {
  AutoField,
  BigAutoField,
  BigIntegerField,
  BinaryField,
  BooleanField,
  CharField,
  CommaSeparatedIntegerField,
  CompositePrimaryKey,
  DateField,
  DateTimeField,
  DecimalField,
  DurationField,
  EmailField,
  type FieldDecorator,
  FileField,
  FilePathField,
  FloatField,
  ForeignKey,
  ForeignObject,
  fieldDecorator,
  GeneratedField,
  GenericIPAddressField,
  ImageField,
  IntegerField,
  IPAddressField,
  JSONField,
  ManyToManyField,
  NullBooleanField,
  OneToOneField,
  PositiveBigIntegerField,
  PositiveIntegerField,
  PositiveSmallIntegerField,
  SlugField,
  SmallAutoField,
  SmallIntegerField,
  TextField,
  TimeField,
  URLField,
  UUIDField,
} from './decorators';
export { FieldFile, ImageFieldFile } from './field_file';
export type { FilePathFieldOptions } from './file_paths';
export type { FileFieldOptions, ImageFieldOptions } from './files';
export type { GeneratedFieldOptions } from './generated';
export type { GenericIPAddressFieldOptions } from './ip';
export type { ErrorMessages } from './messages';
export type { DecimalFieldOptions } from './numbers';
export type {
  ForeignKeyOptions,
  ForeignObjectOptions,
  ManyToManyOptions,
  ModelReference,
  RelatedFieldOptions,
} from './related';
export type { CheckDetails } from './removed';
export { Reverse } from './reverse';
export type { SlugFieldOptions } from './text';
