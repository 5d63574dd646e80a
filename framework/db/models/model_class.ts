/**
 * What a model's class gets when somebody first asks for its description: properties, managers, its place among the
 * others. Django: `ModelBase`.
 */
import type { CheckMessage, DatabaseCheckOptions } from '../../core/checks/messages';
import type { MultipleObjectsReturned, ObjectDoesNotExist } from '../../core/exceptions';
import { once } from '../../utils/module_loading';
import { defineAdjacent } from './adjacent';
import type { Model } from './base';
import { hidden, overwritten, probeOptions, refuseClassFields } from './class_fields';
import { classIn, rememberClass } from './classes';
import { defineAbsoluteUrl, defineDisplays } from './display';
import { basesOf, fieldsOf, metaOf } from './family';
import { declareClass } from './fields/decorators';
import { defineForwardRelations, knownRelations } from './fields/relation_properties';
import type { AnyManager, Manager, NamedManagers } from './manager';
import { declareManager, declareManagers } from './model_managers';
import { type MetaOptions, Options } from './options';
import { appLabelOf, installedModels } from './registry';
import { classPrepared } from './signals';

const baseModule = once(() => require('./base') as typeof import('./base'));

/** The class of a model whose instances are `T`. */
export interface ModelClass<T extends Model = Model> {
  new (values?: Readonly<Record<string, unknown>>): T;
  readonly name: string;
  readonly prototype: T;
  readonly Meta?: MetaOptions;
  readonly _meta: Options;
  readonly isAbstract: boolean;
  check(options?: DatabaseCheckOptions): CheckMessage[];
  fromDb(db: string | undefined, names: readonly string[], values: readonly unknown[]): Model;
  readonly objects: AnyManager;
  readonly _defaultManager: Manager<Model>;
  readonly _baseManager: Manager<Model>;
  readonly DoesNotExist: typeof ObjectDoesNotExist;
  readonly MultipleObjectsReturned: typeof MultipleObjectsReturned;
}

const metas = new WeakMap<object, Options>();

/** The description of a class, which is made when it is first asked for. @throws Error for a model of no installed app. */
export function metaOfClass(cls: ModelClass): Options {
  return metas.get(cls) ?? describe(cls);
}

function describe(cls: ModelClass): Options {
  const meta = metaOf(cls);
  let appLabel = meta.appLabel ?? appLabelOf(cls);
  if (appLabel === undefined) {
    installedModels.getModels();
    // A child that no app exports is of its parent's.
    appLabel = appLabelOf(cls) ?? cls.Meta?.appLabel;
  }
  if (appLabel === undefined) {
    throw new Error(
      `Model class ${cls.name} doesn't declare an explicit appLabel and isn't in an application in INSTALLED_APPS.`,
    );
  }
  const options = new Options({
    appLabel,
    objectName: cls.name,
    fields: fieldsOf(cls),
    options: meta,
    registry: installedModels,
    bases: basesOf(cls),
  });
  declareManagers(cls);
  refuseClassFields(cls.name, writtenByClass(cls, options));
  metas.set(cls, options);
  defineMembers(cls, options);
  rememberClass(options, cls);
  declareClass(cls);
  if (classPrepared.hasReceivers) void classPrepared.send(cls, {});
  return options;
}

/** What instances have for their model's fields. */
function defineMembers(cls: ModelClass, options: Options): void {
  defineDisplays(cls.prototype, options);
  defineAdjacent(cls.prototype, options);
  defineAbsoluteUrl(cls.prototype, options);
  for (const field of [...options.localFields, ...options.privateFields])
    field.defineProperty?.(cls.prototype);
  defineForwardRelations(cls, options);
}

/** A model as a migration's code sees it. */
export function historicalModel(options: Options, managers: NamedManagers = []): ModelClass {
  const base = options.proxyForModel ?? options.parents.keys().next().value;
  const Base = (base === undefined ? baseModule().Model : classIn(options, base)) as typeof Model;
  const cls = Object.defineProperty(class extends Base {}, 'name', {
    value: options.objectName,
  }) as unknown as ModelClass;
  metas.set(cls, options);
  defineMembers(cls, options);
  rememberClass(options, cls);
  for (const [name, manager] of managers) declareManager(cls, name, manager.copy());
  return cls;
}

/** What a class writes over the values of a new instance: see class_fields. */
export function writtenByClass(cls: ModelClass, options: Options): ReadonlyMap<string, unknown> {
  const instance = probed(cls, options);
  return instance === undefined ? new Map() : overwritten(instance, options);
}

/** The relations from elsewhere that a class hides from its instances by fields of their names. */
export function hiddenByClass(cls: ModelClass, options: Options): readonly string[] {
  const instance = probed(cls, options);
  if (instance === undefined) return [];
  const visible = knownRelations(options).filter((relation) => !relation.isHidden);
  return hidden(
    instance,
    visible.map(({ property }) => property),
  );
}

const probes = new WeakMap<Options, Model | undefined>();

/** A new instance whose fields were given values: one for each description, which says it to all that ask. */
function probed(cls: ModelClass, options: Options): Model | undefined {
  if (!probes.has(options)) probes.set(options, newProbe(cls, options));
  return probes.get(options);
}

function newProbe(cls: ModelClass, options: Options): Model | undefined {
  const before = metas.get(cls);
  metas.set(cls, probeOptions(options));
  try {
    return new cls();
  } catch {
    return undefined; // A constructor that wants more than Model's says nothing about fields.
  } finally {
    if (before === undefined) metas.delete(cls);
    else metas.set(cls, before);
  }
}
