/** Scripts into statements: the drivers run one at a time. Django leaves that to `sqlparse`. */

import type { DatabaseWrapper } from './base/base';

const QUOTES: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };

/** The index behind a quoted text, a comment or a dollar-quoted body that starts at `at`; `at` if none does. */
export function skipQuoted(sql: string, at: number, vendor: string): number {
  const char = sql[at] as string;
  if (char === '-' && sql[at + 1] === '-') return endOf(sql, '\n', at + 2);
  if (char === '#' && vendor === 'mysql') return endOf(sql, '\n', at + 1);
  if (char === '/' && sql[at + 1] === '*') return endOf(sql, '*/', at + 2);
  if (char === '$' && vendor === 'postgresql') {
    const tag = /^\$(?:[A-Za-z_]\w{0,62})?\$/.exec(sql.slice(at, at + 66))?.[0];
    return tag === undefined ? at : endOf(sql, tag, at + tag.length);
  }
  const close = char === '[' && vendor !== 'sqlite' ? undefined : QUOTES[char];
  if (close === undefined) return at;
  for (let i = at + 1; i < sql.length; i++) {
    if (sql[i] === '\\' && vendor === 'mysql' && char !== '`') i += 1;
    else if (sql[i] === close) {
      if (sql[i + 1] !== close || close === ']') return i + 1;
      i += 1;
    }
  }
  return sql.length;
}

function endOf(sql: string, end: string, from: number): number {
  const at = sql.indexOf(end, from);
  return at < 0 ? sql.length : at + end.length;
}

/** A statement with its parameters written into it: a definition takes none. */
export function inlineParameters(
  sql: string,
  params: readonly unknown[],
  { ops, vendor }: Pick<DatabaseWrapper, 'ops' | 'vendor'>,
): string {
  let used = 0;
  let text = '';
  for (let at = 0; at < sql.length; ) {
    const next = skipQuoted(sql, at, vendor);
    if (next > at) text += sql.slice(at, next);
    else text += sql[at] === '?' && used < params.length ? ops.quoteValue(params[used++]) : sql[at];
    at = Math.max(next, at + 1);
  }
  return text;
}

/** The statements of a script, without their semicolons; those that only hold comments are left out. */
export function splitStatements(script: string, vendor: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let code = '';
  for (let at = 0; at <= script.length; ) {
    const ends = at === script.length || (script[at] === ';' && !insideTrigger(code));
    if (ends) {
      if (code.trim() !== '') statements.push(script.slice(start, at).trim());
      at += 1;
      start = at;
      code = '';
      continue;
    }
    const next = skipQuoted(script, at, vendor);
    if (next > at) {
      const comment = script[at] === '-' || script[at] === '/' || script[at] === '#';
      code += comment ? ' ' : 'x';
      at = next;
    } else {
      code += script[at];
      at += 1;
    }
  }
  return statements;
}

/** The statements of a migration's script. PostgreSQL takes it as a whole; for others it is split, its comments left out. */
export function prepareScript(script: string, vendor: string): string[] {
  if (vendor === 'postgresql') return script.trim() === '' ? [] : [script];
  return splitStatements(script, vendor).map((statement) => withoutComments(statement, vendor));
}

/** A statement without comments; what is said to the server in one stays. */
function withoutComments(statement: string, vendor: string): string {
  let text = '';
  for (let at = 0; at < statement.length; ) {
    const next = Math.max(skipQuoted(statement, at, vendor), at + 1);
    const part = statement.slice(at, next);
    const isComment = part.length > 1 && /^(?:--|#|\/\*(?![!+]))/.test(part);
    text += isComment ? ' ' : part;
    at = next;
  }
  return text.trim();
}

/** The body of a trigger has statements of its own, up to END. */
function insideTrigger(code: string): boolean {
  return /^\s*CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b/i.test(code) && !/\bEND\s*$/i.test(code);
}
