/** The formset of an inline in its groups. */
import type { Model } from '../../../db/models/base';
import type { BoundField } from '../../../forms/boundfield';
import type { Form } from '../../../forms/forms';
import { DELETION_FIELD_NAME, ORDERING_FIELD_NAME } from '../../../forms/formsets';
import type { Media } from '../../../forms/media';
import type { BaseInlineFormSet, BaseModelFormSet, ModelForm } from '../../../forms/models';
import { formName } from '../../../forms/models/options';
import { htmlName } from '../../../forms/names';
import { jsonDumps } from '../../../python/json_encoder';
import type { Text } from '../../../utils/functional';
import { capfirst } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import type { InlineModelAdmin } from '../options/inlines';
import type { FieldReference, Fieldsets } from '../types';
import { helpTextForField, labelForField, nameOf } from '../utils/fields';
import { flattenFieldsets } from '../utils/names';
import { AdminForm, type AdminFormInit } from './admin_form';
import { Fieldset } from './fieldset';

/** What somebody may do with the objects of an inline. */
export type InlinePermissions = Readonly<Record<'add' | 'change' | 'delete' | 'view', boolean>>;

/** What the formset of an inline is made of. */
export interface InlineAdminFormSetInit {
  readonly inline: InlineModelAdmin;
  readonly formset: BaseModelFormSet;
  readonly fieldsets: Fieldsets;
  readonly prepopulated: Readonly<Record<string, readonly string[]>>;
  readonly readonlyFields: readonly FieldReference[];
  readonly permissions: InlinePermissions;
}

/** A column of a table of inlines. */
interface InlineColumn {
  readonly name: string;
  readonly label: Text;
  readonly widget: { readonly is_hidden: boolean };
  readonly required: boolean;
  readonly help_text: unknown;
}

export class InlineAdminFormSet {
  readonly opts: InlineModelAdmin;
  readonly formset: BaseModelFormSet;
  readonly hasAddPermission: boolean;
  readonly hasChangePermission: boolean;
  readonly hasDeletePermission: boolean;
  readonly hasViewPermission: boolean;
  readonly classes: string;
  readonly isCollapsible: boolean;
  private made: readonly InlineAdminForm[] | undefined;
  private empty: Form | undefined;

  constructor(private readonly init: InlineAdminFormSetInit) {
    const { inline, formset, permissions } = init;
    this.opts = inline;
    this.formset = formset;
    this.hasAddPermission = permissions.add;
    this.hasChangePermission = permissions.change;
    this.hasDeletePermission = permissions.delete;
    this.hasViewPermission = permissions.view;
    this.classes = (inline.classes ?? []).join(' ');
    this.isCollapsible =
      (inline.classes ?? []).includes('collapse') && !formset.errors.some((errors) => errors.size > 0);
  }

  /** The fields that only are shown: all, where whoever asks may only look. */
  private get shownOnly(): readonly FieldReference[] {
    if (this.hasChangePermission) return this.init.readonlyFields;
    return [...this.init.readonlyFields, ...flattenFieldsets(this.init.fieldsets)];
  }

  /** Its forms: a page goes through them several times. */
  [Symbol.iterator](): IterableIterator<InlineAdminForm> {
    this.made ??= [...this.makeForms()];
    return this.made.values();
  }

  private *makeForms(): Generator<InlineAdminForm> {
    const { formset } = this;
    const { initialForms } = formset;
    for (const [i, form] of initialForms.entries()) {
      const original = (formset.isBound ? form.instance : formset.getQueryset()._fetchAll()) as unknown;
      const row = Array.isArray(original) ? (original[i] as Model) : (original as Model);
      yield this.form(form as unknown as Form, row, this.shownOnly);
    }
    for (const form of formset.extraForms)
      yield this.form(form as unknown as Form, null, this.init.readonlyFields);
    if (this.hasAddPermission) yield this.form(this.emptyForm, null, this.init.readonlyFields);
  }

  /** The form that a script makes others of. A formset makes a new one for whoever asks. */
  private get emptyForm(): Form {
    this.empty ??= this.formset.emptyForm as unknown as Form;
    return this.empty;
  }

  private form(
    form: Form,
    original: Model | null,
    readonlyFields: readonly FieldReference[],
  ): InlineAdminForm {
    const { fieldsets, prepopulated, inline } = this.init;
    return new InlineAdminForm(this, original, {
      form,
      fieldsets,
      prepopulated: original === null || this.hasChangePermission ? prepopulated : {},
      readonlyFields,
      admin: inline,
    });
  }

