/** How a reader changes a file: writes it, adds to it, or changes what it declares. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { setEntries } from '../samples/page';

/** The first line of a block: the file, and what happens to it. Without the latter the block is the file. */
const HEADER = /^(?:\/\/|#|\{#|\/\*|<!--) (\S+\.\w+)(?:: (add or change|at its end))?(?: (?:#\}|\*\/|-->))?$/;

/** What a block does to which file; undefined if its first line names none. */
export function fileOf(code: string): { name: string; how: string; body: string } | undefined {
  const end = code.indexOf('\n');
  const [, name, how = 'write'] = HEADER.exec(end < 0 ? code : code.slice(0, end)) ?? [];
  return name === undefined ? undefined : { name, how, body: code.slice(end + 1) };
}

/** Does it. */
export function change(
  folder: string,
  { name, how, body }: { name: string; how: string; body: string },
): void {
  const file = path.join(folder, name);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (how !== 'write' && before === '') throw new Error(`${name} is to be changed, and is not there`);
  mkdirSync(path.dirname(file), { recursive: true });
  if (how === 'at its end') writeFileSync(file, `${before.trimEnd()}\n\n${body}\n`);
  else if (how === 'write') writeFileSync(file, `${body}\n`);
  else if (name.endsWith('settings.ts')) writeFileSync(file, setEntries(before, body));
  else writeFileSync(file, merged(before, body));
}

/** What a statement declares: the module of an import, or names. */
function keyOf(statement: ts.Statement): string {
  if (ts.isImportDeclaration(statement)) return `import ${statement.moduleSpecifier.getText()}`;
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join();
  }
  return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    ? (statement.name?.text ?? '')
    : statement.getText();
}

/** A module in which each declaration of `changes` stands instead of the one of its name, or where it belongs. */
function merged(before: string, changes: string): string {
  const read = (text: string): ts.Statement[] => [
    ...ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true).statements,
  ];
  const parts = new Map(read(before).map((each) => [keyOf(each), each.getFullText().trim()]));
  for (const each of read(changes)) parts.set(keyOf(each), each.getFullText().trim());
  const isImport = ([key]: [string, string]): boolean => key.startsWith('import ');
  const all = [...parts];
  const imports = all.filter(isImport).map(([, text]) => text);
  const rest = all.filter((part) => !isImport(part)).map(([, text]) => text);
  return `${[imports.join('\n'), ...rest].join('\n\n')}\n`;
}
