/** The column of `Meta.orderWithRespectTo`. Django: `django.db.models.fields.proxy`. */
import { IntegerField } from './numbers';

function ordering(): typeof import('../order_with_respect_to') {
  return require('../order_with_respect_to') as typeof import('../order_with_respect_to');
}

/** A row's place among those that refer to the same row; a new one comes last. */
export class OrderWrt extends IntegerField {
  constructor() {
    super({ editable: false });
  }

  override defineProperty(prototype: object): void {
    ordering().defineNeighbours(this.model, prototype);
  }
}
