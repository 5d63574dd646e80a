/**
 * Conditions that are put together with and, or, xor and not. Django: `django.db.models.query_utils.Q`;
 * https://docs.djangoproject.com/en/5.2/topics/db/queries/#complex-lookups-with-q
 */
import { ValueError } from '../../core/exceptions';
import type { Expression } from './expressions/base';
import { AND, type Connector, OR, XOR } from './sql/constants';

const CONNECTORS: ReadonlySet<unknown> = new Set([AND, OR, XOR]);

/** Names in the order in which they are looked up, however they were given: which tables are joined first depends on it. */
export function inOrder(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...names].sort();
}

/** A condition: a path and a value, an expression that is true or false, or another Q. */
export type Child = Q | Expression | readonly [path: string, value: unknown];

/**
 * A condition that `filter` and `exclude` take; it belongs to no model, so its names are checked when it is used.
 *
 * @example
 * ```ts
 * Article.objects.filter(new Q({ headline__startswith: 'A' }).or(new Q({ visits__gt: 100 })));
 * ```
 */
export class Q {
  connector: Connector = AND;
  negated = false;
  children: readonly Child[];

  constructor(...conditions: readonly (Q | Expression | Readonly<Record<string, unknown>>)[]) {
    this.children = conditions.flatMap((condition): Child[] => {
      if (condition instanceof Q || isExpression(condition)) return [condition];
      return inOrder(Object.keys(condition)).map((name) => [name, condition[name]]);
    });
  }

  /** A Q of these conditions. Django: `Q.create`. @throws ValueError for a word that joins no conditions. */
  static create(children: readonly Child[], connector: Connector = AND, negated = false): Q {
    if (!CONNECTORS.has(connector)) throw new ValueError("connector must be one of 'AND', 'OR', 'XOR'.");
    return Object.assign(new Q(), { children, connector, negated });
  }

  /** Both hold. */
  and(other: Q | Expression): Q {
    return this.combine(other, AND);
  }

  /** One of them holds, or both. */
  or(other: Q | Expression): Q {
    return this.combine(other, OR);
  }

  /** An odd number of them holds. */
  xor(other: Q | Expression): Q {
    return this.combine(other, XOR);
  }

  /** It does not hold. */
  not(): Q {
    return Q.create([this], AND, true);
  }

  get isEmpty(): boolean {
    return this.children.length === 0;
  }

  private combine(other: Q | Expression, connector: Connector): Q {
    if (this.isEmpty) return other instanceof Q ? other : new Q(other);
    if (other instanceof Q && other.isEmpty) return this;
    return Q.create([...this.parts(connector), ...partsOf(other, connector)], connector);
  }

  /** Its children, where it is joined by the same word; itself otherwise. Django: `Node.add`. */
  parts(connector: Connector): readonly Child[] {
    const same = !this.negated && (this.connector === connector || this.children.length === 1);
    return same ? this.children : [this];
  }
}

function partsOf(other: Q | Expression, connector: Connector): readonly Child[] {
  return other instanceof Q ? other.parts(connector) : [other];
}

/** Whether something is an expression: what a value of JSON can never be, it has a method. */
export function isExpression(value: unknown): value is Expression {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { resolveExpression?: unknown }).resolveExpression === 'function'
  );
}
