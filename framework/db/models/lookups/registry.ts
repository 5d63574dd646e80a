/** Which lookups and transforms a field has. Django: `RegisterLookupMixin`. */
import type { Expression } from '../expressions/base';
import { Col } from '../expressions/col';
import type { Field } from '../fields/base';
import type { LookupConstructor } from './base';

/** How a transform is made. */
export type TransformConstructor = new (lhs: Expression) => Expression;

type FieldClass = abstract new (...args: never[]) => Field;

const lookups = new WeakMap<object, Map<string, LookupConstructor>>();
const transforms = new WeakMap<object, Map<string, TransformConstructor>>();

/** Gives the fields of a class a lookup. */
export function registerLookup(field: FieldClass, name: string, lookup: LookupConstructor): void {
  const own = lookups.get(field.prototype) ?? new Map<string, LookupConstructor>();
  lookups.set(field.prototype, own.set(name, lookup));
}

/** Gives the fields of a class a transform. */
export function registerTransform(field: FieldClass, name: string, transform: TransformConstructor): void {
  const own = transforms.get(field.prototype) ?? new Map<string, TransformConstructor>();
  transforms.set(field.prototype, own.set(name, transform));
}

function find<T>(registry: WeakMap<object, Map<string, T>>, field: Field, name: string): T | undefined {
  for (let at: object | null = field; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = registry.get(at)?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a relation can be asked: its key, and no part of it. */
const RELATED = new Set(['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'isnull']);

/** The lookup of that name. */
export function lookupClass(lhs: Expression, name: string): LookupConstructor | undefined {
  const { outputField } = lhs;
  if (lhs instanceof Col && lhs.relationTarget !== undefined && !RELATED.has(name)) return undefined;
  return find(lookups, outputField, name);
}

/** The transform of that name. */
export function transformClass(lhs: Expression, name: string): TransformConstructor | undefined {
  if (lhs instanceof Col && lhs.relationTarget !== undefined) return undefined;
  return find(transforms, lhs.outputField, name);
}

/** The names of all lookups and transforms of a field. */
export function lookupNames(field: Field): string[] {
  const names = new Set<string>();
  for (let at: object | null = field; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    for (const registry of [lookups, transforms])
      for (const name of registry.get(at)?.keys() ?? []) names.add(name);
  }
  return [...names];
}
