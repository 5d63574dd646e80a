/** What a name in an expression refers to. Django: `Query.resolve_ref`. */
import { FieldError } from '../../../core/exceptions';
import type { Expression, Scope } from '../expressions/base';
import { Col, ColPairs, Ref } from '../expressions/col';
import type { Field } from '../fields/base';
import type { ForeignKey } from '../fields/related';
import { LOOKUP_SEP } from './constants';
import { Join } from './datastructures';
import { setupJoins, trimJoins } from './joins';
import { transformed, tryTransform } from './lookup_building';
import { isRelational } from './names';
import type { Query } from './query';

const NOT_JOINED = 'Joined field references are not permitted in this query';

/** The columns within an expression. */
export function* columnsOf(expression: Expression): Generator<Col> {
  if (expression instanceof Col) yield expression;
  else for (const source of expression.getSourceExpressions()) yield* columnsOf(source);
}

/** The error of an aggregate over what is not selected. */
export function overAlias(name: string): FieldError {
  return new FieldError(`Cannot aggregate over the '${name}' alias. Use annotate() to promote it.`);
}

/** The field that a foreign key's value is of, through others. */
function referredTo(field: Field): Field {
  return 'targetField' in field ? referredTo((field as ForeignKey).targetField) : field.valueField;
}

/** The annotation or the field of a name. @throws FieldError. */
export function resolveRef(query: Query, name: string, scope: Scope): Expression {
  const { allowJoins = true, reuse = null, summarize = false } = scope;
  const whole = query.annotations.get(name);
  if (whole !== undefined) {
    if (!allowJoins) {
      for (const { alias } of columnsOf(whole)) {
        if (alias !== undefined && query.aliasMap.get(alias) instanceof Join)
          throw new FieldError(NOT_JOINED);
      }
    }
    if (!summarize) return whole;
    if (!query.annotationSelect.has(name)) {
      throw overAlias(name);
    }
    return new Ref(name, whole);
  }
  const names = name.split(LOOKUP_SEP);
  const annotation = query.annotations.get(names[0] as string);
  if (annotation !== undefined) {
    const start = summarize ? new Ref(names[0] as string, annotation) : annotation;
    return names.slice(1).reduce((inner: Expression, each) => tryTransform(inner, each), start);
  }
  const info = setupJoins(query, names, query.model, query.getInitialAlias(), { reuse });
  const { target, alias, joins } = trimJoins(query, info);
  if (!allowJoins && joins.length > 1) throw new FieldError(NOT_JOINED);
  if (reuse !== null) for (const each of joins) reuse.add(each);
  const relation = isRelational(info.finalField) ? info.target : undefined;
  const column = query.column(target, alias, relation);
  // As an operand a foreign key is of the type of what it refers to.
  return transformed(column instanceof ColPairs ? column : column.withOutputField(referredTo(target)), info);
}
