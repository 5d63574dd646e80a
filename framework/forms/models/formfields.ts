/** The form field of each field of a model. Django: the methods `formfield()` of `django.db.models.fields`. */
import type { Field as ModelField } from '../../db/models/fields/base';
import { DateField, DateTimeField, TimeField } from '../../db/models/fields/dates';
import { DurationField } from '../../db/models/fields/durations';
import { FilePathField } from '../../db/models/fields/file_paths';
import { FileField, ImageField } from '../../db/models/fields/files';
import { GenericIPAddressField } from '../../db/models/fields/ip';
import { JSONField } from '../../db/models/fields/json';
import * as numbers from '../../db/models/fields/numbers';
import { BooleanField, UUIDField } from '../../db/models/fields/others';
import { ForeignKey, ManyToManyField, type RelatedField } from '../../db/models/fields/related';
import { CharField, EmailField, SlugField, TextField, URLField } from '../../db/models/fields/text';
import { LazyText, type Text } from '../../utils/functional';
import { camelCase, once } from '../../utils/module_loading';
import { capfirst } from '../../utils/text';
import * as forms from '../fields';
import { Textarea, type Widget, type WidgetClass } from '../widgets';
import { ModelChoiceField, type Queryable } from './choice_field';
import { ModelMultipleChoiceField } from './multiple_choice_field';
import { toFormValue } from './values';

const classes = once(() => require('../../db/models/classes') as typeof import('../../db/models/classes'));

/** A class of form fields. */
// biome-ignore lint/suspicious/noExplicitAny: options of any kind; they are handed on.
export type FormFieldClass = new (options: any) => forms.Field;

/** What the form field of a model's field is made with: any option of its class, and which class that is. */
export interface FormFieldOptions {
  readonly formClass?: FormFieldClass;
  /** The class where the field has choices. Default: TypedChoiceField. */
  readonly choicesFormClass?: FormFieldClass;
  readonly widget?: Widget | WidgetClass | null;
  /** The rows of a relation that can be chosen. */
  readonly queryset?: Queryable;
  /** The database of these rows. */
  readonly using?: string;
  readonly [option: string]: unknown;
}

type Options = Record<string, unknown>;

const MAX_BIGINT = 9223372036854775807n;

/** What follows from a field of this class and of those that extend it; the nearest class wins. */
// biome-ignore lint/suspicious/noExplicitAny: each takes a field of its class.
const OPTIONS = new Map<object, (field: any, given: FormFieldOptions) => Options | null>([
  [numbers.AutoField, () => null],
  [numbers.BigIntegerField, () => ({ minValue: -MAX_BIGINT - 1n, maxValue: MAX_BIGINT })],
  [BooleanField, ofBoolean],
  [
    CharField,
    ({ maxLength, null: nullable }: CharField) => ({ maxLength, ...(nullable && { emptyValue: null }) }),
  ],
  [DateField, () => ({ formClass: forms.DateField })],
  [DateTimeField, () => ({ formClass: forms.DateTimeField })],
  [
    numbers.DecimalField,
    ({ options: { maxDigits, decimalPlaces } }: numbers.DecimalField) => ({
      formClass: forms.DecimalField,
      maxDigits,
      decimalPlaces,
    }),
  ],
  [DurationField, () => ({ formClass: forms.DurationField })],
  [EmailField, () => ({ formClass: forms.EmailField })],
  [FileField, ({ maxLength }: FileField) => ({ formClass: forms.FileField, maxLength })],
  [FilePathField, ofFilePath],
  [numbers.FloatField, () => ({ formClass: forms.FloatField })],
  [ForeignKey, ofForeignKey],
  [
    GenericIPAddressField,
    ({ options: { protocol } }: GenericIPAddressField) => ({
      formClass: forms.GenericIPAddressField,
      protocol,
    }),
  ],
  [ImageField, () => ({ formClass: forms.ImageField })],
  [numbers.IntegerField, () => ({ formClass: forms.IntegerField })],
  [JSONField, () => ({ formClass: forms.JSONField })],
  [ManyToManyField, ofManyToMany],
  [numbers.PositiveBigIntegerField, () => ({ minValue: 0, maxValue: MAX_BIGINT })],
  [numbers.PositiveIntegerField, () => ({ minValue: 0 })],
  [numbers.PositiveSmallIntegerField, () => ({ minValue: 0 })],
  [SlugField, ({ options: { allowUnicode } }: SlugField) => ({ formClass: forms.SlugField, allowUnicode })],
  [
    TextField,
    ({ maxLength, choices }: TextField) => ({
      maxLength,
      ...(choices === undefined && { widget: Textarea }),
    }),
  ],
  [TimeField, () => ({ formClass: forms.TimeField })],
  [URLField, () => ({ formClass: forms.URLField })],
  [UUIDField, () => ({ formClass: forms.UUIDField })],
]);

