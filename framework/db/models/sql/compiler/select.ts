/** SELECT. Django: `SQLCompiler`. */
import { NotImplementedError } from '../../../../core/exceptions';
import { once } from '../../../../utils/module_loading';
import { NotSupportedError } from '../../../errors';
import { EmptyResultSet, type Expression, FullResultSet, type Sql } from '../../expressions/base';
import { Col, ColPairs } from '../../expressions/col';
import { OrderBy } from '../../expressions/order_by';
import { modelColumns } from '../joins';
import { getSelectMask } from '../select_mask';
import type { WhereNode } from '../where';
import { BaseCompiler } from './base';
import { combinedSql } from './combine';
import { groupBySql } from './group';
import { lockSql } from './lock';
import { type OrderPart, orderBySql, orderParts } from './order';
import { qualifySql } from './qualify';
import { type KlassInfo, relatedSelections } from './related';

const valueModule = once(
  () => require('../../expressions/value') as typeof import('../../expressions/value'),
);

/** Something in SELECT, and the key of its value in a row. */
export interface Selected {
  readonly expression: Expression;
  /** The name after AS, where there is one. */
  alias: string | undefined;
  /** The name of the column in rows. */
  key: string;
}

/** A compiled query. */
export interface CompiledSelect {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Turns a query into SELECT. */
export class SelectCompiler extends BaseCompiler {
  /** Everything that is selected, in order. */
  selected: Selected[] = [];
  /** Where in `selected` the fields of the model stand, and those of related ones; for rows as instances. */
  klassInfo: KlassInfo | undefined;
  /** Where the values of `query.select` stand: those of a key of several columns in several places. */
  valueColumns: (readonly Selected[])[] = [];
  /** The names of annotations. */
  annotationKeys = new Map<string, Selected>();
  /** Whether a condition that holds of no row ends the query; else the database is asked all the same. */
  elidesEmpty = true;
  /** What combined queries select besides, for their rows are sorted by it. */
  readonly addedToCombined = new Map<string, Expression>();
  /** Whether everything that is selected gets a name. */
  allNamed = false;
  /** Whether columns whose names clash get another: rows are read by name. */
  private readonly named: boolean;

  constructor(query: BaseCompiler['query'], connection: BaseCompiler['connection'], named = false) {
    super(query, connection);
    this.named = named;
  }

  /** @throws EmptyResultSet where there can be no rows. */
  asSql(withLimits = true): Sql {
    const { query } = this;
    const counts = new Map(query.aliasRefcount);
    try {
      return this.write(withLimits);
    } finally {
      query.aliasRefcount = counts;
    }
  }

  private write(withLimits: boolean): Sql {
    const { query, connection } = this;
    if (query.baseTable === undefined) query.getInitialAlias();
    this.setupSelect();
    const order = orderParts(this);
    if (query.combinator !== undefined) return combinedSql(this, order, withLimits);
    const split = query.where.splitHavingQualify(query.groupBy !== undefined);
    if (split.qualify !== undefined) return qualifySql(this, split, order, withLimits);
    const { where: before, having: after } = split;
    const extra = query.distinct && query.distinctFields.length === 0 ? extraSelect(this, order) : [];
    const groups = groupBySql(this, order, after);
    if (groups.length > 0 && query.distinctFields.length > 0) {
      throw new NotImplementedError('annotate() + distinct(fields) is not implemented.');
    }
    // What only sorts the rows of a subquery is no column of it.
    const masked = query.subquery && extra.length > 0;
    if (masked) this.nameAll();
    const params: unknown[] = [];
    const distinct = this.distinctSql(params);
    const columns = [
      ...this.selected.map((each) => this.columnSql(each, params)),
      ...extra.map((sql) => sql[0]),
    ];
    for (const [, given] of extra) params.push(...given);
    let sql = `SELECT ${distinct}${columns.join(', ')} FROM ${this.fromSql(params)}`;
    if (before !== undefined && !before.isEmpty) sql += this.conditionSql(' WHERE ', before, params);
    if (groups.length > 0) {
      sql += ` GROUP BY ${groups.map(([text]) => text).join(', ')}`;
      for (const [, given] of groups) params.push(...given);
    }
    if (after !== undefined) sql += this.conditionSql(' HAVING ', after, params);
    sql += orderBySql(order, params);
    if (withLimits && query.isSliced) sql += connection.ops.limitOffsetSql(query.lowMark, query.highMark);
    if (query.lock !== undefined) sql += lockSql(this, query.lock);
    if (!masked) return [sql, params];
    const names = this.selected.map(({ alias }) => connection.ops.quoteName(alias as string));
    return [`SELECT ${names.join(', ')} FROM (${sql}) subquery`, params];
  }

  /** Gives everything that is selected a name, by which the query around this one asks for it. */
  nameAll(): void {
    const taken = new Set(this.selected.map(({ alias }) => alias));
    let at = 0;
    for (const each of this.selected) {
      if (each.alias !== undefined) continue;
      do at += 1;
      while (taken.has(`col${at}`));
      Object.assign(each, { alias: `col${at}`, key: `col${at}` });
    }
  }

