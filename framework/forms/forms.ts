/** Forms. https://docs.djangoproject.com/en/5.2/ref/forms/api/ */
import type { SafeString } from '../utils/safestring';
import { gettext } from '../utils/translation';
import type { BoundField } from './boundfield';
import type { Fields } from './form_options';
import { FormValidation } from './form_validation';
import { type Media, mediaOf } from './media';
import { htmlName } from './names';
import type { ErrorList } from './utils';

export type { Cleaned, ErrorListClass, Fields, FormOptions, OwnFields } from './form_options';

/**
 * The base of forms: `forms.form({ … })` makes one that has the fields given.
 *
 * @example
 * ```ts
 * class ContactForm extends forms.form({ sender: new forms.EmailField() }) {}
 * const form = new ContactForm({ data: request.POST });
 * if (await form.isValid()) form.cleanedData.sender;
 * ```
 */
export class Form<F extends Fields = Fields> extends FormValidation<F> {
  declare templateNameDiv: string;
  declare templateNameP: string;
  declare templateNameTable: string;
  declare templateNameUl: string;
  declare templateNameLabel: string;

  get templateName(): string {
    return this.renderer.formTemplateName;
  }

  override getContext(): Record<string, unknown> {
    const fields: [BoundField, ErrorList][] = [];
    const hidden: BoundField[] = [];
    const top = this.nonFieldErrors().copy();
    for (const bound of this) {
      if (!bound.isHidden) {
        fields.push([bound, bound.errors]);
        continue;
      }
      for (const error of bound.errors) {
        top.push(
          gettext('(Hidden field %(name)s) %(error)s')
            .replace('%(name)s', () => htmlName(bound.name))
            .replace('%(error)s', () => error),
        );
      }
      hidden.push(bound);
    }
    return { form: this, fields, hidden_fields: hidden, errors: top };
  }

  asDiv(): SafeString {
    return this.render(this.templateNameDiv);
  }

  asP(): SafeString {
    return this.render(this.templateNameP);
  }

  asTable(): SafeString {
    return this.render(this.templateNameTable);
  }

  asUl(): SafeString {
    return this.render(this.templateNameUl);
  }

  /** Scripts and style sheets of the form and its widgets. */
  get media(): Media {
    const own = mediaOf(this.constructor);
    return Object.values(this.fields).reduce((media, field) => media.add(field.widget.media), own);
  }

  /** Whether `<form>` has to say `enctype="multipart/form-data"`. */
  isMultipart(): boolean {
    return Object.values(this.fields).some((field) => field.widget.needsMultipartForm);
  }
}
Object.assign(Form.prototype, {
  templateNameDiv: 'django/forms/div.html',
  templateNameP: 'django/forms/p.html',
  templateNameTable: 'django/forms/table.html',
  templateNameUl: 'django/forms/ul.html',
  templateNameLabel: 'django/forms/label.html',
});
