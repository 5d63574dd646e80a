/** Lookups of what stands at a key. Django: `KeyTransformExact` and its kin. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { jsonText } from '../fields/json_text';
import type { LookupConstructor } from './base';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './compare';
import { In, IsNull } from './in_range';
import { extracted, JSONExact, JSONIn, withoutCase } from './json';
import { KeyTextTransform, KeyTransform } from './json_keys';
import { EndsWith, IContains, IEndsWith, IExact, IRegex, IStartsWith, Regex, StartsWith } from './pattern';

/** `=` */
class KeyTransformExact extends JSONExact {
  override processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.rhsIsDirect ? extracted(this.rhs, connection) : super.processRhs(compiler, connection);
  }
}

/** Whether the key is there: at a key with the null of JSON, it is. */
class KeyTransformIsNull extends IsNull {
  asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [[sql, params], path] = (this.lhs as KeyTransform).path(compiler, connection);
    return [`JSON_TYPE(${sql}, ?) IS ${this.rhs ? '' : 'NOT '}NULL`, [...params, path]];
  }
}

/** The text at the key, where the lookup is one of texts. */
function textOf(lhs: Expression): Expression {
  if (!(lhs instanceof KeyTransform)) {
    throw new TypeError('Transform should be an instance of KeyTransform in order to use this lookup.');
  }
  return new KeyTextTransform(lhs.keyName, lhs.lhs);
}

/** A lookup of texts, of the text at a key. */
function ofText(Base: LookupConstructor, ignoresCase: boolean): LookupConstructor {
  return class extends (Base as unknown as typeof StartsWith) {
    constructor(lhs: Expression, rhs: unknown) {
      super(textOf(lhs), rhs);
    }

    override processLhs(compiler: Compiler, connection: DatabaseWrapper, lhs?: Expression): Sql {
      const sql = super.processLhs(compiler, connection, lhs);
      return ignoresCase ? withoutCase(sql, connection) : sql;
    }

    override processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
      const sql = super.processRhs(compiler, connection);
      return ignoresCase ? withoutCase(sql, connection) : sql;
    }

    protected override patternPlaceholder(connection: DatabaseWrapper): string {
      return ignoresCase ? withoutCase(['?', []], connection)[0] : '?';
    }
  };
}

/** A comparison of order: with a number as a number, with a text as a text. */
function ofOrder(Base: LookupConstructor): LookupConstructor {
  return class extends (Base as unknown as typeof GreaterThan) {
    override processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
      const { rhs } = this;
      if (!this.rhsIsDirect) return super.processRhs(compiler, connection);
      if (connection.vendor === 'postgresql') return ['?::jsonb', [jsonText(rhs)]];
      // MySQL gets numbers as texts.
      const isNumber = typeof rhs === 'number' || typeof rhs === 'bigint';
      return [isNumber && connection.vendor === 'mysql' ? '(? + 0)' : '?', [plain(rhs)]];
    }
  };
}

/** A value that a database has itself; a list or an object is its JSON. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? jsonText(value) : value;
}

for (const Class of [
  ...[JSONIn, KeyTransformExact, KeyTransformIsNull],
  ...[StartsWith, EndsWith, Regex].map((Base) => ofText(Base, false)),
  ...[IExact, IContains, IStartsWith, IEndsWith, IRegex].map((Base) => ofText(Base, true)),
  ...[LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual].map(ofOrder),
]) {
  KeyTransform.registerLookup(Class);
}
// What is text already is compared as text.
for (const Class of [Exact, In, LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual]) {
  KeyTextTransform.registerLookup(Class);
}