  /** The columns. */
  *fields(): Generator<InlineColumn> {
    const { inline, fieldsets, readonlyFields } = this.init;
    const empty = this.emptyForm;
    const { fk } = this.formset as unknown as BaseInlineFormSet;
    const meta = (empty.constructor as unknown as typeof ModelForm)._meta;
    for (const reference of flattenFieldsets(fieldsets) as FieldReference[]) {
      const key = typeof reference === 'string' ? inline.formNameOf(reference) : nameOf(reference);
      if (fk !== undefined && formName(fk) === key) continue;
      const isReadonly =
        !this.hasChangePermission ||
        readonlyFields.some(
          (each) => each === reference || (typeof each === 'string' && inline.formNameOf(each) === key),
        );
      const own = <T>(texts: Readonly<Record<string, T>> | null | undefined): T | undefined =>
        texts !== null && texts !== undefined && Object.hasOwn(texts, key) ? texts[key] : undefined;
      const field = empty.fields[key];
      if (isReadonly || field === undefined) {
        yield {
          name: htmlName(key),
          label:
            (own(meta.labels) as Text | undefined) ??
            labelForField(reference, inline.model, inline, empty as never).label,
          widget: { is_hidden: false },
          required: false,
          help_text:
            own(meta.helpTexts) ??
            (typeof reference === 'string' ? helpTextForField(reference, inline.model) : ''),
        };
      } else {
        const label =
          (field.label as Text | null) ??
          labelForField(reference, inline.model, inline, empty as never).label;
        yield {
          name: htmlName(key),
          label: capfirst(String(label)),
          widget: { is_hidden: field.widget.isHidden },
          required: field.required,
          help_text: field.helpText,
        };
      }
    }
  }

  /** What the script needs: names and texts, as JSON. */
  inlineFormsetData(): string {
    const name = String(this.opts.name);
    return jsonDumps({
      name: `#${this.formset.prefix}`,
      options: {
        prefix: this.formset.prefix,
        addText: gettext('Add another %(verbose_name)s').replace('%(verbose_name)s', capfirst(name)),
        deleteText: gettext('Remove'),
        ...(this.isSortable && { sortable: htmlName(String(this.opts.sortableName)) }),
      },
    });
  }

  /** Whether whoever asks may put the rows into another order: all that are there, or new ones alone. */
  get isSortable(): boolean {
    const { sortableName } = this.opts;
    if (sortableName === null || !(sortableName in this.emptyForm.fields)) return false;
    return this.hasChangePermission || (this.hasAddPermission && this.formset.initialFormCount() === 0);
  }

  get forms(): BaseModelFormSet['forms'] {
    return this.formset.forms;
  }

  nonFormErrors(): unknown {
    return this.formset.nonFormErrors();
  }

  get isBound(): boolean {
    return this.formset.isBound;
  }

  get totalFormCount(): number {
    return this.formset.totalFormCount();
  }

  get media(): Media {
    return this.opts.media.add(this.formset.media);
  }
}

/** A form of an inline. */
export class InlineAdminForm extends AdminForm {
  readonly showUrl = false;
  readonly absoluteUrl: string | null = null;

  constructor(
    readonly formset: InlineAdminFormSet,
    readonly original: Model | null,
    init: AdminFormInit,
  ) {
    super(init);
  }

  /** The groups without the foreign key, which stands beside them. */
  override *[Symbol.iterator](): Generator<Fieldset> {
    const { fk } = this.formset.formset as unknown as BaseInlineFormSet;
    const own = fk === undefined ? undefined : formName(fk);
    const isOwn = (name: FieldReference): boolean =>
      typeof name === 'string' && this.admin.formNameOf(name) === own;
    const parts = { form: this.form, readonlyFields: this.readonlyFields, admin: this.admin };
    for (const [title, options] of this.fieldsetsGiven) {
      const fields = options.fields.filter((row) => Array.isArray(row) || !isOwn(row as FieldReference));
      yield new Fieldset(parts, title, { ...options, fields });
    }
  }

  /** Whether the key has to be in the form: it is no field of it, and a new row gets one by itself. */
  needsExplicitPkField(): boolean {
    const { opts } = this.admin;
    return (
      opts.pk.isAuto ||
      !opts.pk.editable ||
      [...opts.parents.keys()].some((parent) => parent.pk.isAuto || !parent.pk.editable)
    );
  }

  pkField(): unknown {
    return { field: this.bound(formName(this.admin.opts.pk)), is_first: false };
  }

  fkField(): unknown {
    const { fk } = this.formset.formset as unknown as BaseInlineFormSet;
    return fk === undefined ? '' : { field: this.bound(formName(fk)), is_first: false };
  }

  deletionField(): unknown {
    return { field: this.bound(DELETION_FIELD_NAME), is_first: false };
  }

  orderingField(): unknown {
    return { field: this.bound(ORDERING_FIELD_NAME), is_first: false };
  }

  private bound(name: string): BoundField | undefined {
    return name in this.form.fields ? this.form.get(name) : undefined;
  }
}
