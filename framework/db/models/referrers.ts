/** Which fields refer to which model: found for all models of a registry at once. */
import type { PrivateField } from './fields/private';
import { ForeignObject, type ManyToManyField, type RelatedField } from './fields/related';
import type { ModelRegistry, Options } from './options';

/** The fields that refer to one model, in the order of the models. */
interface Referrers {
  /** Foreign keys, and many-to-many fields. */
  readonly fields: (ForeignObject | ManyToManyField)[];
  /** Foreign keys, those of tables in between included. */
  readonly keys: ForeignObject[];
}

interface Index {
  version: number | undefined;
  readonly byModel: ReadonlyMap<string, Referrers>;
  /** The fields without a column, which know themselves what they lead to. */
  readonly privateFields: readonly PrivateField[];
}

const NONE: Referrers = { fields: [], keys: [] };
const indexes = new WeakMap<ModelRegistry, Index>();

function indexFor(registry: ModelRegistry): Index {
  let index = indexes.get(registry);
  if (index === undefined || index.version !== registry.version) {
    index = indexOf(registry);
    indexes.set(registry, index);
  }
  return index;
}

/** What refers to a model, or to one of its proxies. */
export function referrersOf(model: Options): Readonly<Referrers> {
  return indexFor(model.registry).byModel.get(model.concreteModel.key) ?? NONE;
}

/** The private fields of every model that a registry has. */
export function privateFieldsOf(registry: ModelRegistry): readonly PrivateField[] {
  return indexFor(registry).privateFields;
}

function indexOf(registry: ModelRegistry): Index {
  const byModel = new Map<string, Referrers>();
  const privateFields: PrivateField[] = [];
  /** Proxies are the model whose rows they show. */
  const concreteKeys = new Map<string, string>();
  const entryOf = ({ toKey }: RelatedField): Referrers => {
    const key = concreteKeys.get(toKey) ?? registry.find(toKey)?.concreteModel.key ?? toKey;
    concreteKeys.set(toKey, key);
    const entry = byModel.get(key) ?? { fields: [], keys: [] };
    byModel.set(key, entry);
    return entry;
  };
  for (const model of registry.all?.() ?? []) {
    for (const field of model.localFields) {
      if (!(field instanceof ForeignObject)) continue;
      const entry = entryOf(field);
      entry.fields.push(field);
      entry.keys.push(field);
    }
    for (const field of model.localManyToMany) {
      entryOf(field).fields.push(field);
      if (!field.hasOwnTable) continue;
      for (const key of field.through.localFields) {
        if (key instanceof ForeignObject) entryOf(key).keys.push(key);
      }
    }
    privateFields.push(...model.privateFields);
  }
  // The version is of afterwards: looking for the models may have loaded some.
  return { version: registry.version, byModel, privateFields };
}
