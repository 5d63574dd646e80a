/** The errors of a form by field. Django: `ErrorDict` of `django.forms.utils`. */
import type { ValidationError } from '../core/exceptions';
import { jsonDumps } from '../python/json_encoder';
import { SafeString } from '../utils/safestring';
import { htmlName } from './names';
import type { FormRenderer } from './renderers';
import type { ErrorData, ErrorList } from './utils';

/** Errors by the fields' names, as they are declared; what is shown or sent has HTML's names. */
export class ErrorDict extends Map<string, ErrorList> {
  declare templateName: string;
  declare templateNameText: string;
  declare templateNameUl: string;
  readonly renderer: FormRenderer;

  constructor(renderer: FormRenderer) {
    super();
    this.renderer = renderer;
  }

  asData(): Map<string, ValidationError[]> {
    return new Map([...this].map(([field, errors]) => [field, errors.asData()]));
  }

  getJsonData(escapeHTML = false): Record<string, ErrorData[]> {
    const data = Object.create(null) as Record<string, ErrorData[]>;
    for (const [field, errors] of this) data[htmlName(field)] = errors.getJsonData(escapeHTML);
    return data;
  }

  asJson(escapeHTML = false): string {
    return jsonDumps(new Map(Object.entries(this.getJsonData(escapeHTML))));
  }

  getContext(): Record<string, unknown> {
    return {
      errors: [...this].map(([field, errors]) => [htmlName(field), errors]),
      error_class: 'errorlist',
    };
  }

  render(templateName: string | null = null): SafeString {
    return new SafeString(this.renderer.render(templateName ?? this.templateName, this.getContext()));
  }

  asUl(): SafeString {
    return this.render(this.templateNameUl);
  }

  asText(): SafeString {
    return this.render(this.templateNameText);
  }

  override toString(): string {
    return this.render().value;
  }

  toHTML(): string {
    return this.toString();
  }
}
Object.assign(ErrorDict.prototype, {
  templateName: 'django/forms/errors/dict/default.html',
  templateNameText: 'django/forms/errors/dict/text.txt',
  templateNameUl: 'django/forms/errors/dict/ul.html',
});
