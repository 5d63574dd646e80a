/** Pages with forms. Django: `django.views.generic.edit`; https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-editing/ */
import { ImproperlyConfigured } from '../../core/exceptions';
import type { Model } from '../../db/models/base';
import { Form, type FormOptions } from '../../forms/forms';
import type { HttpRequest } from '../../http/request';
import { HttpResponseRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import type { MaybePromise } from '../../utils/maybe_promise';
import { type Constructor, ContextView, type ViewParams } from './base';
import { named, SingleObjectMixin, SingleObjectTemplateResponseMixin } from './detail';
import type {
  Context,
  GetView,
  ModelFormView,
  ProcessFormView,
  SingleObjectTemplateView,
  SingleObjectView,
  ViewForm,
  ViewFormClass,
  ViewModelForm,
  ViewStatics,
  WithForm,
} from './types';

/** Gives a view a form. */
export function FormMixin<Base extends Constructor<ContextView>, F extends ViewForm = ViewForm>(
  base: Base,
): Base & Constructor<WithForm<F>> {
  return class extends base {
    /** What the form shows at first. */
    initial: Readonly<Record<string, unknown>> = {};
    formClass: ViewFormClass<F> | null = null;
    /** Where a valid form leads. */
    successUrl: string | { toString(): string } | null = null;
    prefix: string | null = null;

    getInitial(): Record<string, unknown> {
      return { ...this.initial };
    }

    getPrefix(): string | null {
      return this.prefix;
    }

    /** The class of the form. @throws ImproperlyConfigured without `formClass` */
    getFormClass(): ViewFormClass<F> {
      if (this.formClass === null) {
        throw new ImproperlyConfigured(
          `${this.constructor.name} has no form. Define ${this.constructor.name}.formClass, or override getFormClass().`,
        );
      }
      return this.formClass;
    }

    getForm(formClass: ViewFormClass<F> | null = null): F {
      return new (formClass ?? this.getFormClass())(this.getFormKwargs() as never);
    }

    /** What the form is made with: with POST and PUT what was sent, too. */
    getFormKwargs(): FormOptions & Record<string, unknown> {
      const { method, POST, FILES } = this.request;
      const sent = method === 'POST' || method === 'PUT' ? { data: POST, files: FILES } : {};
      return { initial: this.getInitial(), prefix: this.getPrefix(), ...sent };
    }

    /** @throws ImproperlyConfigured without `successUrl` */
    getSuccessUrl(): string {
      if (!this.successUrl) throw new ImproperlyConfigured('No URL to redirect to. Provide a success_url.');
      return String(this.successUrl);
    }

    /** The answer to a valid form: a redirect to `getSuccessUrl()`. */
    formValid(_form: F): MaybePromise<HttpResponseBase> {
      return new HttpResponseRedirect(this.getSuccessUrl());
    }

    /** The answer to any other: the page with its errors. */
    async formInvalid(form: F): Promise<HttpResponseBase> {
      return this.renderToResponse(await this.getContextData({ form }));
    }

    override async getContextData(values: Readonly<Context> = {}): Promise<Context> {
      return super.getContextData('form' in values ? values : { form: this.getForm(), ...values });
    }
  };
}

interface TakesForm extends ContextView {
  getForm(): ViewForm;
  formValid(form: never): MaybePromise<HttpResponseBase>;
  formInvalid(form: never): Promise<HttpResponseBase>;
}

/** Shows a form with GET, and takes it with POST (and PUT). Django: `ProcessFormView`. */
export function ProcessFormMixin<Base extends Constructor<TakesForm>>(
  base: Base,
): Base & Constructor<ProcessFormView> {
  return class extends base {
    async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
      return this.renderToResponse(await this.getContextData());
    }

    async post(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
      const form = this.getForm();
      return (await form.isValid()) ? this.formValid(form as never) : this.formInvalid(form as never);
    }

    put(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
      return this.post(request, params);
    }
  };
}

/** The page of a form. */
export interface FormView<F extends ViewForm = ViewForm> extends WithForm<F>, ProcessFormView {}

class FormPage extends ProcessFormMixin(FormMixin(ContextView)) {}

/**
 * The page of a form: shown with GET, checked with POST; a valid one leads to `successUrl`.
 *
 * @example
 * ```ts
 * class Contact extends FormView<ContactForm> {
 *   override templateName = 'contact.html';
 *   override formClass = ContactForm;
 *   override successUrl = '/thanks/';
 * }
 * ```
 */
export const FormView = named('FormView', FormPage) as unknown as ViewStatics & {
  new <F extends ViewForm = ViewForm>(): FormView<F>;
};

/** `%`-free, as Django's `str.format(**object.__dict__)`: `{name}` is a value of the object. */
function filledIn(url: string, object: object): string {
  const values = object as Readonly<Record<string, unknown>>;
  return url.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name]));
}

