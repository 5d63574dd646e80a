/** The related rows that an instance has. Django: `FieldCacheMixin`. */
import type { Model } from '../base';
import { peekState, stateOf } from '../model_state';
import { mapKey } from '../related_managers/map_key';
import type { Field } from './base';

/** One relation's part of what instances keep. */
export class FieldCache {
  /**
   * @param name the property of the related row.
   * @param keyProperty the property of its key: once that has another value, the related row is another one.
   */
  constructor(
    readonly name: string,
    readonly keyProperty?: string,
  ) {}

  /** The related row; null where it is known that there is none, undefined where nothing is known. */
  get(instance: object): Model | null | undefined {
    const found = peekState(instance).cached(this.name);
    if (found === undefined || found.key !== this.keyIn(instance)) return undefined;
    return found.value as Model | null;
  }

  /** Whether it is known which row is related, or that none is. */
  has(instance: object): boolean {
    return this.get(instance) !== undefined;
  }

  set(instance: object, value: object | null): void {
    stateOf(instance).keep(this.name, this.keyIn(instance), value);
  }

  delete(instance: object): void {
    if (peekState(instance).cached(this.name) !== undefined) stateOf(instance).forget(this.name);
  }

  protected keyIn(instance: object): unknown {
    if (this.keyProperty === undefined) return null;
    // A promise where the key itself is not loaded: nothing is kept by that.
    return (instance as Readonly<Record<string, unknown>>)[this.keyProperty] ?? null;
  }
}

/** The same of a relation by several fields: once one of them has another value, the related row is another one. */
export class TupleCache extends FieldCache {
  constructor(
    name: string,
    private readonly field: Field,
  ) {
    super(name);
  }

  protected override keyIn(instance: object): unknown {
    return mapKey(this.field.valueIn(instance));
  }
}
