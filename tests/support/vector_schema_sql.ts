/** Statements beside those that were recorded, without what is no difference. */
import type { SchemaLine } from './vector_schema';

/**
 * Statements, so that two lists can be compared: on SQLite the columns of a table that is remade, and after them its indexes,
 * have the order in which Django made the fields, which only a line that goes forwards says.
 */
export function comparableSql(statements: readonly string[], { vendor, direction }: SchemaLine): string {
  const trimmed = statements
    .map((sql) => withoutAccidents(sql.replace(/;$/, '').trim()))
    .filter((sql) => !/^SELECT\b/i.test(sql));
  if (vendor !== 'sqlite') return trimmed.join('\n');
  if (direction === 'forwards') return withoutSetOrder(trimmed).join('\n');
  const isIndex = (sql: string | undefined): boolean => /^CREATE (?:UNIQUE )?INDEX /.test(sql ?? '');
  const groups: string[][] = [];
  for (const sql of withoutSetOrder(trimmed.map(withoutOrder))) {
    const last = groups.at(-1);
    if (last !== undefined && isIndex(sql) && isIndex(last[0])) last.push(sql);
    else groups.push([sql]);
  }
  return groups.map((group) => group.sort().join('\n')).join('\n');
}

/** Tables that are remade one after the other: those after the first refer to it, and come in the order of a set. */
function withoutSetOrder(statements: readonly string[]): string[] {
  const runs: string[][][] = [[]];
  let isRemade = false;
  for (const sql of statements) {
    const starts = sql.startsWith('CREATE TABLE "new__');
    const belongs = /^(?:INSERT INTO "new__|DROP TABLE|ALTER TABLE "new__|CREATE (?:UNIQUE )?INDEX)/.test(
      sql,
    );
    const run = runs.at(-1) as string[][];
    if (starts && isRemade) run.push([sql]);
    else if (isRemade && belongs) run.at(-1)?.push(sql);
    else runs.push([[sql]]);
    isRemade = starts || (isRemade && belongs);
  }
  return runs.flatMap(([first = [], ...others]) => [
    ...first,
    ...others.map((block) => block.join('\n')).sort(),
  ]);
}

/** A statement without what says the same in several ways: words of Python, the order of a set, how a text is quoted, in which zone a moment is written. */
function withoutAccidents(sql: string): string {
  return (
    sql
      .replace('Raw Python operation', 'Raw code operation')
      // How mysqlclient writes what is true, and what is not.
      .replace(/\bb'([01])'/g, '$1')
      .replace("IN ('true','false','null')", "IN ('false','true','null')")
      .replace(/ USING GIST /g, ' USING gist ')
      .replace(
        /'(\d{4}-\d\d-\d\d[T ][\d:.]+[+-]\d\d:\d\d)'(?:::timestamptz)?/g,
        (_, time: string) => `'${new Date(time).toISOString()}'`,
      )
      .replace(/(?<= ) E('(?:[^']|'')*')/g, (_, text: string) => text.replaceAll('\\\\', '\\'))
  );
}

function withoutOrder(statement: string): string {
  const [, head, body, rest = ''] =
    /^((?:CREATE TABLE|INSERT INTO) "[^"]*" )\((.*?)\)( SELECT .*)?$/s.exec(statement) ?? [];
  if (head === undefined || body === undefined) return statement;
  const [, values = '', from = ''] = /^ SELECT (.*)( FROM "[^"]*")$/s.exec(rest) ?? [];
  return `${head}${sorted(body)} ${sorted(values)}${from}`;
}

/** The parts of a list in alphabetical order. */
function sorted(list: string): string {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === '(') depth += 1;
    else if (list[at] === ')') depth -= 1;
    if (at < list.length && !(depth === 0 && list[at] === ',')) continue;
    parts.push(list.slice(start, at).trim());
    start = at + 1;
  }
  return parts.sort().join(', ');
}
