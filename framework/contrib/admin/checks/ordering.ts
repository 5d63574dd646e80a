/** What `ordering` can have wrong. */
import type { CheckMessage } from '../../../core/checks/messages';
import { Expression } from '../../../db/models/expressions/base';
import { OrderBy } from '../../../db/models/expressions/order_by';
import { FExpression } from '../../../db/models/expressions/value';
import type { BaseModelAdmin } from '../options/base';
import { anyField, itemsOf, missingField, mustBe, optionOf, wrong } from './messages';

/** What a list is ordered by, without its direction; undefined for an expression that is no field. */
function nameOfOrder(order: unknown): string | undefined {
  if (!(order instanceof Expression)) return String(order);
  const { expression } = order instanceof OrderBy ? order : (order.asc() as OrderBy);
  return expression instanceof FExpression ? expression.name : undefined;
}

/** `ordering` names fields, or is random. */
export function* checkOrdering(admin: BaseModelAdmin): Generator<CheckMessage> {
  const ordering = optionOf(admin, 'ordering');
  if (ordering === null || ordering === undefined) return;
  if (!Array.isArray(ordering)) {
    yield mustBe(admin, 'admin.E031', 'ordering', 'a list or tuple');
    return;
  }
  for (const [order, label] of itemsOf(ordering, 'ordering')) {
    const name = nameOfOrder(order);
    if (name === undefined) continue;
    if (name === '?') {
      if (ordering.length === 1) continue;
      yield wrong(
        admin,
        'admin.E032',
        "The value of 'ordering' has the random ordering marker '?', but contains other fields as well.",
        'Either remove the "?", or remove the other fields.',
      );
      continue;
    }
    // Paths through relations are not looked at.
    if (name.includes('__')) continue;
    const field = name.replace(/^-/, '');
    if (field !== 'pk' && anyField(admin.opts, field) === undefined) {
      yield missingField(admin, 'admin.E033', label, field);
    }
  }
}