/** Gives a view a form of a model, for a new row or the one that it is about. */
export function ModelFormMixin<Base extends Constructor<ContextView>, M extends Model = Model>(
  base: Base,
): Base & Constructor<ModelFormView<M>> {
  const WithObject = SingleObjectMixin<Base, M>(base);
  return class extends FormMixin<typeof WithObject, ViewModelForm<M>>(WithObject) {
    /** The fields of the form, where there is no `formClass`. */
    fields: readonly string[] | '__all__' | null = null;

    override getFormClass(): ViewFormClass<ViewModelForm<M>> {
      if (this.fields !== null && this.formClass !== null) {
        throw new ImproperlyConfigured("Specifying both 'fields' and 'form_class' is not permitted.");
      }
      if (this.formClass !== null) return this.formClass;
      const object = this.object ?? null;
      const model = this.model ?? (object === null ? this.getQueryset().model : object.constructor);
      if (this.fields === null) {
        throw new ImproperlyConfigured(
          `Using ModelFormMixin (base class of ${this.constructor.name}) without the 'fields' attribute is prohibited.`,
        );
      }
      const { modelformFactory } = require('../../forms/models') as typeof import('../../forms/models');
      return modelformFactory(model as never, { fields: this.fields as never }) as unknown as ViewFormClass<
        ViewModelForm<M>
      >;
    }

    override getFormKwargs(): FormOptions & Record<string, unknown> {
      return { ...super.getFormKwargs(), instance: this.object ?? null };
    }

    override getSuccessUrl(): string {
      const { object } = this as { object: M & { getAbsoluteUrl?(): string } };
      if (this.successUrl) return filledIn(String(this.successUrl), object);
      if (typeof object.getAbsoluteUrl === 'function') return object.getAbsoluteUrl();
      throw new ImproperlyConfigured(
        'No URL to redirect to.  Either provide a url or define a get_absolute_url method on the Model.',
      );
    }

    override async formValid(form: ViewModelForm<M>): Promise<HttpResponseBase> {
      this.object = await form.save();
      return super.formValid(form);
    }
  };
}

/** The page that makes a row. */
export interface CreateView<M extends Model = Model>
  extends ModelFormView<M>,
    SingleObjectTemplateView,
    ProcessFormView {}

class Create extends SingleObjectTemplateResponseMixin(ProcessFormMixin(ModelFormMixin(ContextView))) {
  override templateNameSuffix = '_form';
}

/**
 * The page that makes a row: `<app>/<model>_form.html`.
 *
 * @example
 * ```ts
 * class CreateBook extends CreateView<Book> {
 *   override model = Book;
 *   override fields = ['title', 'author'];
 * }
 * ```
 */
export const CreateView = named('CreateView', Create) as unknown as ViewStatics & {
  new <M extends Model = Model>(): CreateView<M>;
};

/** The page that changes a row. */
export interface UpdateView<M extends Model = Model> extends CreateView<M> {}

class Update extends Create {
  override async get(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return super.get(request, params);
  }

  override async post(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return super.post(request, params);
  }
}

/** The page that changes a row: `<app>/<model>_form.html`. */
export const UpdateView = named('UpdateView', Update) as unknown as ViewStatics & {
  new <M extends Model = Model>(): UpdateView<M>;
};

/** The page that asks before it deletes a row. */
export interface DeleteView<M extends Model = Model>
  extends SingleObjectView<M>,
    SingleObjectTemplateView,
    WithForm,
    GetView {
  post(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase>;
  /** Without the page in between. */
  delete(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase>;
}

class Delete extends SingleObjectTemplateResponseMixin(FormMixin(SingleObjectMixin(ContextView))) {
  override formClass: ViewFormClass | null = Form;
  override templateNameSuffix = '_confirm_delete';

  async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return this.renderToResponse(await this.getContextData({ object: this.object }));
  }

  async post(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    const form = this.getForm();
    return (await form.isValid()) ? this.formValid(form) : this.formInvalid(form);
  }

  async delete(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return this.deleted();
  }

  override formValid(_form: ViewForm): Promise<HttpResponseBase> {
    return this.deleted();
  }

  private async deleted(): Promise<HttpResponseBase> {
    const url = this.getSuccessUrl();
    await this.object.delete();
    return new HttpResponseRedirect(url);
  }

  override getSuccessUrl(): string {
    return filledIn(super.getSuccessUrl(), this.object);
  }
}

/** The page that asks before it deletes a row: `<app>/<model>_confirm_delete.html`; with POST the row is deleted. */
export const DeleteView = named('DeleteView', Delete) as unknown as ViewStatics & {
  new <M extends Model = Model>(): DeleteView<M>;
};
