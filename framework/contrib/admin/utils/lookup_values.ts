/** Values of lookups in addresses. Django: `prepare_lookup_value`, `build_q_object_from_lookup_parameters`. */
import { Q } from '../../../db/models/q';

/** The values of a parameter as a filter takes them: lists behind commas, truths. */
export function prepareLookupValue(key: string, values: readonly unknown[], separator = ','): unknown[] {
  return values.map((value) => {
    if (key.endsWith('__in')) return String(value).split(separator);
    if (key.endsWith('__isnull')) return !['', 'false', '0'].includes(String(value).toLowerCase());
    return value;
  });
}

/** A condition: each parameter with any of its values. */
export function qOfLookupParameters(params: ReadonlyMap<string, readonly unknown[]>): Q {
  let all = new Q();
  for (const [name, values] of params) {
    let any = new Q();
    for (const value of values) any = any.or(new Q({ [name]: value }));
    all = all.and(any);
  }
  return all;
}
