/** `{% load admin_urls %}`: addresses of the admin. Django: `django.contrib.admin.templatetags.admin_urls`. */
import type { Model } from '../../../db/models/base';
import type { Options } from '../../../db/models/options';
import type { Context } from '../../../template/context';
import { Library } from '../../../template/library';
import { addPreservedFilters } from '../options/preserved_filters';
import { keyText, quoteKey } from '../utils/keys';

export const register = new Library();

/** The name of the address of a model's page: `{{ opts|admin_urlname:'add' }}`. */
register.filter(
  'admin_urlname',
  ({ appLabel, modelName }: Options, page: string) => `admin:${appLabel}_${modelName}_${page}`,
);

/** A key as a segment of a path. */
register.filter('admin_urlquote', quoteKey);

/** The key of an object as text: the value of the box by which it is chosen. */
register.filter('admin_key', (row: Model) => keyText(row));

/** An address with the filters of the list from which one came. */
register.simpleTag(
  'add_preserved_filters',
  (context: Context, url: string, popup?: boolean, toField?: string | null) =>
    addPreservedFilters(
      {
        opts: context.get('opts') as Options | null,
        preservedFilters: String(context.get('preserved_filters', '') ?? ''),
        preservedQuery: (context.get('preserved_qsl') as [string, string][] | null) ?? [],
      },
      String(url),
      { popup: Boolean(popup), toField: toField ?? null },
    ),
  { takesContext: true, signature: 'url, popup=False, to_field=None' },
);
