/** `{% load log %}`: what was done lately. Django: `django.contrib.admin.templatetags.log`. */
import type { Context } from '../../../template/context';
import { TemplateSyntaxError } from '../../../template/exceptions';
import { Library } from '../../../template/library';
import { Node, type Rendered } from '../../../template/node';
import { once } from '../../../utils/module_loading';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const models = once(() => require('../models') as typeof import('../models'));

export const register = new Library();

class AdminLogNode extends Node {
  constructor(
    private readonly limit: number,
    private readonly name: string,
    private readonly user: string | null,
  ) {
    super();
  }

  override render(context: Context): Rendered {
    const entries = context.get('log_entries') as {
      slice(start: number, end: number): unknown;
      filter(by: object): never;
    } | null;
    const { LogEntry } = models();
    let rows: unknown = entries;
    if (entries === null || this.user !== null) {
      const by = this.user === null ? {} : { user: userIn(context, this.user) };
      rows = LogEntry.objects.filter(by as never).selectRelated('contentType', 'user');
    }
    const few = (): unknown => (rows as { slice(start: number, end: number): unknown }).slice(0, this.limit);
    // A page that waits is rendered again: the rows that it waited for are to be found.
    context.set(this.name, context.waiting?.again(this, few as never) ?? few());
    return '';
  }
}

/** A user, or the key of one. */
function userIn(context: Context, name: string): unknown {
  if (/^\d+$/.test(name)) return Number(name);
  return (context.get(name) as { pk: unknown }).pk;
}

/** `{% get_admin_log 10 as admin_log for_user user %}` */
register.tag('get_admin_log', (_parser, token) => {
  const [, limit, as, name, forUser, user] = token.splitContents();
  if (limit === undefined) throw new TemplateSyntaxError("'get_admin_log' statements require two arguments");
  if (!/^\d+$/.test(limit))
    throw new TemplateSyntaxError("First argument to 'get_admin_log' must be an integer");
  if (as !== 'as' || name === undefined) {
    throw new TemplateSyntaxError("Second argument to 'get_admin_log' must be 'as'");
  }
  if (forUser !== undefined && forUser !== 'for_user') {
    throw new TemplateSyntaxError("Fourth argument to 'get_admin_log' must be 'for_user'");
  }
  return new AdminLogNode(Number(limit), name, user ?? null);
});