/** A box may be left alone; among choices one has to be chosen. */
function ofBoolean(field: BooleanField, given: FormFieldOptions): Options {
  if (field.choices === undefined) {
    return { formClass: field.null ? forms.NullBooleanField : forms.BooleanField, required: false };
  }
  return { choices: choicesOf(field, !field.hasDefault && given['initial'] === undefined) };
}

function ofFilePath({ options }: FilePathField): Options {
  const { path = '', match, recursive, allowFiles, allowFolders } = options;
  return {
    formClass: forms.FilePathField,
    path: typeof path === 'function' ? path() : path,
    match,
    recursive,
    allowFiles,
    allowFolders,
  };
}

function rowsOf(field: RelatedField, using: string | undefined): Queryable {
  const { classIn } = classes();
  return classIn(field.model, field.remoteModel)._defaultManager.using(using) as unknown as Queryable;
}

/** A child's link to its parent is nobody's to choose. */
function ofForeignKey(field: ForeignKey, { using, queryset }: FormFieldOptions): Options | null {
  if (field.parentLink) return null;
  return {
    formClass: ModelChoiceField,
    queryset: queryset ?? rowsOf(field, using),
    toFieldName: camelCase(field.targetField.name),
    limitChoicesTo: field.options.limitChoicesTo,
    blank: field.blank,
  };
}

function ofManyToMany(field: ManyToManyField, { using, queryset }: FormFieldOptions): Options {
  return {
    formClass: ModelMultipleChoiceField,
    queryset: queryset ?? rowsOf(field, using),
    limitChoicesTo: field.options.limitChoicesTo,
  };
}

/** The only options that a field with choices takes of those that were given. */
const CHOICE_OPTIONS: ReadonlySet<string> = new Set([
  'coerce',
  'emptyValue',
  'choices',
  'required',
  'widget',
  'label',
  'initial',
  'helpText',
  'errorMessages',
  'showHiddenInitial',
  'disabled',
]);

const BLANK = ['', '---------'] as const;

/** The field's choices; before them, where nothing may be chosen, a blank one, unless they have one. */
function choicesOf(field: ModelField, includeBlank: boolean): unknown {
  const read = (): readonly unknown[] => {
    const choices = field.choices ?? [];
    const hasBlank = field.flatchoices.some(([value]) => value === '' || value === null);
    return includeBlank && !hasBlank ? [BLANK, ...choices] : choices;
  };
  return typeof field.options.choices === 'function' ? read : read();
}

function capitalized(name: Text): Text {
  return name instanceof LazyText ? new LazyText(() => capfirst(String(name))) : capfirst(name);
}

function initialOf(field: ModelField): Options {
  if (!field.hasDefault) return {};
  const initial = (): unknown => toFormValue(field, field.getDefault());
  return typeof field.options.default === 'function'
    ? { initial, showHiddenInitial: true }
    : { initial: initial() };
}

function ofClasses(field: ModelField, given: FormFieldOptions): Options | null {
  const chain: object[] = [];
  for (
    let cls: object | null = field.constructor;
    cls !== null && cls !== Function.prototype;
    cls = Object.getPrototypeOf(cls) as object | null
  ) {
    chain.unshift(cls);
  }
  let options: Options = {};
  for (const cls of chain) {
    const more = OPTIONS.get(cls)?.(field, given);
    if (more === null) return null;
    options = { ...options, ...more };
  }
  return options;
}

/** @internal What `formfield()` of a model's field does. */
export function formfieldOf(field: ModelField, given: FormFieldOptions): forms.Field | null {
  const own = ofClasses(field, given);
  if (own === null) return null;
  const { formClass, choicesFormClass, using: _using, ...options } = { ...own, ...given } as FormFieldOptions;
  const defaults: Options = {
    required: !field.blank,
    label: capitalized(field.verboseName),
    helpText: field.helpText,
    ...initialOf(field),
  };
  const made =
    field.choices === undefined
      ? new (formClass ?? forms.CharField)({ ...defaults, ...initialRows(field, options) })
      : new (choicesFormClass ?? forms.TypedChoiceField)({
          ...defaults,
          choices: choicesOf(field, field.blank || !(field.hasDefault || 'initial' in given)),
          coerce: (value: string) => field.toPython(value),
          ...(field.null && { emptyValue: null }),
          ...Object.fromEntries(Object.entries(options).filter(([name]) => CHOICE_OPTIONS.has(name))),
        });
  made.modelField = field;
  return made;
}

/** Rows that a many-to-many field begins with, as their keys. */
function initialRows(field: ModelField, options: Options): Options {
  const { initial } = options;
  if (!(field instanceof ManyToManyField) || initial === null || initial === undefined) return options;
  const rows = typeof initial === 'function' ? (initial as () => unknown)() : initial;
  return { ...options, initial: [...(rows as Iterable<{ pk: unknown }>)].map(({ pk }) => pk) };
}
