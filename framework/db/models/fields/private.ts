/** What a model's instances have besides columns. Django: fields that are `private_only`. */

import type { Model } from '../base';
import type { Options } from '../options';
import type { Prefetcher } from '../related_managers/prefetchers';
import { Field } from './base';
import type { Relation } from './reverse_related';

/** A field without a column, which leads to other rows in a way of its own. */
export abstract class PrivateField extends Field {
  override readonly internalType: string = 'PrivateField';
  /** Whether it is a concrete parent's, or that of the model whose rows a proxy shows. */
  readonly isInherited: boolean = false;

  override dbType(): null {
    return null;
  }

  /** The relations that its model has by it. */
  relations(): readonly Relation[] {
    return [];
  }

  /** The relations that another model has to its own by it. */
  relationsFrom(_model: Options): readonly Relation[] {
    return [];
  }

  /** The row that an instance has by it, where it has one and that is known. */
  relatedRow(_instance: object): Model | null | undefined {
    return undefined;
  }

  /** The fields whose values say which rows belong together in an order with respect to it. */
  get groupFields(): readonly Field[] {
    return [];
  }

  /** How its rows are read ahead. */
  abstract prefetcher(): Prefetcher;
}
