/** Form fields for a model's. Django: `fields_for_model` of `django.forms.models`. */
import { FieldError } from '../../core/exceptions';
import type { ModelClass } from '../../db/models/base';
import type { Field as ModelField } from '../../db/models/fields/base';
import { Q } from '../../db/models/q';
import type { Declared } from '../base_fields';
import type { Field } from '../fields/base';
import { BaseModelChoiceField } from './choice_field';
import type { FormFieldOptions } from './formfields';
import { ALL_FIELDS, formName, type ModelFormMeta, namesOf } from './options';

/** What `fieldsForModel` takes besides what a model form is told. */
export interface FieldsForModelOptions extends ModelFormMeta {
  /** False: each form applies `limitChoicesTo` itself. Default: true. */
  readonly applyLimitChoicesTo?: boolean;
  /** Fields that take the place of the model's. */
  readonly formDeclaredFields?: Declared;
}

/** Narrows what can be chosen to the field's `limitChoicesTo`. */
export function applyLimitChoicesTo(field: Field): void {
  if (!(field instanceof BaseModelChoiceField) || field.limitChoicesTo === null) return;
  const { queryset } = field;
  const limit = field.getLimitChoicesTo();
  if (queryset === null || limit === null) return;
  if (limit instanceof Q ? limit.children.length === 0 : Object.keys(limit).length === 0) return;
  const { Exists } =
    require('../../db/models/expressions/subquery') as typeof import('../../db/models/expressions/subquery');
  const { OuterRef } =
    require('../../db/models/expressions/value') as typeof import('../../db/models/expressions/value');
  const condition = (limit instanceof Q ? limit : new Q(limit)).and(new Q({ pk: OuterRef('pk') }));
  // EXISTS: a row is there once, however often the condition holds for it.
  field.queryset = queryset.filter(Exists(queryset.model._baseManager.filter(condition) as never));
}

function optionsFor(name: string, meta: ModelFormMeta): FormFieldOptions {
  const of = <V>(named: Readonly<Record<string, V>> | null | undefined): V | undefined =>
    named !== null && named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined;
  const [widget, label, helpText] = [of(meta.widgets), of(meta.labels), of(meta.helpTexts)];
  const [errorMessages, formClass] = [of(meta.errorMessages), of(meta.fieldClasses)];
  const { localizedFields } = meta;
  return {
    ...(widget !== undefined && { widget }),
    ...((localizedFields === ALL_FIELDS || localizedFields?.includes(name)) && { localize: true }),
    ...(label !== undefined && { label }),
    ...(helpText !== undefined && { helpText }),
    ...(errorMessages !== undefined && { errorMessages }),
    ...(formClass !== undefined && { formClass }),
  };
}

/** The fields of a model that a form can have, in the order in which they were declared. */
function candidates({ _meta: meta }: ModelClass): readonly ModelField[] {
  return [...meta.concreteFields, ...meta.privateFields, ...meta.manyToMany].sort(
    (a, b) => a.creationCounter - b.creationCounter,
  );
}

/**
 * The form fields of a model by their names, in the order of `fields`. A name that the model has no field of is `null`.
 *
 * @throws FieldError for a field in `fields` that is not editable.
 */
export function fieldsForModel(
  model: ModelClass,
  options: FieldsForModelOptions = {},
): Record<string, Field | null> {
  const { formfieldCallback: callback, formDeclaredFields: declared = {} } = options;
  const wanted = namesOf(options.fields);
  const excluded = new Set(options.exclude);
  const made = Object.create(null) as Record<string, Field | null>;
  const ignored = new Set<string>();
  for (const field of candidates(model)) {
    const name = formName(field);
    if (excluded.has(name)) continue;
    if (!field.editable) {
      if (wanted?.has(name)) {
        throw new FieldError(
          `'${name}' cannot be specified for ${model.name} model form as it is a non-editable field`,
        );
      }
      continue;
    }
    if (wanted !== null && !wanted.has(name)) continue;
    if (Object.hasOwn(declared, name)) {
      made[name] = declared[name] as Field | null;
      continue;
    }
    const given = optionsFor(name, options);
    const formfield = callback ? callback(field, given) : field.formfield(given);
    if (formfield === null) {
      ignored.add(name);
      continue;
    }
    if (options.applyLimitChoicesTo ?? true) applyLimitChoicesTo(formfield);
    made[name] = formfield;
  }
  if (wanted === null || wanted.size === 0) return made;
  const sorted = Object.create(null) as Record<string, Field | null>;
  for (const name of wanted) {
    if (!excluded.has(name) && !ignored.has(name)) sorted[name] = made[name] ?? null;
  }
  return sorted;
}
