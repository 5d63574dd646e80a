/** Django: `django.contrib.sites.requests`. */
import type { HttpRequest } from '../../http/request';

/**
 * What a site is without a table of sites: the host of the request, as domain and as name.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/sites/#requestsite-objects
 */
export class RequestSite {
  readonly domain: string;
  readonly name: string;

  constructor(request: HttpRequest) {
    this.domain = request.getHost();
    this.name = this.domain;
  }

  /** @throws Error: it is no row. */
  save(): never {
    throw new Error('RequestSite cannot be saved.');
  }

  /** @throws Error: it is no row. */
  delete(): never {
    throw new Error('RequestSite cannot be deleted.');
  }

  toString(): string {
    return this.domain;
  }
}
