/** The managers of each class. Django: `Options.managers`, `default_manager`, `base_manager`. */
import { AttributeError, ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from './base';
import { declaringClasses, onDeclaration } from './fields/decorators';
import { Manager } from './manager';
import { installedModels } from './registry';

type AnyModelManager = Manager<Model>;

/** What a class declares itself, by name. */
const declared = new WeakMap<object, Map<string, AnyModelManager>>();
/** A class's own copies. */
const owned = new WeakMap<object, Map<string, AnyModelManager>>();
const automatic = new WeakMap<object, AnyModelManager>();
const base = new WeakMap<object, AnyModelManager>();
/** What was found before; forgotten with each declaration. */
let lists = new WeakMap<object, readonly AnyModelManager[]>();

/** A class and what it inherits from, nearest first. */
function* ancestry(cls: object): Generator<object> {
  for (
    let at: unknown = cls;
    typeof at === 'function' && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  )
    yield at;
}

/**
 * Declares a manager as a static property: whoever reads it through a subclass gets one of that class's own.
 */
export function declareManager(cls: object, name: string, manager: AnyModelManager): void {
  const own = declared.get(cls) ?? new Map<string, AnyModelManager>();
  own.set(name, manager);
  declared.set(cls, own);
  lists = new WeakMap();
  Object.defineProperty(cls, name, {
    configurable: true,
    enumerable: true,
    get(this: ModelClass): AnyModelManager {
      return managerOf(this, name, manager, cls);
    },
    set(this: ModelClass, value: unknown) {
      replaceManager(this, name, value);
    },
  });
}

/** What an assignment to a manager's name means: another manager, or something else altogether. */
export function replaceManager(cls: object, name: string, value: unknown): void {
  owned.get(cls)?.delete(name);
  if (value instanceof Manager) declareManager(cls, name, value as AnyModelManager);
  else Object.defineProperty(cls, name, { value, configurable: true, enumerable: true, writable: true });
}

/** Finds the managers that a class, or one that it inherits from, has as plain static properties. */
export function declareManagers(cls: object): void {
  for (const each of ancestry(cls)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (value instanceof Manager) declareManager(each, name, value as AnyModelManager);
    }
  }
}

/** Looks for the owner of every manager. */
export function findOwners(): void {
  for (const cls of new Set([...declaringClasses(), ...installedModels.classes()])) {
    declareManagers(cls);
    if (!(cls as ModelClass).isAbstract) managersOf(cls as ModelClass);
  }
}

function managerOf(
  cls: ModelClass,
  name: string,
  manager: AnyModelManager,
  declaredBy: object,
): AnyModelManager {
  const known = owned.get(cls)?.get(name);
  if (known !== undefined) return known;
  if (cls.isAbstract) throw new AttributeError(`Manager isn't available; ${cls.name} is abstract`);
  const own = cls === declaredBy ? manager : manager.copy();
  own.contributeToClass(cls, name);
  owned.set(cls, (owned.get(cls) ?? new Map<string, AnyModelManager>()).set(name, own));
  return own;
}

/** The managers of a class: its own first, in the order in which they were made, then what it inherits. */
export function managersOf(cls: ModelClass): readonly AnyModelManager[] {
  const known = lists.get(cls);
  if (known !== undefined) return known;
  declareManagers(cls);
  const found = new Map<string, AnyModelManager>();
  for (const each of ancestry(cls)) {
    const own = [...(declared.get(each) ?? [])].sort(([, a], [, b]) => a.creationCounter - b.creationCounter);
    for (const [name, manager] of own) {
      if (!found.has(name)) found.set(name, managerOf(cls, name, manager, each));
    }
  }
  const list = found.size > 0 ? [...found.values()] : [automaticManager(cls)];
  lists.set(cls, list);
  return list;
}

/** The `objects` of a class that declares no manager. @throws AttributeError where it has another one instead. */
export function objectsOf(cls: ModelClass): AnyModelManager {
  const known = automatic.get(cls);
  if (known !== undefined) return known;
  if (cls.isAbstract) throw new AttributeError(`Manager isn't available; ${cls.name} is abstract`);
  if (managersOf(cls).every(({ autoCreated }) => !autoCreated)) {
    throw new AttributeError(`type object '${cls.name}' has no attribute 'objects'`);
  }
  return automaticManager(cls);
}

function automaticManager(cls: ModelClass): AnyModelManager {
  let manager = automatic.get(cls);
  if (manager === undefined) {
    manager = new Manager<Model>();
    manager.autoCreated = true;
    manager.contributeToClass(cls, 'objects');
    automatic.set(cls, manager);
  }
  return manager;
}

/** A manager by its name. @throws ValueError. */
function named(cls: ModelClass, name: string): AnyModelManager {
  const found = managersOf(cls).find((manager) => manager.name === name);
  if (found === undefined) throw new ValueError(`${cls.name} has no manager named '${name}'`);
  return found;
}

/** What Meta says, also that of a class above where this one declares nothing of its own. */
function nameInMeta(cls: ModelClass, option: 'defaultManagerName' | 'baseManagerName'): string | undefined {
  if (cls.Meta?.[option] !== undefined) return cls.Meta[option];
  for (const each of ancestry(cls)) {
    const { Meta } = each as ModelClass;
    if (Meta?.[option] !== undefined) return Meta[option];
    if (option === 'defaultManagerName' && declared.has(each)) return undefined;
  }
  return undefined;
}

/** The manager that the framework itself asks: the first, or the one that Meta names. @throws ValueError. */
export function defaultManagerOf(cls: ModelClass): AnyModelManager {
  const managers = managersOf(cls);
  const name = nameInMeta(cls, 'defaultManagerName');
  return name === undefined ? (managers[0] as AnyModelManager) : named(cls, name);
}

/** The manager that related rows are looked for with: a plain one, or the one that Meta names. @throws ValueError. */
export function baseManagerOf(cls: ModelClass): AnyModelManager {
  let manager = base.get(cls);
  if (manager === undefined) {
    const name = nameInMeta(cls, 'baseManagerName');
    if (name === undefined) {
      manager = new Manager<Model>();
      manager.autoCreated = true;
      manager.contributeToClass(cls, '_baseManager');
    } else manager = named(cls, name);
    base.set(cls, manager);
  }
  return manager;
}

onDeclaration(declareManagers);
