/** Searching a list. Django: `ModelAdmin.get_search_results`. */
import { FieldDoesNotExist } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { CharField } from '../../../db/models/fields';
import type { Field } from '../../../db/models/fields/base';
import { Cast } from '../../../db/models/functions';
import type { Options } from '../../../db/models/options';
import { Q } from '../../../db/models/q';
import type { QuerySet } from '../../../db/models/query';
import type { HttpRequest } from '../../../http/request';
import { smartSplit } from '../../../utils/smart_split';
import { unescapeStringLiteral } from '../../../utils/text';
import { lookupSpawnsDuplicates, stepOf, targetOf } from '../utils/paths';
import type { ModelAdmin } from './model_admin';

/** How a searched field is asked: its prefix says. */
const PREFIXES: Readonly<Record<string, string>> = { '^': 'istartswith', '=': 'iexact', '@': 'search' };

/** A searched field: the lookup, and the field at its end where it is one. */
interface Searched {
  readonly lookup: string;
  readonly field: Field | undefined;
}

function searched(name: string, meta: Options): Searched {
  const kind = PREFIXES[name.charAt(0)];
  if (kind !== undefined) return { lookup: `${name.slice(1)}__${kind}`, field: undefined };
  // A lookup of its own at the end stays.
  let model: Options | undefined = meta;
  let field: Field | undefined;
  for (const part of name.split('__')) {
    const step = model === undefined ? undefined : part === 'pk' ? model.pk : stepOf(model, part);
    if (step === undefined) return { lookup: name, field: undefined };
    model = targetOf(step);
    field = 'relatedModel' in step ? undefined : (step as Field);
  }
  return { lookup: `${name}__icontains`, field };
}

/** The words of a search: what stands in quotes is one. */
function wordsOf(term: string): string[] {
  return [...smartSplit(term)].map((bit) => {
    const isQuoted = (bit.startsWith('"') || bit.startsWith("'")) && bit[0] === bit.at(-1) && bit.length > 1;
    return isQuoted ? unescapeStringLiteral(bit) : bit;
  });
}

/** The rows in which every word is found in some field. */
export function searchResults<M extends Model>(
  admin: ModelAdmin<M>,
  request: HttpRequest,
  queryset: QuerySet<M>,
  searchTerm: string,
): readonly [QuerySet<M>, boolean] {
  const names = admin.getSearchFields(request);
  if (names.length === 0 || searchTerm === '') return [queryset, false];
  const found = names.map((name) => searched(name, admin.opts));
  let rows = queryset as unknown as QuerySet<Model>;
  let all = new Q();
  for (const word of wordsOf(searchTerm)) {
    let any = new Q();
    for (const { lookup, field } of found) {
      // Numbers are compared as text: half a number is found, and a word is no error.
      const isText = field === undefined || field.choices !== undefined || TEXTS.has(field.internalType);
      if (isText) {
        any = any.or(new Q({ [lookup]: word }));
        continue;
      }
      const path = lookup.slice(0, -'__icontains'.length);
      const alias = `${path}_str`;
      rows = rows.alias({ [alias]: Cast(path, new CharField()) } as never) as unknown as QuerySet<Model>;
      any = any.or(new Q({ [`${alias}__icontains`]: word }));
    }
    all = all.and(any);
  }
  const mayHaveDuplicates = found.some(({ lookup }) => spawns(admin.opts, lookup));
  return [rows.filter(all as never) as unknown as QuerySet<M>, mayHaveDuplicates];
}

const TEXTS: ReadonlySet<string> = new Set([
  'CharField',
  'TextField',
  'SlugField',
  'EmailField',
  'URLField',
  'FileField',
  'FilePathField',
  'ImageField',
  'GenericIPAddressField',
  'UUIDField',
  'DateField',
  'DateTimeField',
  'TimeField',
  'JSONField',
  'BooleanField',
]);

function spawns(meta: Options, lookup: string): boolean {
  try {
    return lookupSpawnsDuplicates(meta, lookup);
  } catch (error) {
    if (error instanceof FieldDoesNotExist) return false;
    throw error;
  }
}
