/** A form in its groups. */

import type { BoundField } from '../../../forms/boundfield';
import type { ErrorDict } from '../../../forms/error_dict';
import type { Form } from '../../../forms/forms';
import type { Media } from '../../../forms/media';
import type { BaseModelFormSet } from '../../../forms/models';
import { ErrorList } from '../../../forms/utils';
import type { BaseModelAdmin } from '../options/base';
import type { FieldReference, Fieldsets } from '../types';
import { Fieldset } from './fieldset';

/** What an admin's form is made of. */
export interface AdminFormInit {
  readonly form: Form;
  readonly fieldsets: Fieldsets;
  readonly prepopulated: Readonly<Record<string, readonly string[]>>;
  readonly readonlyFields?: readonly FieldReference[];
  readonly admin: BaseModelAdmin;
}

/** A field that is filled from others. */
interface Prepopulated {
  readonly field: BoundField;
  readonly dependencies: readonly BoundField[];
}

export class AdminForm {
  readonly form: Form;
  readonly fieldsetsGiven: Fieldsets;
  readonly prepopulatedFields: readonly Prepopulated[];
  readonly readonlyFields: readonly FieldReference[];
  readonly admin: BaseModelAdmin;

  constructor({ form, fieldsets, prepopulated, readonlyFields = [], admin }: AdminFormInit) {
    this.form = form;
    this.fieldsetsGiven = fieldsets;
    this.admin = admin;
    this.readonlyFields = readonlyFields;
    const bound = (name: string): BoundField => form.get(admin.formNameOf(name));
    this.prepopulatedFields = Object.entries(prepopulated).map(([name, from]) => ({
      field: bound(name),
      dependencies: from.map(bound),
    }));
  }

  *[Symbol.iterator](): Generator<Fieldset> {
    const parts = { form: this.form, readonlyFields: this.readonlyFields, admin: this.admin };
    for (const [name, options] of this.fieldsetsGiven) yield new Fieldset(parts, name, options);
  }

  get errors(): ErrorDict {
    return this.form.errors;
  }

  get nonFieldErrors(): unknown {
    return this.form.nonFieldErrors();
  }

  get fields(): Form['fields'] {
    return this.form.fields;
  }

  get isBound(): boolean {
    return this.form.isBound;
  }

  get media(): Media {
    return this.form.media;
  }
}

/** All errors of a form and of its inlines: what decides how the page begins. */
export class AdminErrorList extends ErrorList {
  constructor(form: Form, formsets: readonly BaseModelFormSet[]) {
    super();
    if (!form.isBound) return;
    for (const list of form.errors.values()) this.extend([...list.asData()]);
    for (const formset of formsets) {
      this.extend([...formset.nonFormErrors().asData()]);
      for (const errors of formset.errors)
        for (const list of errors.values()) this.extend([...list.asData()]);
    }
  }
}
