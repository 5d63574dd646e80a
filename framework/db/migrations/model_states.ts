/** The models as they are now, as a state that migrations can be compared with. Django: `ModelState.from_model`. */
import { apps } from '../../apps/registry';
import type { Model } from '../models/base';
import { classOf } from '../models/classes';
import type { Field } from '../models/fields/base';
import { OrderWrt } from '../models/fields/order_wrt';
import type {
  ForeignKeyOptions,
  ForeignObjectOptions,
  ManyToManyField,
  ManyToManyOptions,
  RelatedField,
} from '../models/fields/related';
import { Manager, type NamedManagers } from '../models/manager';
import { baseManagerOf, defaultManagerOf, managersOf } from '../models/model_managers';
import { fieldNames } from '../models/named_meta';
import type { MetaOptions, Options } from '../models/options';
import { installedModels } from '../models/registry';
import { ModelState, ProjectState } from './state';

/** What of Meta is no part of a state: what the class's place says, and what the base class had for itself. */
const LEFT_OUT: ReadonlySet<string> = new Set(['appLabel', 'abstract']);

/** The fields that a relation names, as migrations name them, and the model in between. */
function namesIn(field: RelatedField): Record<string, unknown> {
  const { toField, toFields, fromFields, through, throughFields } = field.options as Partial<
    ForeignKeyOptions & ForeignObjectOptions & ManyToManyOptions
  >;
  const target = field.model.registry.find(field.toKey);
  const between = through === undefined ? undefined : field.model.throughOf(field as ManyToManyField);
  const named = (model: Options | undefined, names: readonly string[] | undefined) =>
    model === undefined || names === undefined ? names : fieldNames(model, names);
  return {
    ...(toField !== undefined && { toField: named(target, [toField])?.[0] }),
    ...(toFields !== undefined && { toFields: named(target, toFields) }),
    ...(fromFields !== undefined && { fromFields: named(field.model, fromFields) }),
    ...(between !== undefined && { through: between.key }),
    ...(throughFields !== undefined && { throughFields: named(between, throughFields) }),
  };
}

/** A field as a migration has it: it refers to models by their names, and looks at no values. */
function fieldOf(field: Field): Field {
  const changes: Record<string, unknown> = { validators: undefined };
  if (field.primaryKey) changes['serialize'] = false;
  if (field.isRelation()) {
    const [, , , { to }] = field.deconstruct();
    Object.assign(changes, { to, ...namesIn(field) });
  }
  return field.clone(changes as object);
}

/**
 * The managers that migrations are to have, in the order of the class. Plain ones stand where only their place counts: that
 * of the default manager, which is not one of them.
 */
function managersFor(model: Options): NamedManagers {
  const cls = classOf(model);
  const [defaultManager, baseManager] = [defaultManagerOf(cls), baseManagerOf(cls)];
  const managers = managersOf(cls).flatMap((manager): [string, Manager<Model>][] => {
    if (manager.useInMigrations) return [[manager.name, manager.copy()]];
    const hasPlace = manager === defaultManager || manager === baseManager;
    return hasPlace ? [[manager.name, new Manager<Model>()]] : [];
  });
  const [only, ...others] = managers;
  const isPlain = only?.[0] === 'objects' && others.length === 0 && !defaultManager.useInMigrations;
  return isPlain ? [] : managers;
}

/** A model of the site as a state. */
export function modelStateOf(model: Options): ModelState {
  const fields = [...model.localFields, ...model.localManyToMany]
    .filter((field) => !(field instanceof OrderWrt))
    .map((field): [string, Field] => [field.name, fieldOf(field)]);
  const options = Object.fromEntries(
    Object.entries(model.meta).filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined),
  ) as MetaOptions;
  const { orderWithRespectTo } = options;
  if (orderWithRespectTo) options.orderWithRespectTo = model.getField(orderWithRespectTo).name;
  if (options.uniqueTogether) options.uniqueTogether = model.uniqueTogether;
  if (options.indexes) options.indexes = model.indexes;
  if (options.constraints) options.constraints = model.constraints;
  const bases = model.proxyForModel
    ? [model.proxyForModel.key]
    : [...model.parents.keys()].map(({ key }) => key);
  return new ModelState(
    model.appLabel,
    model.objectName,
    new Map(fields),
    options,
    bases,
    managersFor(model),
  );
}

/** The models of the site as a state. */
export function projectStateOf(models: Iterable<Options>): ProjectState {
  const state = new ProjectState();
  for (const model of models) state.addModel(modelStateOf(model));
  return state;
}

/** The models of the installed apps, as they are. A model that names an app which is not installed has no migrations. */
export function installedState(): ProjectState {
  const labels = new Set(apps.getAppConfigs().map(({ label }) => label));
  return projectStateOf(installedModels.all().filter(({ appLabel }) => labels.has(appLabel)));
}
