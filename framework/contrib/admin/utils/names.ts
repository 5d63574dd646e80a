/** What models are called in messages, and the names in fieldsets. */
import type { Model, ModelClass } from '../../../db/models/base';
import type { Options } from '../../../db/models/options';
import { ngettext } from '../../../utils/translation';
import type { FieldRow, Fieldsets } from '../types';

/** The names of rows of fields, which may be several in a line. */
export function flatten<T>(fields: readonly (T | readonly T[])[]): T[] {
  return fields.flatMap((field) => (Array.isArray(field) ? (field as readonly T[]) : [field as T]));
}

/** The names of all fields in fieldsets. */
export function flattenFieldsets(fieldsets: Fieldsets): string[] {
  return fieldsets.flatMap(([, { fields }]) => flatten(fields as readonly FieldRow[])) as string[];
}

/** What a model is called, as messages have it. */
export function modelFormatDict({
  verboseName,
  verboseNamePlural,
}: Options): Record<'verbose_name' | 'verbose_name_plural', string> {
  return { verbose_name: String(verboseName), verbose_name_plural: String(verboseNamePlural) };
}

/** What so many rows of a model are called. */
export function modelNgettext(source: Model | ModelClass | Options, count: number): string {
  const meta =
    '_meta' in source
      ? source._meta
      : 'verboseName' in source
        ? (source as Options)
        : (source.constructor as unknown as ModelClass)._meta;
  return ngettext(String(meta.verboseName), String(meta.verboseNamePlural), count);
}
