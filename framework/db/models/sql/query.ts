/**
 * A query as data: what is selected, joined, asked for. It knows models and no database. Django:
 * `django.db.models.sql.query`.
 */

import { once } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { ChangeMap, Expression, Scope, Sql } from '../expressions/base';
import { Col, ColPairs } from '../expressions/col';
import type { Field } from '../fields/base';
import type { FilteredRelation } from '../filtered_relation';
import type { Q } from '../q';
import { addAnnotation, addFields, setGroupBy, setValues } from './annotations';
import { isOwnAlias } from './datastructures';
import { addFilteredRelation } from './filtered';
import { addQ, buildCondition, buildJoinCondition } from './filters';
import * as joins from './joins';
import { QueryState } from './query_state';
import { resolveRef } from './refs';
import { NothingNode, type WhereNode } from './where';

const selectModule = once(() => require('./compiler/select') as typeof import('./compiler/select'));
const valueModule = once(() => require('../expressions/value') as typeof import('../expressions/value'));

export type { Combinator, OrderItem, RelatedTree, RowLock } from './query_state';

/** A query. Methods change it; `clone` first. */
export class Query extends QueryState {
  relabeledClone(changes: ChangeMap): this {
    const copy = this.clone();
    joins.changeAliases(copy, changes);
    return copy;
  }

  // Joins ---------------------------------------------------------------------------------------------------

  get baseTable(): string | undefined {
    return this.aliasMap.keys().next().value;
  }

  getInitialAlias(): string {
    return joins.getInitialAlias(this);
  }

  promoteJoins(aliases: Iterable<string>): void {
    joins.promoteJoins(this, aliases);
  }

  demoteJoins(aliases: Iterable<string>): void {
    joins.demoteJoins(this, aliases);
  }

  column(target: Field, alias: string, relationTarget?: Field): Col {
    const Class = target.concrete ? Col : ColPairs;
    return new Class(this.aliasCols ? alias : undefined, target, relationTarget);
  }

  // Conditions ----------------------------------------------------------------------------------------------

  addQ(q: Q, reuseAll = false): void {
    addQ(this, q, reuseAll);
  }

  /** A condition as an expression over this query. */
  resolveCondition(q: Q, scope: Scope): Expression {
    return buildCondition(this, q, scope);
  }

  /** What else holds of joined rows, as a condition of the join. */
  joinCondition(q: Q, reuse: Set<string> | null): WhereNode {
    return buildJoinCondition(this, q, reuse);
  }

  resolveRef(name: string, scope: Scope = {}): Expression {
    return resolveRef(this, name, scope);
  }

  setEmpty(): void {
    this.where.add(new NothingNode(), 'AND');
    for (const query of this.combinedQueries) query.setEmpty();
  }

  get isEmpty(): boolean {
    return this.where.children.some((child) => child instanceof NothingNode);
  }

  // What is selected ----------------------------------------------------------------------------------------

  get annotationSelect(): ReadonlyMap<string, Expression> {
    const { annotations, annotationMask } = this;
    if (annotationMask === undefined || annotations.size === 0) return annotations;
    return new Map([...annotations].filter(([name]) => annotationMask.has(name)));
  }

  addFilteredRelation(relation: FilteredRelation, alias: string): void {
    addFilteredRelation(this, relation, alias);
  }

  addAnnotation(annotation: Expression, alias: string, select = true): void {
    addAnnotation(this, annotation, alias, select);
  }

  setAnnotationMask(names: Iterable<string> | undefined): void {
    this.annotationMask = names === undefined ? undefined : new Set(names);
    if (this.annotationMask !== undefined && this.selected !== undefined) {
      const mask = this.annotationMask;
      const kept = this.selected.filter((name) => !this.annotations.has(name) || mask.has(name));
      this.selected = [...new Set([...kept, ...mask])];
    }
  }

  appendAnnotationMask(names: Iterable<string>): void {
    if (this.annotationMask !== undefined) this.setAnnotationMask([...this.annotationMask, ...names]);
  }

  setValues(names: readonly string[]): void {
    setValues(this, names);
  }

  addFields(names: readonly string[], allowM2m = true): void {
    addFields(this, names, allowM2m);
  }

  clearSelectClause(): void {
    this.select = [];
    this.valuesSelect = [];
    this.selected = undefined;
    this.defaultCols = false;
    this.selectRelated = false;
    this.setAnnotationMask([]);
  }

