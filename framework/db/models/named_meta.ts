/**
 * What of Meta has names: `%(app_label)s` and `%(class)s` in them, which an abstract model's Meta needs, stand for the
 * model's, an index without a name gets one, and fields may be given by their properties. Django: `Options._format_names`.
 */
import type { Constraint } from './constraints';
import type { Index } from './indexes';
import type { Options } from './options';

function filledIn(name: string, { appLabel, modelName }: Options): string {
  return name.replaceAll('%(app_label)s', appLabel.toLowerCase()).replaceAll('%(class)s', modelName);
}

/**
 * Names of fields as they stand in Meta, as the fields' own: `is_active` of `isActive`, `-sort_key` of `-sortKey`. What is
 * neither a field nor a property stays as it is: a check says so.
 */
export function fieldNames(model: Options, names: readonly string[]): readonly string[] {
  return names.map((given) => {
    const [sign, name] = given.startsWith('-') ? ['-', given.slice(1)] : ['', given];
    if (model.findField(name) !== undefined) return given;
    return `${sign}${model.fieldsByProperty.get(name)?.name ?? name}`;
  });
}

/** The lists of fields that an index or a constraint has. */
function named<T extends Index | Constraint>(model: Options, given: T): Record<string, readonly string[]> {
  const lists = given as { readonly fields?: readonly string[]; readonly include?: readonly string[] };
  const { fields = [], include = [] } = lists;
  return {
    ...(fields.length > 0 && { fields: fieldNames(model, fields) }),
    ...(include.length > 0 && { include: fieldNames(model, include) }),
  };
}

/** The indexes with their names. One over a field that is not there stays without: a check says so. */
export function namedIndexes(model: Options): readonly Index[] {
  return (model.meta.indexes ?? []).map((given) => {
    const index = given.with(named(model, given));
    if (given.name) return index.with({ name: filledIn(given.name, model) });
    if (index.fieldOrders.every(({ name }) => model.findField(name) !== undefined)) {
      index.setNameWithModel(model);
    }
    return index;
  });
}

/** The constraints with their names. */
export function namedConstraints(model: Options): readonly Constraint[] {
  return (model.meta.constraints ?? []).map((given) =>
    given.with({ ...named(model, given), name: filledIn(given.name, model) }),
  );
}

/**
 * The sets of fields that are unique together: one set may stand by itself. What has another shape stays as it is: a check
 * says so. Django: `normalize_together`.
 */
export function namedTogether(model: Options): readonly (readonly string[])[] {
  const given: unknown = model.meta.uniqueTogether ?? [];
  const together = Array.isArray(given) && given.length > 0 && !Array.isArray(given[0]) ? [given] : given;
  const isWhole =
    Array.isArray(together) && together.every((each) => Array.isArray(each) && each.every(isText));
  return (isWhole ? together.map((names: string[]) => fieldNames(model, names)) : together) as string[][];
}

function isText(name: unknown): boolean {
  return typeof name === 'string';
}
