/**
 * What of Meta has names: `%(app_label)s` and `%(class)s` in them, which an abstract model's Meta needs, stand for the
 * model's, and an index without a name gets one. Django: `Options._format_names`.
 */
import type { Constraint } from './constraints';
import type { Index } from './indexes';
import type { Options } from './options';

function filledIn(name: string, { appLabel, modelName }: Options): string {
  return name.replaceAll('%(app_label)s', appLabel.toLowerCase()).replaceAll('%(class)s', modelName);
}

/** The indexes with their names. One over a field that is not there stays without: a check says so. */
export function namedIndexes(model: Options): readonly Index[] {
  return (model.meta.indexes ?? []).map((given) => {
    if (given.name) return given.with({ name: filledIn(given.name, model) });
    const index = given.clone();
    if (index.fieldOrders.every(({ name }) => model.findField(name) !== undefined)) {
      index.setNameWithModel(model);
    }
    return index;
  });
}

/** The constraints with their names. */
export function namedConstraints(model: Options): readonly Constraint[] {
  return (model.meta.constraints ?? []).map((given) => given.with({ name: filledIn(given.name, model) }));
}
