/** Several forms of a kind at once. https://docs.djangoproject.com/en/5.2/topics/forms/formsets/ */
import { ValueError } from '../core/exceptions';
import type { SafeString } from '../utils/safestring';
import type { Form } from './forms';
import type { FormSetOptions, FormType } from './formset_base';
import { FormSetValidation } from './formset_validation';
import type { Media } from './media';
import type { FormRenderer } from './renderers';

export { DELETION_FIELD_NAME, type FormSetOptions, type FormType, ORDERING_FIELD_NAME } from './formset_base';

/** The base of formsets: `formsetFactory(Form)` makes one. */
export class BaseFormSet<I extends object = Form> extends FormSetValidation<I> {
  declare templateNameDiv: string;
  declare templateNameP: string;
  declare templateNameTable: string;
  declare templateNameUl: string;

  private get sample(): Form {
    return (this.forms[0] ?? this.emptyForm) as unknown as Form;
  }

  isMultipart(): boolean {
    return this.sample.isMultipart();
  }

  get media(): Media {
    return this.sample.media;
  }

  get templateName(): string {
    return this.renderer.formsetTemplateName;
  }

  override getContext(): Record<string, unknown> {
    return { formset: this };
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
}
Object.assign(BaseFormSet.prototype, {
  templateNameDiv: 'django/forms/formsets/div.html',
  templateNameP: 'django/forms/formsets/p.html',
  templateNameTable: 'django/forms/formsets/table.html',
  templateNameUl: 'django/forms/formsets/ul.html',
});

/** A class of formsets. */
export type FormSetClass<I extends object, S = BaseFormSet<I>> = new (options?: FormSetOptions) => S;

/** How many forms a formset has, and what may be done with them. */
export interface FormSetFactoryOptions<S = unknown> {
  /** The base class. */
  formset?: new (
    options?: FormSetOptions,
  ) => S;
  /** Empty forms behind the initial ones. Default: 1. */
  extra?: number;
  canOrder?: boolean;
  canDelete?: boolean;
  canDeleteExtra?: boolean;
  /** Default: 1000. */
  maxNum?: number | null;
  validateMax?: boolean;
  minNum?: number | null;
  validateMin?: boolean;
  /** As many forms are made at most, whatever is sent. Default: `maxNum` and 1000. */
  absoluteMax?: number | null;
  renderer?: FormRenderer | null;
}

const DEFAULT_MAX_NUM = 1000;

/**
 * A class of formsets of a form.
 *
 * @example
 * ```ts
 * const ArticleFormSet = forms.formsetFactory(ArticleForm, { extra: 2, canDelete: true });
 * const formset = new ArticleFormSet({ data: request.POST });
 * if (await formset.isValid()) for (const { title } of formset.cleanedData) console.log(title);
 * ```
 */
export function formsetFactory<I extends object>(
  form: FormType<I>,
  options: FormSetFactoryOptions = {},
): FormSetClass<I> {
  const maxNum = options.maxNum ?? DEFAULT_MAX_NUM;
  const absoluteMax = options.absoluteMax ?? maxNum + DEFAULT_MAX_NUM;
  if (maxNum > absoluteMax) {
    throw new ValueError("'absolute_max' must be greater or equal to 'max_num'.");
  }
  const Base = (options.formset ?? BaseFormSet) as FormSetClass<I>;
  class Made extends (Base as typeof BaseFormSet<I>) {}
  const name = form.name.endsWith('Form') ? `${form.name}Set` : `${form.name}FormSet`;
  Object.defineProperty(Made, 'name', { value: name });
  Object.assign(Made.prototype, {
    form,
    extra: options.extra ?? 1,
    canOrder: options.canOrder ?? false,
    canDelete: options.canDelete ?? false,
    canDeleteExtra: options.canDeleteExtra ?? true,
    minNum: options.minNum ?? 0,
    maxNum,
    absoluteMax,
    validateMin: options.validateMin ?? false,
    validateMax: options.validateMax ?? false,
    defaultRenderer: options.renderer ?? null,
  });
  return Made;
}

/** Whether all of several formsets are valid; each is validated. */
export async function allValid(formsets: Iterable<{ isValid(): Promise<boolean> }>): Promise<boolean> {
  let valid = true;
  for (const formset of formsets) valid = (await formset.isValid()) && valid;
  return valid;
}
