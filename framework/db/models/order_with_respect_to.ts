/** The order of rows among those that refer to the same row. Django: `Meta.order_with_respect_to`. */
import { IntegerField } from './fields/numbers';

/** The column of that order. */
export class OrderWrt extends IntegerField {
  constructor() {
    super({ editable: false });
  }
}
