/** The lookups of texts: LIKE and regular expressions. Django: `PatternLookup`, `IExact`, `Regex`. */
import { toStr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Sql } from '../expressions/base';
import { Lookup } from './base';
import { keyOf } from './operands';

/** A lookup of a text, whatever the field is. */
abstract class TextLookup extends Lookup {
  protected readonly ignoresCase: boolean = false;

  protected override get valueField(): undefined {
    return undefined;
  }

  /** The column as text. */
  protected column(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const type = this.lhs.outputFieldOrNone?.internalType;
    return [connection.ops.textColumn(left, type, this.ignoresCase), params];
  }
}

/** LIKE, as each database has it. */
export abstract class PatternLookup extends TextLookup {
  protected readonly before: string = '';
  protected readonly after: string = '';

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { ops } = connection;
    const [column, params] = this.column(compiler, connection);
    if (!this.rhsIsDirect) {
      const [right, more] = this.processRhs(compiler, connection);
      const plain = this.isHex(connection) ? `REPLACE(${right}, '-', '')` : right;
      const pattern = ops.patternOf(plain, this.before, this.after);
      return [ops.like(column, pattern, this.ignoresCase), [...params, ...more]];
    }
    const text = this.written(connection).replace(/[\\%_]/g, '\\$&');
    const pattern = `${this.before}${text}${this.after}`;
    return [ops.like(column, this.patternPlaceholder(connection), this.ignoresCase), [...params, pattern]];
  }

  /** What stands for the pattern. */
  protected patternPlaceholder(_connection: DatabaseWrapper): string {
    return '?';
  }

  /** The text as the column has it: a UUID without its hyphens where the database has no type for it. */
  private written(connection: DatabaseWrapper): string {
    const text = toStr(keyOf(this.lhs, this.rhs));
    return this.isHex(connection) ? text.replaceAll('-', '') : text;
  }

  private isHex(connection: DatabaseWrapper): boolean {
    const isUuid = this.lhs.outputFieldOrNone?.internalType === 'UUIDField';
    return isUuid && connection.dataTypes['UUIDField'] !== 'uuid';
  }
}

export class Contains extends PatternLookup {
  static override readonly lookupName: string = 'contains';
  protected override readonly before = '%';
  protected override readonly after = '%';
}

export class IContains extends Contains {
  static override readonly lookupName: string = 'icontains';
  protected override readonly ignoresCase = true;
}

export class StartsWith extends PatternLookup {
  static override readonly lookupName: string = 'startswith';
  protected override readonly after = '%';
}

export class IStartsWith extends StartsWith {
  static override readonly lookupName: string = 'istartswith';
  protected override readonly ignoresCase = true;
}

export class EndsWith extends PatternLookup {
  static override readonly lookupName: string = 'endswith';
  protected override readonly before = '%';
}

export class IEndsWith extends EndsWith {
  static override readonly lookupName: string = 'iendswith';
  protected override readonly ignoresCase = true;
}

/** `=`, whatever the case. */
export class IExact extends PatternLookup {
  static override readonly lookupName: string = 'iexact';
  protected override readonly ignoresCase = true;
}

/** A regular expression of the database; on SQLite, one of Python's. */
export class Regex extends TextLookup {
  static override readonly lookupName: string = 'regex';

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [column, params] = this.column(compiler, connection);
    const [pattern, more] = this.processRhs(compiler, connection);
    return [connection.ops.regexSql(column, pattern, this.ignoresCase), [...params, ...more]];
  }

  protected override databaseValue(value: unknown, connection: DatabaseWrapper): unknown {
    return toStr(super.databaseValue(value, connection));
  }

  protected override column(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    // The operator ignores the case itself.
    return [connection.ops.textColumn(left, this.lhs.outputFieldOrNone?.internalType, false), params];
  }
}

/** The same, whatever the case. */
export class IRegex extends Regex {
  static override readonly lookupName: string = 'iregex';
  protected override readonly ignoresCase = true;
}
