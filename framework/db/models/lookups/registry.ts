/** Which lookups and transforms a field has. Django: `RegisterLookupMixin`. */
import type { Expression } from '../expressions/base';
import { Col } from '../expressions/col';
import type { Field } from '../fields/base';
import type { LookupConstructor } from './base';
import type { Transform, TransformConstructor } from './transform';

/** What can stand behind two underscores: a class of lookups or of transforms. */
export type Registrable = LookupConstructor | TransformConstructor;

/** What a field makes of a name: a class, or a function that makes the transform. */
export type TransformMaker = TransformConstructor | ((lhs: Expression) => Expression);

let version = 0;

/** Another number once something was registered, or taken back. */
export function registryVersion(): number {
  return version;
}

/** By prototype, or by instance: what was registered there, by name. */
const registered = new WeakMap<object, Map<string, Registrable>>();

/**
 * Registers a lookup or a transform.
 *
 * @param owner a prototype, for all fields of the class and of those below; or one field.
 * @returns what takes it back.
 */
export function register(owner: object, Class: Registrable, name = Class.lookupName): () => void {
  if (name === undefined || name === '') {
    throw new TypeError(`${Class.name} has no static lookupName, so registerLookup() needs a name.`);
  }
  const own = registered.get(owner) ?? new Map<string, Registrable>();
  const before = own.get(name);
  registered.set(owner, own.set(name, Class));
  version += 1;
  return () => {
    version += 1;
    if (before === undefined) own.delete(name);
    else own.set(name, before);
  };
}

/** What is registered under a name in either spelling, `week_day` or `weekDay`, for an object or a class above it. */
export function find(owner: object, name: string): Registrable | undefined {
  const found = findExactly(owner, name);
  if (found !== undefined || !/[A-Z]/.test(name)) return found;
  return findExactly(owner, name.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase());
}

function findExactly(owner: object, name: string): Registrable | undefined {
  for (let at: object | null = owner; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = registered.get(at)?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All the names that are registered for an object. */
export function namesOf(owner: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = owner; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of registered.get(at)?.keys() ?? []) names.add(name);
  }
  return [...names];
}

/** Lookups have a right side. */
export function isLookupClass(Class: Registrable | undefined): Class is LookupConstructor {
  return Class !== undefined && 'canUseNoneAsRhs' in Class;
}

/** What a relation can be asked: its key, and no part of it. */
const RELATED = new Set(['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'isnull']);

/** Whether an expression stands for a relation. */
function isRelation(lhs: Expression): boolean {
  return lhs instanceof Col && lhs.relationTarget !== undefined;
}

/** The lookup of that name: the expression's own where it is a transform, else its field's. */
export function lookupClass(lhs: Expression, name: string): LookupConstructor | undefined {
  const own = 'isTransform' in lhs ? find(lhs, name) : undefined;
  if (own !== undefined) return isLookupClass(own) ? own : undefined;
  if (isRelation(lhs) && !RELATED.has(name)) return undefined;
  return lhs.outputField.getLookup(name);
}

/** The transform of that name. */
export function transformMaker(lhs: Expression, name: string): TransformMaker | undefined {
  const own = 'isTransform' in lhs ? find(lhs, name) : undefined;
  if (own !== undefined) return isLookupClass(own) ? undefined : own;
  return isRelation(lhs) ? undefined : lhs.outputField.getTransform(name);
}

/** A transform of an expression. */
export function makeTransform(maker: TransformMaker, lhs: Expression): Expression {
  return isClass(maker) ? new maker(lhs) : maker(lhs);
}

function isClass(maker: TransformMaker): maker is TransformConstructor {
  return typeof maker.prototype === 'object' && maker.prototype !== null;
}

/** The names of all lookups and transforms of a field. */
export function lookupNames(field: Field): string[] {
  return namesOf(field);
}

export type { Transform };
