/** Functions of texts that take more than the text: parts, padding, joining. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { Func, type FuncOptions, withOptions } from '../expressions/func';
import { Value } from '../expressions/value';
import type { Field } from '../fields/base';
import { IntegerField } from '../fields/numbers';
import { CharField, TextField } from '../fields/text';
import { isExpression } from '../q';
import { callable, named } from './callable';
import { Cast } from './cast';
import { Coalesce } from './comparison';

type Text = Expression | string;
type Count = Expression | string | number | null;

/** A function that gives a text. */
abstract class TextFunc extends Func<string | null> {
  protected override resolveOutputField(): Field | undefined {
    return new CharField();
  }
}

/** @throws ValueError for a number that is less than another. */
function atLeast(least: number, value: unknown, message: string): void {
  if (typeof value === 'number' && value < least) throw new ValueError(message);
}

class ConcatPairFunction extends Func<string> {
  protected override readonly functionName = 'CONCAT';

  /** Null counts as nothing. */
  private piped(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = this.sources.map((source) => Coalesce(source as Expression, new Value('')) as Expression);
    return copy.write(compiler, connection, { template: '(%(expressions)s)', argJoiner: ' || ' });
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.piped(compiler, connection);
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = this.sources.map((source) => {
      const field = source.outputFieldOrNone;
      const isText = field instanceof CharField || field instanceof TextField;
      return isText ? source : Cast(source, new TextField());
    });
    return copy.piped(compiler, connection);
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, {
      function: 'CONCAT_WS',
      template: "%(function)s('', %(expressions)s)",
    });
  }
}

/** Two texts in one; `Concat` is made of these. */
export const ConcatPair = callable(named('ConcatPair', ConcatPairFunction));

class ConcatFunction extends Func<string> {
  protected override readonly template = '%(expressions)s';

  /** @throws ValueError with less than two expressions. */
  constructor(...given: unknown[]) {
    const options = isOptions(given[given.length - 1]) ? (given.pop() as FuncOptions) : {};
    if (given.length < 2) throw new ValueError('Concat must take at least two expressions');
    super(paired(given, options), options);
  }

  override deconstruct(): readonly unknown[] {
    return withOptions(texts(this.sources[0]), this.options);
  }
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !isExpression(value) && value.constructor === Object;
}

/** What pairs are made of. */
function texts(source: Expression | undefined): readonly unknown[] {
  if (!(source instanceof ConcatPairFunction)) return [source];
  const [first, rest] = source.getSourceExpressions();
  return [first, ...texts(rest)];
}

function paired([first, ...rest]: readonly unknown[], options: FuncOptions): Expression {
  const second = rest.length > 1 ? paired(rest, options) : rest[0];
  return new ConcatPairFunction(first, second, options);
}

/**
 * Texts in one. Null counts as nothing; a text of one's own is a `Value`.
 *
 * @example `Author.objects.annotate({ full: Concat('first', new Value(' '), 'last') })`
 */
export const Concat = callable(named('Concat', ConcatFunction));

class LeftFunction extends TextFunc {
  static override readonly arity = 2;
  protected override readonly functionName: string = 'LEFT';

  /** @throws ValueError for a length that is not above 0. */
  constructor(expression: Text, length: Count, options: FuncOptions = {}) {
    atLeast(1, length, "'length' must be greater than 0.");
    super(expression, length, options);
  }

  /** Where the part begins. */
  protected from(_length: Expression): Expression {
    return new Value(1);
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [text, length] = this.sources as [Expression, Expression];
    const part = new SubstrFunction(text, this.from(length), length);
    return part.asSqlite(compiler, connection);
  }
}

class RightFunction extends LeftFunction {
  protected override readonly functionName = 'RIGHT';

  protected override from(length: Expression): Expression {
    return new Func(length, { template: '(%(expressions)s * -1)', outputField: new IntegerField() });
  }
}

/** So many characters of the start. */
export const Left = callable(named('Left', LeftFunction));
/** So many characters of the end. */
export const Right = callable(named('Right', RightFunction));

class LPadFunction extends TextFunc {
  protected override readonly functionName: string = 'LPAD';

  /** @throws ValueError for a negative length. */
  constructor(expression: Text, length: Count, fillText: Text = new Value(' '), options: FuncOptions = {}) {
    atLeast(0, length, "'length' must be greater or equal to 0.");
    super(expression, length, fillText, options);
  }
}

class RPadFunction extends LPadFunction {
  protected override readonly functionName = 'RPAD';
}

/** The text with others before it, or cut, to so many characters. */
export const LPad = callable(named('LPad', LPadFunction));
/** The text with others behind it, or cut, to so many characters. */
export const RPad = callable(named('RPad', RPadFunction));

class RepeatFunction extends TextFunc {
  protected override readonly functionName = 'REPEAT';

  /** @throws ValueError for a negative number. */
  constructor(expression: Text, number: Count, options: FuncOptions = {}) {
    atLeast(0, number, "'number' must be greater or equal to 0.");
    super(expression, number, options);
  }
}

/** The text so many times. */
export const Repeat = callable(named('Repeat', RepeatFunction));

class ReplaceFunction extends Func<string | null> {
  protected override readonly functionName = 'REPLACE';

  constructor(expression: Text, text: Text, replacement: Text = new Value(''), options: FuncOptions = {}) {
    super(expression, text, replacement, options);
  }
}

/** The text with each of one part replaced by another. Texts of one's own are each a `Value`. */
export const Replace = callable(named('Replace', ReplaceFunction));

class StrIndexFunction extends Func<number | null> {
  static override readonly arity = 2;
  protected override readonly functionName = 'INSTR';

  constructor(expression: Text, substring: Text, options: FuncOptions = {}) {
    super(expression, substring, options);
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { function: 'STRPOS' });
  }
}

/** Where a part begins first: 1 is the first character, 0 means that it is not there. */
export const StrIndex = callable(named('StrIndex', StrIndexFunction));

class SubstrFunction extends TextFunc {
  protected override readonly functionName = 'SUBSTRING';

  /** @throws ValueError for a position that is not above 0. */
  constructor(expression: Text, pos: Count, length: Count = null, options: FuncOptions = {}) {
    atLeast(1, pos, "'pos' must be greater than 0");
    super(expression, pos, ...(length === null ? [] : [length]), options);
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { function: 'SUBSTR' });
  }
}

/** The part from a position, where 1 is the first character; of so many characters, if that is said. */
export const Substr = callable(named('Substr', SubstrFunction));