  clearSelectFields(): void {
    this.select = [];
    this.valuesSelect = [];
    this.selected = undefined;
  }

  get hasSelectFields(): boolean {
    return this.selected !== undefined || this.select.length > 0;
  }

  /** How many columns it has as a subquery; without any that are named, those of the key. */
  get columnCount(): number {
    const shown = this.select.length + this.annotationSelect.size;
    if (!this.hasSelectFields || shown === 0) return this.model.pkFields.length;
    return this.select.reduce(
      (sum, each) => sum + (each instanceof ColPairs ? each.columns.length - 1 : 0),
      shown,
    );
  }

  /** The field of the only column, for a subquery that stands for a value. */
  get outputField(): Field | undefined {
    if (this.select.length === 1) return this.select[0]?.outputFieldOrNone;
    const annotations = this.annotationSelect;
    if (annotations.size !== 1) return undefined;
    return [...annotations.values()][0]?.outputFieldOrNone;
  }

  // Order and limits ----------------------------------------------------------------------------------------

  get isSliced(): boolean {
    return this.lowMark !== 0 || this.highMark !== undefined;
  }

  get hasLimitOne(): boolean {
    return this.highMark !== undefined && this.highMark - this.lowMark === 1;
  }

  /** Narrows the slice by positions within it. */
  setLimits(low: number, high: number | undefined): void {
    if (high !== undefined) {
      const end = this.lowMark + high;
      this.highMark = this.highMark === undefined ? end : Math.min(this.highMark, end);
    }
    const start = this.lowMark + low;
    this.lowMark = this.highMark === undefined ? start : Math.min(this.highMark, start);
    if (this.lowMark === this.highMark) this.setEmpty();
  }

  clearLimits(): void {
    this.lowMark = 0;
    this.highMark = undefined;
  }

  clearOrdering(options: { force?: boolean; clearDefault?: boolean } = {}): void {
    const { force = false, clearDefault = true } = options;
    if (!force && (this.isSliced || this.distinctFields.length > 0 || this.lock !== undefined)) return;
    this.orderBy = [];
    if (clearDefault) this.defaultOrdering = false;
  }

  /** Whether anything says how the rows are sorted. */
  get isOrdered(): boolean {
    if (this.orderBy.length > 0) return true;
    return this.defaultOrdering && this.model.ordering.length > 0 && !this.groupBy;
  }

  // As a part of another query ------------------------------------------------------------------------------

  /** This query within another. */
  resolveExpression(outer: Query, scope: Scope = {}): this {
    const copy = this.clone();
    joins.bumpPrefix(copy, outer);
    copy.subquery = true;
    copy.where.resolveIn(outer, scope);
    copy.combinedQueries = copy.combinedQueries.map((query) => query.resolveExpression(outer, scope));
    copy.annotations = new Map(
      [...copy.annotations].map(([name, each]) => [name, each.resolveExpression(outer, scope)]),
    );
    for (const [alias, table] of outer.aliasMap) {
      copy.externalAliases.set(alias, isOwnAlias(table));
    }
    return copy;
  }

  /** The columns of the query around that it refers to. */
  getExternalCols(): Col[] {
    const found: Col[] = [];
    const visit = (part: Expression): void => {
      if (part instanceof Col) found.push(part);
      else if ('getExternalCols' in part)
        found.push(...(part as { getExternalCols(): Col[] }).getExternalCols());
      else for (const each of part.getSourceExpressions()) visit(each);
    };
    for (const each of [...this.annotations.values(), ...this.where.children]) visit(each);
    return found.filter((col) => col.alias !== undefined && this.externalAliases.has(col.alias));
  }

  /** The same, asked only whether there is a row. */
  exists(): Query {
    const query = this.clone();
    if (!(query.distinct && query.isSliced)) {
      if (query.groupBy === true) {
        query.addFields(
          query.model.concreteFields.map((field) => field.attname),
          false,
        );
        setGroupBy(query, false);
      }
      query.clearSelectClause();
    }
    if (query.combinator === 'union') {
      query.combinedQueries = query.combinedQueries.map((each) => each.exists());
    }
    query.clearOrdering({ force: true });
    if (query.combinator === undefined) query.setLimits(0, 1);
    query.addAnnotation(new (valueModule().Value)(1), 'a');
    return query;
  }

  asSql(connection: DatabaseWrapper): Sql {
    const [sql, params] = new (selectModule().SelectCompiler)(this, connection).asSql();
    return this.subquery ? [`(${sql})`, params] : [sql, params];
  }
}
