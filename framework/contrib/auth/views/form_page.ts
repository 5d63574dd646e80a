/** What the pages of users have in common. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { FormOptions } from '../../../forms';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { resolveUrl } from '../../../shortcuts';
import { urlHasAllowedHostAndScheme } from '../../../utils/http';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { neverCache } from '../../../views/decorators/cache';
import { csrfProtect } from '../../../views/decorators/csrf';
import { TemplateView, type ViewFunction, type ViewParams } from '../../../views/generic/base';
import { loginNotRequired } from '../decorators';
import { REDIRECT_FIELD_NAME } from '../login';

/** A form of these pages. */
export interface PageForm {
  isValid(): Promise<boolean>;
}

/** The page for whoever is not logged in: never cached, and its form comes from this site. */
export function protectedPage(view: ViewFunction): ViewFunction {
  return neverCache(csrfProtect(view));
}

/** The same, where LoginRequiredMiddleware lets visitors through. */
export function openPage(view: ViewFunction): ViewFunction {
  return loginNotRequired(protectedPage(view));
}

/** Page and title. */
export class TitledView extends TemplateView {
  title = '';

  override getContextData(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return super.getContextData({ title: this.title, subtitle: null, ...values });
  }
}

/** A page with a form: shown with GET, taken with POST; a valid one leads on. */
export abstract class FormPage<F extends PageForm> extends TitledView {
  /** Where a valid form leads: a path, or the name of a URL pattern. */
  successUrl: string | null = null;
  initial: Readonly<Record<string, unknown>> = {};
  prefix: string | null = null;

  /** The form of the request. */
  abstract getForm(): MaybePromise<F>;

  /** What the form is made with. */
  getFormKwargs(): FormOptions {
    const { initial, prefix, request } = this;
    const isSent = request.method === 'POST' || request.method === 'PUT';
    return { initial: { ...initial }, prefix, ...(isSent && { data: request.POST, files: request.FILES }) };
  }

  /** @throws ImproperlyConfigured without `successUrl`. */
  getSuccessUrl(): string {
    if (!this.successUrl) throw new ImproperlyConfigured('No URL to redirect to. Provide a success_url.');
    return resolveUrl(this.successUrl);
  }

  /** The answer to a valid form. */
  formValid(_form: F): MaybePromise<HttpResponseBase> {
    return new HttpResponseRedirect(this.getSuccessUrl());
  }

  /** The answer to any other: the page with its errors. */
  formInvalid(form: F): MaybePromise<HttpResponseBase> {
    return this.renderToResponse(this.getContextData({ form }));
  }

  override async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    return this.renderToResponse(this.getContextData({ form: await this.getForm() }));
  }

  async post(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    const form = await this.getForm();
    return (await form.isValid()) ? this.formValid(form) : this.formInvalid(form);
  }
}

/** Where a request says to go next, if that is on this site. */
export function safeNext(request: HttpRequest, field: string, allowedHosts: Iterable<string> = []): string {
  const given = request.POST.get(field, null) ?? request.GET.get(field, '');
  const url = typeof given === 'string' ? given : '';
  const hosts = [request.getHost(), ...allowedHosts];
  return urlHasAllowedHostAndScheme(url, hosts, request.isSecure()) ? url : '';
}

/** The options of pages that lead where a request says. */
export interface NextOptions {
  /** Where to, where the request does not say. */
  nextPage: string | null;
  redirectFieldName: string;
  /** Other hosts that it may lead to. */
  successUrlAllowedHosts: ReadonlySet<string>;
}

/** The options as they are without a site's own. */
export const NEXT_DEFAULTS: NextOptions = {
  nextPage: null,
  redirectFieldName: REDIRECT_FIELD_NAME,
  successUrlAllowedHosts: new Set(),
};
