/** Compiles the sites of the pages with the options that a started project has; the package's types are read once. */
import path from 'node:path';
import ts from 'typescript';
import type { Module } from './module';

const parsed = new Map<string, ts.SourceFile | undefined>();

/** The options of the site's tsconfig.json; a sample may name what it does not use. */
function optionsOf(folder: string): ts.ParsedCommandLine {
  const file = path.join(folder, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const unused = { noUnusedLocals: false, noUnusedParameters: false };
  const own = { ...unused, outDir: folder, rootDir: folder, sourceMap: false };
  return ts.parseJsonConfigFileContent(config, ts.sys, folder, own);
}

/**
 * Compiles every file of a page's site in place.
 *
 * @param modules what was assembled of the page's blocks, by file: their errors name the page's line.
 * @returns the errors, a line each.
 */
export function compile(folder: string, page: string, modules: ReadonlyMap<string, Module>): string[] {
  const { options, fileNames, errors } = optionsOf(folder);
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version, ...rest) => {
    if (!name.includes('/node_modules/')) return getSourceFile.call(host, name, version, ...rest);
    // Which kind of module a declaration is belongs to its package, so one reading of it serves every page.
    if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, version, ...rest));
    return parsed.get(name);
  };
  const program = ts.createProgram(fileNames, options, host);
  const found = [...errors, ...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return found.map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ');
    if (!diagnostic.file || diagnostic.start === undefined) return `${page}: ${text}`;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    const source = diagnostic.file.text.split('\n')[line]?.trim();
    const file = path.relative(folder, diagnostic.file.fileName);
    const at = modules.get(file)?.lines[line] || undefined;
    return `${at === undefined ? `${page}: ${file}:${line + 1}` : `${page}:${at}`}: ${text}\n    ${source}`;
  });
}
