/**
 * Responses that are rendered after the view, so that middleware can still change template and context.
 *
 * Django: `django.template.response`; https://docs.djangoproject.com/en/5.2/ref/template-response/
 */
import type { HttpRequest } from '../http/request';
import { type Content, HttpResponse, type ResponseOptions } from '../http/response';
import { type MaybePromise, then } from '../utils/maybe_promise';
import type { BackendTemplate } from './backends/base';
import type { ContextValues } from './context';
import { getTemplate, selectTemplate } from './loader';

/** The response has no content yet: call `render()`. */
export class ContentNotRenderedError extends Error {
  override readonly name = 'ContentNotRenderedError';
}

/** What a template response's template can be given as. */
export type TemplateLike = string | readonly string[] | BackendTemplate;

/** Called with a response when it has been rendered; may return another in its place. */
export type PostRenderCallback = (response: SimpleTemplateResponse) => MaybePromise<HttpResponse | undefined>;

/** A response with a template and a context, without a request. */
export class SimpleTemplateResponse extends HttpResponse {
  templateName: TemplateLike;
  contextData: ContextValues | null;
  using: string | null;
  protected readonly requestOf: HttpRequest | null = null;
  private rendered = false;
  private readonly callbacks: PostRenderCallback[] = [];

  constructor(
    template: TemplateLike,
    context: ContextValues | null = null,
    options: ResponseOptions & { using?: string | null } = {},
  ) {
    const { using, ...rest } = options;
    super('', rest);
    this.templateName = template;
    this.contextData = context;
    this.using = using ?? null;
  }

  /** A template by name, names or itself. */
  resolveTemplate(template: TemplateLike): BackendTemplate {
    if (typeof template === 'string') return getTemplate(template, this.using);
    if (Array.isArray(template)) return selectTemplate(template as readonly string[], this.using);
    return template as BackendTemplate;
  }

  /** The context that is rendered with. */
  resolveContext(context: ContextValues | null): ContextValues | null {
    return context;
  }

  /** The text, freshly rendered. The response keeps what it has. */
  get renderedContent(): MaybePromise<string> {
    const template = this.resolveTemplate(this.templateName);
    return template.render(this.resolveContext(this.contextData), this.requestOf);
  }

  /** Calls `callback` when the response has been rendered; at once if it is. */
  addPostRenderCallback(callback: PostRenderCallback): MaybePromise<HttpResponse | undefined> {
    if (this.rendered) return callback(this);
    this.callbacks.push(callback);
    return undefined;
  }

  /** Renders, once; later calls change nothing. What a callback returns takes the place of the response. */
  render(): MaybePromise<HttpResponse> {
    if (this.rendered) return this;
    return then(this.renderedContent, (text) => {
      this.content = text;
      let current: MaybePromise<HttpResponse> = this;
      for (const callback of this.callbacks) {
        current = then(current, (response) =>
          then(callback(response as SimpleTemplateResponse), (other) => other ?? response),
        );
      }
      return current;
    });
  }

  get isRendered(): boolean {
    return this.rendered;
  }

  /** @throws ContentNotRenderedError before `render()`. */
  override get content(): Buffer {
    if (!this.rendered) {
      throw new ContentNotRenderedError('The response content must be rendered before it can be accessed.');
    }
    return super.content;
  }

  override set content(value: Content | Promise<Content>) {
    super.content = value as Content;
    this.rendered = true;
  }

  /** @throws ContentNotRenderedError before `render()`. */
  override [Symbol.iterator](): IterableIterator<Buffer> {
    if (!this.rendered) {
      throw new ContentNotRenderedError(
        'The response content must be rendered before it can be iterated over.',
      );
    }
    return super[Symbol.iterator]();
  }
}

/** A response with a template, a context and the request, whose context processors are applied. */
export class TemplateResponse extends SimpleTemplateResponse {
  protected override readonly requestOf: HttpRequest | null;

  constructor(
    request: HttpRequest,
    template: TemplateLike,
    context: ContextValues | null = null,
    options: ResponseOptions & { using?: string | null } = {},
  ) {
    super(template, context, options);
    this.requestOf = request;
  }
}
