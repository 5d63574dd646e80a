/** Copies of what `setUpTestData` made: a test that changes one changes nobody else's. Django: `TestData`. */
import { Model } from '../../db/models/base';
import { installState, ModelState, peekState } from '../../db/models/model_state';

/** Copies instances of models, lists, plain objects, Maps, Sets and Dates, and what is in them; the rest is shared. */
export function copyOf<T>(value: T, made: Map<object, object> = new Map()): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = made.get(value);
  if (known !== undefined) return known as T;
  return (copyOfObject(value, made) ?? value) as T;
}

function copyOfObject(value: object, made: Map<object, object>): object | undefined {
  if (value instanceof Model) return copyOfInstance(value, made);
  if (value instanceof Date) return Object.assign(new Date(value), value);
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    made.set(value, copy);
    for (const [key, item] of value) copy.set(copyOf(key, made), copyOf(item, made));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    made.set(value, copy);
    for (const item of value) copy.add(copyOf(item, made));
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return undefined;
  const copy = (Array.isArray(value) ? [] : Object.create(prototype as object | null)) as object;
  made.set(value, copy);
  copyProperties(value, copy, made);
  return copy;
}

function copyOfInstance(value: Model, made: Map<object, object>): object {
  const copy = Object.create(Object.getPrototypeOf(value) as object) as object;
  made.set(value, copy);
  const { adding, db, fetchMode, allCached } = bound(peekState(value));
  const state = new ModelState(adding, db, fetchMode);
  installState(copy, state);
  copyProperties(value, copy, made);
  // The list begins with what was kept last.
  for (const { name, key, value: kept } of [...allCached()].reverse())
    state.keep(name, key, copyOf(kept, made));
  return copy;
}

function bound(state: ReturnType<typeof peekState>) {
  const { adding, db, fetchMode } = state;
  return { adding, db, fetchMode, allCached: () => state.allCached() };
}

function copyProperties(from: object, to: object, made: Map<object, object>): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    if (Array.isArray(from) && name === 'length') continue;
    if ('value' in descriptor) descriptor.value = copyOf(descriptor.value as unknown, made);
    Object.defineProperty(to, name, descriptor);
  }
}
