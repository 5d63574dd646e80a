/** What the options of an admin look like. */
import type { Model } from '../../db/models/base';
import type { BaseModelFormSet } from '../../forms/models';
import type { Text } from '../../utils/functional';
import type { FieldReference } from './utils/fields';

export type { FieldReference };

/** A line of a form: a field, or several side by side. */
export type FieldRow<M extends Model = Model> = FieldReference<M> | readonly FieldReference<M>[];

/** A group of fields under a title. */
export interface FieldsetOptions<M extends Model = Model> {
  readonly fields: readonly FieldRow<M>[];
  /** Classes of CSS: `collapse` can be folded, `wide` is wider. */
  readonly classes?: readonly string[];
  readonly description?: Text;
}

/** The groups of a form: a title (null: none) and what is in it. */
export type Fieldsets<M extends Model = Model> = readonly (readonly [
  title: Text | null,
  options: FieldsetOptions<M>,
])[];

/** Radio buttons beside each other, or below each other. */
export const HORIZONTAL: 1 = 1;
export const VERTICAL: 2 = 2;
export type RadioDirection = typeof HORIZONTAL | typeof VERTICAL;

/** What the count of each choice of a filter is shown. Django: `ShowFacets`. */
export enum ShowFacets {
  NEVER = 'NEVER',
  ALLOW = 'ALLOW',
  ALWAYS = 'ALWAYS',
}

/** In requests of pop-ups: what marks them, and which field a key is of. */
export const IS_POPUP_VAR = '_popup';
export const TO_FIELD_VAR = '_to_field';
export const SOURCE_MODEL_VAR = '_source_model';

/** A formset that an admin saves: what it made, changed and deleted. */
export type AdminFormSet = BaseModelFormSet;
