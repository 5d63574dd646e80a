/** Groups, lines and fields of a form. */

import { AttributeError, ObjectDoesNotExist, ValueError } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import { ForeignObject, ManyToManyField } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import type { BoundField } from '../../../forms/boundfield';
import type { Form } from '../../../forms/forms';
import { Media } from '../../../forms/media';
import type { ModelForm } from '../../../forms/models';
import { htmlName } from '../../../forms/names';
import { flatatt } from '../../../forms/utils';
import { CheckboxInput, type Widget } from '../../../forms/widgets';
import { NoReverseMatch, reverse } from '../../../urls';
import { LazyText, type Text } from '../../../utils/functional';
import { conditionalEscape, formatHtml } from '../../../utils/html';
import { SafeString } from '../../../utils/safestring';
import { capfirst, normalizeNewlines } from '../../../utils/text';
import type { BaseModelAdmin } from '../options/base';
import type { FieldReference, FieldRow, FieldsetOptions } from '../types';
import { displayForField, displayForValue } from '../utils/display';
import { helpTextForField, labelForField, lookupField, nameOf } from '../utils/fields';
import { quoteKey } from '../utils/keys';

/** What a field of a form is made of, and what only is shown. */
export interface FormParts {
  readonly form: Form;
  readonly readonlyFields: readonly FieldReference[];
  readonly admin: BaseModelAdmin;
}

/** A group of fields. */
export class Fieldset {
  readonly name: Text | null;
  readonly description: Text;
  /** The classes, with a space between them. */
  readonly classes: string;

  constructor(
    protected readonly parts: FormParts,
    name: Text | null,
    private readonly options: FieldsetOptions,
  ) {
    this.name = name;
    this.description = options.description ?? '';
    this.classes = (options.classes ?? []).join(' ');
  }

  /** Whether it can be folded: without errors it begins so. */
  get isCollapsible(): boolean {
    if (!(this.options.classes ?? []).includes('collapse')) return false;
    const { form } = this.parts;
    return !this.options.fields.some((row) =>
      (Array.isArray(row) ? (row as readonly FieldReference[]) : [row as FieldReference]).some(
        (name) => typeof name === 'string' && form.errors.has(this.parts.admin.formNameOf(name)),
      ),
    );
  }

  get media(): Media {
    return new Media();
  }

  *[Symbol.iterator](): Generator<Fieldline> {
    for (const row of this.options.fields) yield this.line(row);
  }

  protected line(row: FieldRow): Fieldline {
    return new Fieldline(this.parts, row);
  }
}

/** A line of a form. */
export class Fieldline {
  readonly fields: readonly FieldReference[];
  readonly hasVisibleField: boolean;

  constructor(
    private readonly parts: FormParts,
    row: FieldRow,
  ) {
    this.fields = Array.isArray(row) ? (row as readonly FieldReference[]) : [row as FieldReference];
    const { form, admin } = parts;
    this.hasVisibleField = !this.fields.every((name) => {
      const field = typeof name === 'string' ? form.fields[admin.formNameOf(name)] : undefined;
      return field?.widget.isHidden ?? false;
    });
  }

  *[Symbol.iterator](): Generator<AdminField | AdminReadonlyField> {
    const { form, admin, readonlyFields } = this.parts;
    let isFirst = true;
    for (const name of this.fields) {
      const isReadonly = readonlyFields.some(
        (each) =>
          each === name ||
          (typeof each === 'string' &&
            typeof name === 'string' &&
            admin.formNameOf(each) === admin.formNameOf(name)),
      );
      yield isReadonly
        ? new AdminReadonlyField(this.parts, name, isFirst)
        : new AdminField(form, admin.formNameOf(name as string), isFirst);
      isFirst = false;
    }
  }

  /** The errors of its fields. */
  errors(): SafeString {
    const { form, admin, readonlyFields } = this.parts;
    const lists = this.fields
      .filter((name): name is string => typeof name === 'string' && !readonlyFields.includes(name))
      .map((name) => form.get(admin.formNameOf(name)).errors)
      .filter((list) => list.length > 0);
    return new SafeString(
      lists.map((list) => list.render('django/forms/errors/list/ul.html').value).join('\n'),
    );
  }
}

/** A field that can be edited. */
export class AdminField {
  readonly field: BoundField;
  readonly isReadonly = false;
  readonly isCheckbox: boolean;
  readonly isFieldset: boolean;
  /** The name as classes of CSS have it. */
  readonly cssName: string;

  constructor(
    form: Form,
    name: string,
    readonly isFirst: boolean,
  ) {
    this.field = form.get(name);
    this.cssName = htmlName(name);
    this.isCheckbox = this.field.field.widget instanceof CheckboxInput;
    this.isFieldset = this.field.field.widget.useFieldset;
  }

  labelTag(): SafeString {
    const classes: string[] = [];
    if (this.isCheckbox) classes.push('vCheckboxLabel');
    if (this.field.field.required) classes.push('required');
    if (!this.isFirst) classes.push('inline');
    return this.field.labelTag(
      conditionalEscape(this.field.label),
      classes.length > 0 ? { class: classes.join(' ') } : {},
      // A box has its label behind it.
      this.isCheckbox ? '' : null,
    );
  }

