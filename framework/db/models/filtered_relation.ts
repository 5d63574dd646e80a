/** Joins of only some of the related rows. Django: `django.db.models.query_utils.FilteredRelation`. */
import { ValueError } from '../../core/exceptions';
import type { Expression } from './expressions/base';
import { FExpression } from './expressions/value';
import { type Child, isExpression, Q } from './q';

/** What `FilteredRelation` takes besides the relation. */
export interface FilteredRelationOptions {
  /** What holds of the rows that are joined; its paths begin with the relation. */
  condition?: Q;
}

/**
 * A relation with a condition on the join, under a name of its own: rows without such a partner stay.
 *
 * @throws ValueError without a relation, or for a condition that is no Q.
 * @example
 * ```ts
 * Restaurant.objects
 *   .annotate({ veggie: new FilteredRelation('pizzas', { condition: new Q({ pizzas__vegetarian: true }) }) })
 *   .filter({ veggie__name__icontains: 'mozzarella' });
 * ```
 */
export class FilteredRelation {
  readonly condition: Q;

  constructor(
    readonly relationName: string,
    options: FilteredRelationOptions = {},
  ) {
    if (!relationName) throw new ValueError('relation_name cannot be empty.');
    const { condition = new Q() } = options;
    if (!(condition instanceof Q)) throw new ValueError('condition argument must be a Q() instance.');
    this.condition = condition;
  }

  /** Every path that the condition names. */
  paths(): string[] {
    return pathsOf(this.condition);
  }

  /** The condition with paths that begin with the name. */
  renamed(alias: string): Q {
    return renamedQ(this.condition, `${this.relationName}__`, `${alias}__`);
  }
}

/** A relation under a name of a query. */
export interface NamedRelation {
  readonly alias: string;
  readonly relationName: string;
  readonly condition: Q;
}

/** Every path that a condition, or an expression, names. */
export function pathsOf(part: Child | Expression | Q): string[] {
  if (part instanceof Q) return part.children.flatMap((child) => pathsOf(child));
  if (part instanceof FExpression) return [part.name];
  if (isExpression(part)) {
    if ('q' in part && part.q instanceof Q) return pathsOf(part.q);
    return 'getSourceExpressions' in part ? part.getSourceExpressions().flatMap((each) => pathsOf(each)) : [];
  }
  const [path, value] = part;
  return [path, ...(isExpression(value) ? pathsOf(value) : [])];
}

function renamedQ(q: Q, from: string, to: string): Q {
  return Q.create(
    q.children.map((child) => renamedChild(child, from, to)),
    q.connector,
    q.negated,
  );
}

function renamedPath(path: string, from: string, to: string): string {
  return path.startsWith(from) ? to + path.slice(from.length) : path;
}

function renamedChild(child: Child, from: string, to: string): Child {
  if (child instanceof Q) return renamedQ(child, from, to);
  if (isExpression(child)) return renamedExpression(child, from, to);
  const [path, value] = child;
  return [renamedPath(path, from, to), isExpression(value) ? renamedExpression(value, from, to) : value];
}

function renamedExpression(expression: Expression, from: string, to: string): Expression {
  if (!('replaceExpressions' in expression)) {
    throw new ValueError('Passing a QuerySet within a FilteredRelation is not supported.');
  }
  return expression.replaceExpressions((part) => {
    if (part instanceof FExpression) return part.withName(renamedPath(part.name, from, to));
    if ('q' in part && part.q instanceof Q)
      return Object.assign(part.copy(), { q: renamedQ(part.q, from, to) });
    return undefined;
  });
}
