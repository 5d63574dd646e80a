/** Django: `django.contrib.messages.views`. */
import type { HttpResponseBase } from '../../http/response_base';
import { percentFormat } from '../../python/format';
import type { Constructor } from '../../views/generic/base';
import type { ViewForm, WithForm } from '../../views/generic/types';
import { success } from './api';

/** A view that says so when its form was valid. */
export interface SuccessMessageView extends WithForm {
  /** The text, with the form's values as `%(name)s`; empty: no message. */
  successMessage: string;
  /** The text for what was sent. */
  getSuccessMessage(cleanedData: Readonly<Record<string, unknown>>): string;
}

/**
 * Adds a message when the form of a view was valid. Beside `FormView`, `CreateView`, `UpdateView` and `DeleteView`.
 *
 * @example
 * ```ts
 * class CreateBook extends SuccessMessageMixin(CreateView<Book>) {
 *   override model = Book;
 *   override fields = ['title'];
 *   override successMessage = '%(title)s was created.';
 * }
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/messages/#adding-messages-in-class-based-views
 */
export function SuccessMessageMixin<Base extends Constructor<WithForm>>(
  base: Base,
): Base & Constructor<SuccessMessageView> {
  return class extends base {
    successMessage = '';

    override async formValid(form: ViewForm): Promise<HttpResponseBase> {
      const response = await super.formValid(form);
      const message = this.getSuccessMessage(
        (form as { cleanedData?: Readonly<Record<string, unknown>> }).cleanedData ?? {},
      );
      if (message) success(this.request, message);
      return response;
    }

    getSuccessMessage(cleanedData: Readonly<Record<string, unknown>>): string {
      return this.successMessage && percentFormat(this.successMessage, cleanedData);
    }
  };
}