  /** The label of several elements. */
  legendTag(): SafeString {
    return this.field.legendTag(
      conditionalEscape(this.field.label),
      this.field.field.required ? { class: 'required' } : {},
    );
  }

  errors(): SafeString {
    return this.field.errors.render('django/forms/errors/list/ul.html');
  }
}

/** A value that only is shown. */
export class AdminReadonlyField {
  readonly isReadonly = true;
  readonly isCheckbox = false;
  readonly isFieldset = false;
  readonly cssName: string;
  /** What templates see of it. */
  readonly field: {
    readonly name: string;
    readonly label: Text;
    readonly help_text: Text;
    readonly field: FieldReference;
    readonly is_hidden: false;
    readonly html_name: string;
  };

  constructor(
    private readonly parts: FormParts,
    private readonly reference: FieldReference,
    readonly isFirst: boolean,
  ) {
    const { form, admin } = parts;
    const name =
      typeof reference === 'string'
        ? htmlName(reference)
        : nameOf(reference) === 'lambda' || nameOf(reference) === ''
          ? 'lambda'
          : nameOf(reference);
    const meta = (form.constructor as unknown as typeof ModelForm)._meta;
    const key = typeof reference === 'string' ? admin.formNameOf(reference) : reference.name;
    const own = <T>(texts: Readonly<Record<string, T>> | null | undefined): T | undefined =>
      texts !== null && texts !== undefined && Object.hasOwn(texts, key) ? texts[key] : undefined;
    const label = own(meta.labels) ?? labelForField(reference, admin.model, admin, form as never).label;
    const help =
      own(meta.helpTexts) ?? (typeof reference === 'string' ? helpTextForField(reference, admin.model) : '');
    this.cssName = name;
    this.field = {
      name,
      label: label as Text,
      help_text: help as Text,
      field: reference,
      is_hidden: false,
      html_name: name,
    };
  }

  labelTag(): SafeString {
    const { label } = this.field;
    const attrs = this.isFirst ? {} : { class: 'inline' };
    const text = capfirst(label instanceof LazyText ? label.toString() : label);
    return formatHtml('<label{}>{}{}</label>', flatatt(attrs), text, this.parts.form.labelSuffix);
  }

  /** The value as HTML; it may be promised. */
  async contents(): Promise<SafeString> {
    const shown = conditionalEscape(await this.read());
    return new SafeString(normalizeNewlines(shown.toString()).replaceAll('\n', '<br>'));
  }

  /** The widget of a field that shows what may be seen of its value, and no more: that of a hash of a password. */
  private get readOnlyWidget(): Widget | undefined {
    const { form, admin } = this.parts;
    if (typeof this.reference !== 'string') return undefined;
    const key = admin.formNameOf(this.reference);
    const widget = Object.hasOwn(form.fields, key) ? form.fields[key]?.widget : undefined;
    return (widget as { readOnly?: boolean } | undefined)?.readOnly ? widget : undefined;
  }

  private async read(): Promise<unknown> {
    const { form, admin } = this.parts;
    const { instance } = form as unknown as ModelForm;
    const empty = admin.getEmptyValueDisplay();
    try {
      const { field, attr, value: given } = await lookupField(this.reference, instance as never, admin);
      const widget = this.readOnlyWidget;
      if (widget !== undefined) return widget.render(this.cssName, await given);
      if (field === null) {
        const value = await given;
        if (attr?.boolean) return displayForValue(value, empty, true);
        return value;
      }
      if (field instanceof ManyToManyField) {
        const rows = await (given as { all(): PromiseLike<Iterable<Model>> }).all();
        return [...rows].map(String).join(', ');
      }
      if (field instanceof Relation || field instanceof ForeignObject) {
        const row = (await given) as Model | null | undefined;
        if (row === null || row === undefined) return String(empty);
        return field instanceof ForeignObject ? this.linkTo(field, row) : String(row);
      }
      return displayForField(await given, field, empty);
    } catch (error) {
      if (
        error instanceof AttributeError ||
        error instanceof ValueError ||
        error instanceof ObjectDoesNotExist
      )
        return String(empty);
      throw error;
    }
  }

  /** The row of a foreign key, or of a relation by several values, with a link to its page where it has one. */
  private linkTo(field: ForeignObject, row: Model): unknown {
    const { adminSite } = this.parts.admin;
    const { appLabel, modelName } = field.remoteModel;
    if (adminSite.find(classIn(field.model, field.remoteModel)) === undefined)
      return conditionalEscape(String(row));
    try {
      const url = reverse(`admin:${appLabel}_${modelName}_change`, {
        args: [quoteKey(row.pk)],
        currentApp: adminSite.name,
      });
      return formatHtml('<a href="{}">{}</a>', url, String(row));
    } catch (error) {
      if (error instanceof NoReverseMatch) return conditionalEscape(String(row));
      throw error;
    }
  }

  errors(): string {
    return '';
  }
}
