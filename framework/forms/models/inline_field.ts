/** The row that an inline form belongs to. Django: `InlineForeignKeyField` of `django.forms.models`. */
import type { Model } from '../../db/models/base';
import { toStr } from '../../python/str';
import { gettextLazy as _ } from '../../utils/translation';
import { Field, type FieldOptions, isEmpty } from '../fields/base';
import { HiddenInput, type WidgetClass } from '../widgets';

/** What the field is told of that row. */
export interface InlineForeignKeyOptions extends Omit<FieldOptions, 'required'> {
  /** Whether the foreign key is the primary key, too. */
  readonly pkField?: boolean;
  /** The property that the foreign key refers to. Default: the key. */
  readonly toField?: string | null;
}

/** A hidden field that gives the row that its form belongs to, and refuses the key of another. */
export class InlineForeignKeyField extends Field<Model | null> {
  static override widget: WidgetClass = HiddenInput;
  static override defaultErrorMessages = {
    invalid_choice: _('The inline value did not match the parent instance.'),
  };
  private readonly pkField: boolean;
  private readonly property: string;

  constructor(
    readonly parentInstance: Model,
    { pkField = false, toField, ...options }: InlineForeignKeyOptions = {},
  ) {
    super({ initial: attributeOf(parentInstance, toField ?? 'pk'), ...options, required: false });
    this.pkField = pkField;
    this.property = toField ?? 'pk';
  }

  override clean(value: unknown): Model | null {
    if (isEmpty(value)) return this.pkField ? null : this.parentInstance;
    if (toStr(value) !== toStr(attributeOf(this.parentInstance, this.property)))
      throw this.error('invalid_choice');
    return this.parentInstance;
  }

  override hasChanged(): boolean {
    return false;
  }
}

function attributeOf(instance: Model, property: string): unknown {
  return (instance as unknown as Record<string, unknown>)[property] ?? null;
}