  /** Finds out what is selected. */
  setupSelect(): void {
    const { query } = this;
    this.selected = [];
    this.klassInfo = undefined;
    this.annotationKeys = new Map();
    this.valueColumns = [];
    if (query.defaultCols) {
      const mask = getSelectMask(query);
      const { concreteFields } = query.model;
      const fields = mask === undefined ? concreteFields : concreteFields.filter((field) => mask.has(field));
      const alias = query.getInitialAlias();
      this.klassInfo = { model: query.model, fields, mask, from: 0, related: [] };
      for (const [field, table] of modelColumns(query, query.model, alias, { fields })) {
        this.add(query.column(field, table), undefined, field.column);
      }
    } else {
      query.select.forEach((expression, at) => {
        if (expression instanceof ColPairs) {
          this.valueColumns.push(
            expression.columns.map((column) => this.add(column, undefined, column.target.column)),
          );
          return;
        }
        const column = expression instanceof Col ? expression.target.column : undefined;
        const name = query.subquery ? undefined : query.valuesSelect[at];
        const alias = name === column ? undefined : name;
        this.valueColumns.push([this.add(expression, alias, name ?? column ?? `col${at}`)]);
      });
    }
    for (const [name, expression] of query.annotationSelect) {
      this.annotationKeys.set(name, this.add(expression, name, name));
    }
    if (query.selected !== undefined && query.subquery === false) this.arrange(query.selected);
    if (this.klassInfo !== undefined && query.selectRelated !== false) {
      relatedSelections(this, this.klassInfo, query.selectRelated);
    }
    if (this.allNamed) this.nameAll();
    else if (this.named && this.selected.length !== this.klassInfo?.fields.length) this.keepApart();
  }

  /** Puts what is selected in the order of its names: combined queries go by position. */
  private arrange(names: readonly string[]): void {
    const byName = new Map(this.query.valuesSelect.map((name, at) => [name, this.valueColumns[at]] as const));
    const ordered = names.flatMap((name) => {
      const annotation = this.annotationKeys.get(name);
      return annotation === undefined ? (byName.get(name) ?? []) : [annotation];
    });
    if (ordered.length === this.selected.length) this.selected = ordered;
  }

  add(expression: Expression, alias: string | undefined, key: string): Selected {
    const selected = { expression, alias, key };
    this.selected.push(selected);
    return selected;
  }

  /** Gives what has another's name a name of its own. */
  private keepApart(): void {
    const seen = new Set<string>();
    this.selected.forEach((each, at) => {
      const key = each.key.toLowerCase();
      if (seen.has(key)) Object.assign(each, { alias: `__c${at}`, key: `__c${at}` });
      seen.add(key);
    });
  }

  private columnSql({ expression, alias }: Selected, params: unknown[]): string {
    let sql: string;
    let given: readonly unknown[];
    try {
      [sql, given] = this.compile(expression);
    } catch (error) {
      if (error instanceof EmptyResultSet) {
        // A condition that holds of no row is false.
        const none = expression.outputFieldOrNone?.internalType === 'BooleanField' ? false : null;
        [sql, given] = this.compile(new (valueModule().Value)(expression.emptyResultSetValue ?? none));
      } else if (error instanceof FullResultSet) {
        [sql, given] = this.compile(new (valueModule().Value)(true));
      } else throw error;
    }
    const [text, all] = expression.selectFormat(this, sql, given);
    if (all.length > 0) params.push(...all);
    return alias === undefined ? text : `${text} AS ${this.connection.ops.quoteName(alias)}`;
  }

  fromSql(params: unknown[]): string {
    const { query } = this;
    const parts: string[] = [];
    for (const [alias, table] of query.aliasMap) {
      if (!query.aliasRefcount.get(alias)) continue;
      const [sql, given] = table.asSql(this);
      parts.push(sql);
      if (given.length > 0) params.push(...given);
    }
    return parts.join(' ');
  }

  private conditionSql(word: string, condition: WhereNode, params: unknown[]): string {
    try {
      const [sql, given] = this.compile(condition);
      params.push(...given);
      return `${word}${sql}`;
    } catch (error) {
      if (error instanceof FullResultSet) return '';
      if (error instanceof EmptyResultSet && !this.elidesEmpty) return `${word}0 = 1`;
      throw error;
    }
  }

  private distinctSql(params: unknown[]): string {
    const { query } = this;
    if (!query.distinct) return '';
    if (query.distinctFields.length === 0) return 'DISTINCT ';
    if (this.connection.vendor !== 'postgresql') {
      throw new NotSupportedError('DISTINCT ON fields is not supported by this database backend');
    }
    const columns = query.distinctFields.map((name) => {
      const [sql, given] = this.compile(query.resolveRef(name));
      params.push(...given);
      return sql;
    });
    return `DISTINCT ON (${columns.join(', ')}) `;
  }
}

/** What DISTINCT rows are sorted by has to be selected, too. */
function extraSelect(compiler: SelectCompiler, order: readonly OrderPart[]): Sql[] {
  const known = new Set(compiler.selected.map(({ expression }) => textOf(compiler, expression)));
  return order.flatMap(({ expression, isRef }): Sql[] => {
    if (isRef) return [];
    const plain = expression instanceof OrderBy ? expression.expression : expression;
    const sql = compiler.compile(plain);
    return known.has(sql[0]) ? [] : [sql];
  });
}

/** An expression's SQL; undefined where there is nothing to ask. */
function textOf(compiler: SelectCompiler, expression: Expression): string | undefined {
  try {
    return compiler.compile(expression)[0];
  } catch (error) {
    if (error instanceof EmptyResultSet || error instanceof FullResultSet) return undefined;
    throw error;
  }
}
