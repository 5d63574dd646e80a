/** `{% load flatpages %}`. Django: `django.contrib.flatpages.templatetags.flatpages`. */
import { settings } from '../../../conf';
import type { HttpRequest } from '../../../http/request';
import type { Context } from '../../../template/context';
import { TemplateSyntaxError } from '../../../template/exceptions';
import { Library } from '../../../template/library';
import { Node, type Rendered } from '../../../template/node';
import { Variable } from '../../../template/variable';
import { isPromise, type MaybePromise } from '../../../utils/maybe_promise';
import type { Site } from '../../sites/models';
import { currentSite } from '../../sites/shortcuts';
import { FlatPage } from '../models';

export const register = new Library();

interface User {
  readonly isAuthenticated: boolean;
}

/** What a template has of a value that it may have to wait for. */
function ready<T>(context: Context, value: MaybePromise<T>): T {
  return isPromise(value) && context.waiting !== null ? (context.waiting.take(value) as T) : (value as T);
}

class FlatpagesNode extends Node {
  override readonly childNodelists: readonly string[] = [];

  constructor(
    private readonly contextName: string,
    private readonly prefix: Variable | null,
    private readonly user: Variable | null,
  ) {
    super();
  }

  override render(context: Context): Rendered {
    const request = context.get('request') as HttpRequest | null;
    const site = request ? (ready(context, currentSite(request)) as Site).pk : settings.SITE_ID;
    let pages = FlatPage.objects.filter({ sites: site } as never);
    if (this.prefix !== null) pages = pages.filter({ url__startswith: String(this.prefix.resolve(context)) });
    const user = this.user && ready(context, this.user.resolve(context) as MaybePromise<User | null>);
    if (!user?.isAuthenticated) pages = pages.filter({ registrationRequired: false });
    context.set(this.contextName, pages);
    return '';
  }
}

/**
 * The flat pages of the current site that a user may see, or else everybody, in a variable:
 * `{% get_flatpages ['/address/begins/so/'] [for user] as name %}`.
 */
register.tag('get_flatpages', (_parser, token) => {
  const bits = token.splitContents();
  const syntax = new TemplateSyntaxError(
    `${bits[0]} expects a syntax of ${bits[0]} ['url_starts_with'] [for user] as context_name`,
  );
  if (bits.length < 3 || bits.length > 6 || bits.at(-2) !== 'as') throw syntax;
  const hasUser = bits.length >= 5;
  if (hasUser && bits.at(-4) !== 'for') throw syntax;
  const prefix = bits.length % 2 === 0 ? new Variable(bits[1] as string) : null;
  const user = hasUser ? new Variable(bits.at(-3) as string) : null;
  return new FlatpagesNode(bits.at(-1) as string, prefix, user);
});
