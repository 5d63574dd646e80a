/** The models as they are now, as a state that migrations can be compared with. Django: `ModelState.from_model`. */
import type { Field } from '../models/fields/base';
import { OrderWrt } from '../models/fields/order_wrt';
import type { ManyToManyOptions } from '../models/fields/related';
import type { MetaOptions, Options } from '../models/options';
import { ModelState, ProjectState } from './state';

/** What of Meta is no part of a state: what the class's place says, and what the base class had for itself. */
const LEFT_OUT: ReadonlySet<string> = new Set(['appLabel', 'abstract']);

/** A field as a migration has it: it refers to models by their names, and looks at no values. */
function fieldOf(field: Field): Field {
  const changes: Record<string, unknown> = { validators: undefined };
  if (field.primaryKey) changes['serialize'] = false;
  if (field.isRelation()) {
    const { through } = field.options as Partial<ManyToManyOptions>;
    const [, , , { to }] = field.deconstruct();
    changes['to'] = to;
    if (through !== undefined) changes['through'] = field.model.throughOf(field as never).key;
  }
  return field.clone(changes as object);
}

/** A model of the site as a state. */
export function modelStateOf(model: Options): ModelState {
  const fields = [...model.localFields, ...model.localManyToMany]
    .filter((field) => !(field instanceof OrderWrt))
    .map((field): [string, Field] => [field.name, fieldOf(field)]);
  const options = Object.fromEntries(
    Object.entries(model.meta).filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined),
  ) as MetaOptions;
  if (options.indexes) {
    options.indexes = options.indexes.map((given) => {
      const index = given.clone();
      if (!index.name) index.setNameWithModel(model);
      return index;
    });
  }
  const bases = model.proxyForModel
    ? [model.proxyForModel.key]
    : [...model.parents.keys()].map(({ key }) => key);
  return new ModelState(model.appLabel, model.objectName, new Map(fields), options, bases, []);
}

/** The models of the site as a state. */
export function projectStateOf(models: Iterable<Options>): ProjectState {
  const state = new ProjectState();
  for (const model of models) state.addModel(modelStateOf(model));
  return state;
}
