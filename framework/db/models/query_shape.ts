/** What `annotate`, `values` and `selectRelated` are given, as a query needs it. */
import { FieldError, ValueError } from '../../core/exceptions';
import { isPlainObject, repr } from '../../python';
import type { Expression } from './expressions/base';
import { describeExpression } from './expressions/describe';
import { Condition } from './expressions/func';
import { F } from './expressions/value';
import { FilteredRelation } from './filtered_relation';
import { isExpression, Q } from './q';
import { setGroupBy } from './sql/annotations';
import { findNamed } from './sql/names';
import type { Query, RelatedTree } from './sql/query';

/** What `annotate` takes by name. */
export type Annotated = Readonly<Record<string, Expression | FilteredRelation | Q>>;
/** Expressions by name. */
export type Named = Readonly<Record<string, Expression>>;

/** An expression that can name itself. */
type SelfNamed = Expression & { readonly defaultAlias?: string };

/**
 * Expressions by name: those that were given alone name themselves.
 *
 * @throws TypeError for what is no expression, or has no name; ValueError for a name that is there twice.
 */
export function namedValues<E extends Annotated = Named>(given: readonly unknown[], method: string): E {
  const alone = given.filter(isExpression) as SelfNamed[];
  const rest = given.filter((each) => !isExpression(each));
  const named = Object.assign({}, ...rest.filter(isPlainObject)) as Record<string, Expression>;
  for (const [name, each] of Object.entries(named)) if (each instanceof Q) named[name] = new Condition(each);
  const wrong = [
    ...rest.filter((each) => !isPlainObject(each)),
    ...Object.values(named).filter(
      (each) => !isExpression(each) && !((each as unknown) instanceof FilteredRelation),
    ),
  ];
  if (wrong.length > 0) {
    throw new TypeError(
      `QuerySet.${method}() received non-expression(s): ${wrong.map(repr).sort().join(', ')}.`,
    );
  }
  const all: Record<string, Expression> = {};
  for (const each of alone) {
    const alias = aliasOf(each, method === 'aggregate' ? 'aggregates require' : 'annotations require');
    if (Object.hasOwn(named, alias)) {
      throw new ValueError(
        `The named annotation '${alias}' conflicts with the default name for another annotation.`,
      );
    }
    all[alias] = each;
  }
  return Object.assign(all, named) as unknown as E;
}

function aliasOf(expression: SelfNamed, what: string): string {
  let alias: string | undefined;
  try {
    alias = expression.defaultAlias;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  if (alias === undefined) throw new TypeError(`Complex ${what} an alias`);
  return alias;
}

/** The names of what `valuesList` was given: expressions, and names that come twice, get one with a number. */
export function listNames(given: readonly (string | Expression)[]): {
  names: readonly string[];
  expressions: Named;
} {
  const taken = new Map<string, boolean>();
  for (const each of given) if (typeof each === 'string') taken.set(each, false);
  const expressions: Record<string, Expression> = {};
  let counter = 1;
  const names = given.map((each) => {
    const own =
      typeof each === 'string'
        ? each
        : ((each as SelfNamed).defaultAlias ?? each.constructor.name.toLowerCase());
    let name = own;
    if (typeof each !== 'string' || taken.get(own) === true) {
      for (name = `${own}${counter}`; taken.has(name); name = `${own}${counter}`) counter += 1;
      expressions[name] = typeof each === 'string' ? F(each) : each;
    }
    taken.set(name, true);
    return name;
  });
  return { names, expressions };
}

/** Adds annotations to a query. @throws ValueError for the name of a field. */
export function addAnnotations(
  query: Query,
  annotations: Annotated,
  fields: readonly string[] | undefined,
  select: boolean,
): void {
  for (const [name, expression] of Object.entries(annotations)) {
    const clashes = fields === undefined ? findNamed(query.model, name) !== undefined : fields.includes(name);
    if (clashes) throw new ValueError(`The annotation '${name}' conflicts with a field on the model.`);
    if (expression instanceof FilteredRelation) query.addFilteredRelation(expression, name);
    else query.addAnnotation(expression as Expression, name, select); // `namedValues` leaves no Q.
  }
  for (const name of Object.keys(annotations)) {
    if (!query.annotations.get(name)?.containsAggregate) continue;
    if (fields === undefined) query.groupBy = true;
    else setGroupBy(query);
    break;
  }
}

/** Says what the rows are sorted by. @throws FieldError for what no row can be sorted by. */
export function orderQuery(query: Query, order: readonly (string | Expression)[]): void {
  query.clearOrdering({ force: true, clearDefault: false });
  if (order.length === 0) query.defaultOrdering = false;
  for (const each of order) {
    if (!isExpression(each)) checkOrdering(query, each);
    else if (each.containsAggregate) {
      throw new FieldError(
        'Using an aggregate in order_by() without also including it in annotate() is not allowed: ' +
          describeExpression(each),
      );
    }
  }
  query.orderBy = order;
}

function checkOrdering(query: Query, item: string): void {
  const name = item.replace(/^[-+]/, '');
  if (item === '?' || query.annotations.has(name) || query.combinator !== undefined) return;
  // A field of the model alone needs no joins to be found.
  if (name === 'pk' || query.model.fieldsByProperty.has(name)) return;
  query.clone().resolveRef(name);
}

/** Relations to load with each row, as a tree. */
export function relatedTree(before: boolean | RelatedTree, paths: readonly string[]): RelatedTree {
  const tree: RelatedTree = typeof before === 'object' ? copyTree(before) : Object.create(null);
  for (const path of paths) {
    let at = tree;
    for (const part of path.split('__')) {
      at[part] ??= Object.create(null) as RelatedTree;
      at = at[part] as RelatedTree;
    }
  }
  return tree;
}

function copyTree(tree: RelatedTree): RelatedTree {
  const copy = Object.create(null) as RelatedTree;
  for (const [name, deeper] of Object.entries(tree)) copy[name] = copyTree(deeper);
  return copy;
}
