/** Blocks of a page as a module: what a reader would put around them is put around them, and nothing else. */
import ts from 'typescript';
import type { Block, Lines } from './markdown';

/** A module, and for each of its lines the line of the page that it comes from; 0: from neither. */
export interface Module {
  text: string;
  lines: number[];
}

/** A block that begins with `NAME: value` is a part of a site's settings. */
export function isSettings({ code, language }: Block): boolean {
  return language === 'ts' && /^[A-Z][A-Z0-9_]+:/.test(split(code).rest);
}

/** The imports at the beginning, and what follows. */
function split(code: string): { imports: string; rest: string } {
  const [imports = ''] = /^(?:(?:\/\/.*|import .*)?\n)*/.exec(code) ?? [];
  return { imports, rest: code.slice(imports.length) };
}

class Writer {
  private readonly text: string[] = [];
  private readonly lines: number[] = [];

  add(text: string, line: number, step = 1): void {
    text.split('\n').forEach((part, index) => {
      this.text.push(part);
      this.lines.push(line === 0 ? 0 : line + index * step);
    });
  }

  finish(): Module {
    return { text: `${this.text.join('\n')}\n`, lines: this.lines };
  }
}

/** The entries of a settings object as a settings module. */
export function settingsModule(block: Block): Module {
  const writer = new Writer();
  const { imports, rest } = split(block.code);
  writer.add("import { defineSettings } from 'tsango/conf';", 0);
  for (const { code, line } of block.before) writer.add(code, line);
  if (imports !== '') writer.add(imports.slice(0, -1), block.line);
  writer.add('export default defineSettings({', 0);
  writer.add(rest, block.line + imports.split('\n').length - 1);
  writer.add('});', 0);
  return writer.finish();
}

/** What a reader sees and what only the test does, in the page's order. */
function parts(blocks: readonly Block[]): Lines[] {
  return blocks.flatMap((block) => [...block.before, block, ...block.after]);
}

/**
 * Blocks as one module. Imports and declarations of modules stand first, as they would in a file; from the first
 * statement that awaits on, what is not exported is the body of `sample()`.
 */
export function codeModule(blocks: readonly Block[]): Module {
  const hoisted = new Writer();
  const top = new Writer();
  const body = new Writer();
  if (parts(blocks).some(({ code }) => /\bassert\b/.test(code)))
    hoisted.add("import assert from 'node:assert/strict';", 0);
  let awaiting = false;
  for (const { code, line } of parts(blocks)) {
    const file = ts.createSourceFile('sample.ts', code, ts.ScriptTarget.Latest, true);
    for (const statement of file.statements) {
      const start = statement.getFullStart();
      // The rest of a line belongs to the statement before it: `first(); // a comment`.
      const from = code.slice(start, statement.end);
      const at = line + code.slice(0, start).split('\n').length - 1;
      const exported =
        ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      if (ts.isImportDeclaration(statement) || ts.isModuleDeclaration(statement)) hoisted.add(from, at);
      else {
        awaiting ||= awaits(statement);
        (awaiting && !exported ? body : top).add(from, at);
      }
    }
  }
  top.add('export async function sample(): Promise<void> {', 0);
  return join([hoisted, top, body], '}');
}

function join(writers: readonly Writer[], end: string): Module {
  const modules = writers.map((writer) => writer.finish());
  return {
    text: `${modules.map(({ text }) => text).join('')}${end}\n`,
    lines: [...modules.flatMap(({ text, lines }) => (text === '\n' ? [0] : lines)), 0],
  };
}

/** Whether a statement awaits outside of functions. */
function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier) return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, awaits) ?? false;
}

/** A template as a module that renders it. The code before may set `context` and `request`; after it, `output` is there. */
export function templateModule(block: Block): Module {
  const writer = new Writer();
  const hidden = [...block.before, ...block.after].map(({ code }) => code).join('\n');
  const imports = hidden.split('\n').filter((line) => line.startsWith('import '));
  const without = (code: string): string => code.replace(/^import .*$/gm, '');
  writer.add("import assert from 'node:assert/strict';", 0);
  writer.add("import { SessionMiddleware } from 'tsango/contrib/sessions/middleware';", 0);
  writer.add("import { HttpResponse } from 'tsango/http';", 0);
  writer.add("import { engines } from 'tsango/template';", 0);
  writer.add("import { RequestFactory } from 'tsango/test';", 0);
  for (const line of imports) writer.add(line, 0);
  writer.add('export async function sample(): Promise<void> {', 0);
  writer.add('let context: Record<string, unknown> = {};', 0);
  writer.add("const request = new RequestFactory().get('/');", 0);
  writer.add('void new SessionMiddleware(() => new HttpResponse()).processRequest(request);', 0);
  for (const { code, line } of block.before) writer.add(without(code), line);
  writer.add(`const template = ${JSON.stringify(block.code)};`, block.line);
  writer.add(
    "const output = String(await engines.get('django').fromString(template).render(context, request));",
    0,
  );
  writer.add('assert.doesNotMatch(output, /{[{%]/);', 0);
  for (const { code, line } of block.after) writer.add(without(code), line);
  writer.add('}', 0);
  return writer.finish();
}
