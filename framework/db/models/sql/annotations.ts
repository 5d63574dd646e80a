/** What a query selects. Django: `Query.add_annotation`, `set_values`, `add_fields`, `set_group_by`. */

import { FieldError, ValueError } from '../../../core/exceptions';
import type { Expression } from '../expressions/base';
import { Col, Ref } from '../expressions/col';
import { LOOKUP_SEP } from './constants';
import { setupJoins, trimJoins } from './joins';
import { transformed } from './lookup_building';
import { choicesOf, isRelational, MultiJoin, namesToPath } from './names';
import type { Query } from './query';

/** What an alias must not have: it is written into the statement, and stands in the way of what reads it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const FORBIDDEN_ALIAS = /['`"\][;\s\u0000-\u001f\u007f-\u009f]|#|--|\/\*|\*\//;

/** @throws ValueError for a name that could be more than a name. */
export function checkAlias(alias: string): void {
  if (FORBIDDEN_ALIAS.test(alias)) {
    throw new ValueError(
      'Column aliases cannot contain whitespace characters, hashes, control characters, quotation marks, ' +
        'semicolons, or SQL comments.',
    );
  }
}

export function addAnnotation(query: Query, annotation: Expression, alias: string, select: boolean): void {
  checkAlias(alias);
  const resolved = annotation.resolveExpression(query, { allowJoins: true, reuse: null });
  if (select) query.appendAnnotationMask([alias]);
  else {
    const shown = [...query.annotationSelect.keys()].filter((name) => name !== alias);
    query.setAnnotationMask(shown);
  }
  const { annotations } = query;
  query.annotations = new Map([...annotations, [alias, resolved]]);
  if (select && query.selected !== undefined && !query.selected.includes(alias)) {
    query.selected = [...query.selected, alias];
  }
}

/** Adds the columns of fields, by path. @throws FieldError. */
export function addFields(query: Query, names: readonly string[], allowM2m: boolean): void {
  const alias = query.getInitialAlias();
  const columns: Expression[] = [];
  for (const name of names) {
    try {
      const info = setupJoins(query, name.split(LOOKUP_SEP), query.model, alias, { allowMany: allowM2m });
      const { target, alias: last, joins } = trimJoins(query, info);
      if (joins.length > 1) query.promoteJoins(joins.slice(1));
      const relation = isRelational(info.finalField) ? info.target : undefined;
      columns.push(transformed(query.column(target, last, relation), info));
    } catch (error) {
      if (error instanceof MultiJoin) throw new FieldError(`Invalid field name: '${name}'`);
      if (!(error instanceof FieldError) || name.includes(LOOKUP_SEP)) throw error;
      if (query.annotations.has(name)) {
        throw new FieldError(`Cannot select the '${name}' alias. Use annotate() to promote it.`);
      }
      const { annotationSelect, filteredRelations } = query;
      const choices = [
        ...choicesOf(query.model),
        ...annotationSelect.keys(),
        ...filteredRelations.keys(),
      ].sort();
      throw new FieldError(`Cannot resolve keyword '${name}' into field. Choices are: ${choices.join(', ')}`);
    }
  }
  if (columns.length > 0) query.select = columns;
}

/** Selects fields and annotations by name, for `values`. */
export function setValues(query: Query, names: readonly string[]): void {
  query.selectRelated = false;
  query.deferred = [new Set(), true];
  query.clearSelectFields();
  let fields: string[];
  let selected: string[] | undefined;
  if (names.length > 0) {
    for (const name of names) checkAlias(name);
    query.defaultCols = false;
    const annotated = query.annotationSelect;
    for (const name of names) {
      if (annotated.has(name)) continue;
      if (query.annotations.has(name)) {
        throw new FieldError(`Cannot select the '${name}' alias. Use annotate() to promote it.`);
      }
      if (annotated.size > 0) {
        namesToPath(name.split(LOOKUP_SEP), query.model, annotated, { filtered: query.filteredRelations });
      }
    }
    fields = names.filter((name) => !annotated.has(name));
    selected = [...names];
    if (query.annotations.size > 0) query.setAnnotationMask(names.filter((name) => annotated.has(name)));
  } else {
    query.defaultCols = false;
    fields = query.model.concreteFields.map((field) => field.attname);
  }
  if (query.groupBy === true) {
    addFields(
      query,
      query.model.concreteFields.map((field) => field.attname),
      false,
    );
    setGroupBy(query, false);
    query.clearSelectFields();
  } else if (query.groupBy !== undefined) {
    query.groupBy = query.groupBy.map((each) =>
      each instanceof Ref && !(selected ?? fields).includes(each.refs)
        ? (query.annotations.get(each.refs) ?? each)
        : each,
    );
  }
  query.valuesSelect = fields;
  addFields(query, fields, true);
  query.selected = selected;
}

/** Groups by what is selected. */
export function setGroupBy(query: Query, allowAliases = true): void {
  if (allowAliases && query.valuesSelect.length > 0) {
    const annotations = new Map<string, Expression>();
    const kept: [string, Expression][] = [];
    query.valuesSelect.forEach((name, at) => {
      const expression = query.select[at] as Expression;
      if (expression instanceof Col) kept.push([name, expression]);
      else annotations.set(name, expression);
    });
    if (annotations.size > 0) {
      query.annotations = new Map([...annotations, ...query.annotations]);
      query.appendAnnotationMask(annotations.keys());
      query.select = kept.map(([, expression]) => expression);
      query.valuesSelect = kept.map(([name]) => name);
    }
  }
  const groupBy = [...query.select];
  for (const [alias, annotation] of query.annotationSelect) {
    const columns = annotation.getGroupByCols();
    if (columns.length === 0) continue;
    if (allowAliases && !annotation.containsAggregate) groupBy.push(new Ref(alias, annotation));
    else groupBy.push(...columns);
  }
  query.groupBy = groupBy;
}
