/** Django: `django.utils.deprecation`, where the base class of middleware lives. */
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import type { MaybePromise } from './maybe_promise';

/** What a middleware is built with: the rest of the chain, as a function. */
export type GetResponse = (request: HttpRequest) => MaybePromise<HttpResponseBase>;

/**
 * A base for class middleware: keeps `getResponse`. The handler finds the hooks (`processRequest`, `processView`,
 * `processException`, `processTemplateResponse`, `processResponse`) by their names; none is required.
 *
 * https://docs.djangoproject.com/en/5.2/topics/http/middleware/
 */
export abstract class MiddlewareMixin {
  constructor(readonly getResponse: GetResponse) {}
}
