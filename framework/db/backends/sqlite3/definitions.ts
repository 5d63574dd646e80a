/** What SQLite keeps of a table: the text of its CREATE TABLE, for there is no other catalogue of checks and collations. */
import { blankConstraint, type ConstraintDescription } from '../base/introspection';

/** A word, a name, a text or a sign. */
interface Token {
  /** The text; of a name in quotes what is in them. */
  readonly text: string;
  readonly kind: 'word' | 'quoted' | 'literal' | 'sign';
}

/** What stands behind one comma of CREATE TABLE. */
interface Definition {
  /** The column; undefined for a constraint of the table. */
  readonly column: string | undefined;
  readonly tokens: readonly Token[];
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '`': '`', '[': ']', "'": "'" };
const TABLE_CONSTRAINTS: ReadonlySet<string> = new Set([
  'CONSTRAINT',
  'UNIQUE',
  'CHECK',
  'PRIMARY',
  'FOREIGN',
]);

/** Reads a statement, each character once. */
function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const word = /[\p{L}\p{N}_$.]+/uy;
  for (let at = 0; at < sql.length; ) {
    const char = sql[at] as string;
    const close = CLOSING[char];
    if (close !== undefined) {
      const end = endOfQuoted(sql, at, close);
      const inside = sql.slice(at + 1, end - 1).replaceAll(close + close, close);
      tokens.push({ text: inside, kind: char === "'" ? 'literal' : 'quoted' });
      at = end;
    } else if (sql.startsWith('--', at) || sql.startsWith('/*', at)) {
      const end = sql.indexOf(char === '-' ? '\n' : '*/', at + 2);
      at = end < 0 ? sql.length : end + (char === '-' ? 1 : 2);
    } else {
      word.lastIndex = at;
      const found = word.exec(sql)?.[0];
      if (found !== undefined) tokens.push({ text: found, kind: /^[\d.]/.test(found) ? 'literal' : 'word' });
      else if (char.trim() !== '') tokens.push({ text: char, kind: 'sign' });
      at += found?.length ?? 1;
    }
  }
  return tokens;
}

/** Where a text in quotes ends; a quote that is doubled is one of the text. */
function endOfQuoted(sql: string, start: number, close: string): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] !== close) continue;
    if (sql[at + 1] !== close || close === ']') return at + 1;
    at += 1;
  }
  return sql.length;
}

const isSign = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'sign' && token.text === text;
const isWord = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'word' && token.text.toUpperCase() === text;

/** The columns and constraints of a CREATE TABLE. */
function definitionsOf(sql: string): Definition[] {
  const tokens = tokensOf(sql);
  const start = tokens.findIndex((token) => isSign(token, '('));
  const definitions: Definition[] = [];
  let [depth, from] = [0, start + 1];
  for (let at = start; at >= 0 && at < tokens.length; at++) {
    const token = tokens[at];
    if (isSign(token, '(')) depth += 1;
    else if (isSign(token, ')')) depth -= 1;
    if (!(depth === 0 || (depth === 1 && isSign(token, ',')))) continue;
    const own = tokens.slice(from, at);
    const [first] = own;
    const isConstraint = first?.kind === 'word' && TABLE_CONSTRAINTS.has(first.text.toUpperCase());
    if (first) definitions.push({ column: isConstraint ? undefined : first.text, tokens: own });
    if (depth === 0) break;
    from = at + 1;
  }
  return definitions;
}

/** The tokens of the brackets that follow a place. */
function bracketed(tokens: readonly Token[], from: number): readonly Token[] {
  const start = tokens.findIndex((token, at) => at >= from && isSign(token, '('));
  let depth = 0;
  for (let at = start; at >= 0 && at < tokens.length; at++) {
    if (isSign(tokens[at], '(')) depth += 1;
    else if (isSign(tokens[at], ')')) depth -= 1;
    if (depth === 0) return tokens.slice(start + 1, at);
  }
  return [];
}

/** The places of a word outside of brackets. */
function placesOf(tokens: readonly Token[], word: string): number[] {
  let depth = 0;
  return tokens.flatMap((token, at) => {
    if (isSign(token, '(')) depth += 1;
    else if (isSign(token, ')')) depth -= 1;
    return depth === 0 && isWord(token, word) ? [at] : [];
  });
}

/** The collations of a table's columns, where they have one. */
export function collationsOf(sql: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { column, tokens } of definitionsOf(sql)) {
    const [at] = column === undefined ? [] : placesOf(tokens, 'COLLATE');
    const collation = at === undefined ? undefined : tokens[at + 1]?.text;
    if (column !== undefined && collation !== undefined) found.set(column, collation);
  }
  return found;
}

/** The UNIQUEs and CHECKs of a table; those without a name are numbered. */
export function constraintsOf(sql: string): Map<string, ConstraintDescription> {
  const found = new Map<string, ConstraintDescription>();
  const definitions = definitionsOf(sql);
  const known = new Set(definitions.flatMap(({ column }) => column ?? []));
  let unnamed = 0;
  const add = (name: string | undefined, constraint: ConstraintDescription): void => {
    if (name === undefined) unnamed += 1;
    found.set(name ?? `__unnamed_constraint_${unnamed}__`, constraint);
  };
  for (const { column, tokens } of definitions) {
    const name = isWord(tokens[0], 'CONSTRAINT') ? tokens[1]?.text : undefined;
    const named = (inside: readonly Token[]): string[] => [
      ...new Set(inside.flatMap(({ text, kind }) => (kind !== 'literal' && known.has(text) ? [text] : []))),
    ];
    for (const at of placesOf(tokens, 'UNIQUE')) {
      if (at === 0 && column !== undefined) continue;
      const columns = column === undefined ? named(bracketed(tokens, at)) : [column];
      add(name, { ...blankConstraint(columns), unique: true });
    }
    for (const at of placesOf(tokens, 'CHECK')) {
      const columns = named(bracketed(tokens, at));
      if (columns.length > 0) add(name, { ...blankConstraint(columns), check: true });
    }
  }
  return found;
}

/** The directions of an index's columns, as Django reads them: what a function is given counts one by one. */
export function ordersOf(sql: string): ('ASC' | 'DESC')[] {
  const columns = bracketedText(sql).replace(/^[()]+|[()]+$/g, '');
  return columns.split(', ').map((column) => (/DESC$/i.test(column) ? 'DESC' : 'ASC'));
}

/** The first text in brackets, with them. */
function bracketedText(sql: string): string {
  let [start, depth] = [0, 0];
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at] as string;
    const close = CLOSING[char];
    if (close !== undefined) at = endOfQuoted(sql, at, close) - 1;
    else if (char === '(' && depth++ === 0) start = at;
    else if (char === ')' && --depth === 0) return sql.slice(start, at + 1);
  }
  return sql.slice(start);
}
