'use strict';
/**
 * A transpiler for ts-node: its swc one, with the results kept in `node_modules/.cache`. A file that has not changed
 * since it was last run costs one read, and where none has changed the compiler is not even loaded.
 *
 * JavaScript, because ts-node loads it before it can compile anything. A site names it in its tsconfig.json:
 *
 * ```json
 * "ts-node": { "transpileOnly": true, "transpiler": "tsango/ts-node" }
 * ```
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { threadId } = require('node:worker_threads');

/**
 * What is used of what ts-node gives a transpiler; its own types would make it a package that everyone needs.
 *
 * @typedef {object} CreateOptions
 * @property {{ config: { options: { configFilePath?: string } } }} service with the compiler's options
 * @property {(name: string, relative: boolean) => string} transpilerConfigLocalResolveHelper from the tsconfig.json
 * @property {string} [nodeModuleEmitKind] CommonJS or ES modules, for the `node16` family of `module`
 * @property {string} [swc] another package instead of `@swc/core`
 *
 * @typedef {{ outputText: string, sourceMapText?: string }} Output
 * @typedef {{ transpile(input: string, options: { fileName: string }): Output }} Transpiler
 */

/** @param {...string} parts */
const digest = (...parts) => createHash('sha1').update(parts.join('\0')).digest('hex');

/**
 * What besides its text decides what a file compiles to.
 *
 * @param {CreateOptions} options
 */
function fingerprint({ service, transpilerConfigLocalResolveHelper: resolve, nodeModuleEmitKind, swc }) {
  const versions = [swc ?? '@swc/core', '@swc/wasm', 'ts-node'].map((name) => {
    try {
      return require(resolve(`${name}/package.json`, true)).version;
    } catch {
      return null; // Not installed: the transpiler itself says so, if that is what it needs.
    }
  });
  return JSON.stringify([
    2,
    process.versions.node,
    versions,
    nodeModuleEmitKind,
    swc,
    service.config.options,
  ]);
}

/**
 * What was kept under a name, if it is of that state of the file.
 *
 * @param {string} file
 * @param {string} state
 * @returns {Output | undefined}
 */
function read(file, state) {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    return kept.state === state && typeof kept.outputText === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a result. It appears whole or not at all, whoever else writes it; a read-only folder does without.
 *
 * @param {string} file
 * @param {Output & { state: string }} kept
 */
function write(file, kept) {
  const temporary = `${file}.${process.pid}.${threadId}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, JSON.stringify(kept));
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {} // There is no folder that it could be in.
  }
}

/**
 * @param {Transpiler} swc
 * @param {string} input
 * @param {string} fileName
 * @throws the compiler's error, without the calls inside of the compiler that it ends with
 */
function transpiled(swc, input, fileName) {
  try {
    return swc.transpile(input, { fileName });
  } catch (error) {
    // A native compiler's errors need not be of this realm's Error.
    const failure = /** @type {{ message?: unknown, stack?: unknown }} */ (Object(error));
    for (const part of /** @type {const} */ (['message', 'stack'])) {
      const text = failure[part];
      if (typeof text === 'string') {
        failure[part] = text.replace(/\s*Stack backtrace:\n(?:\s+\d+: .*\n?(?:\s+at .*\n?)?)*/, '\n');
      }
    }
    throw error;
  }
}

/**
 * A source map without the names in it. ts-node calls a function by the name that the map has at the place where it was
 * called: `view`, for every view that a handler calls. The engine knows what a function is called itself.
 *
 * @param {Output} output
 * @returns {Output}
 */
function withoutNames(output) {
  const { sourceMapText } = output;
  if (sourceMapText === undefined) return output;
  const map = JSON.parse(sourceMapText);
  if (!Array.isArray(map.names)) return output;
  map.names = map.names.map(() => '');
  return { ...output, sourceMapText: JSON.stringify(map) };
}

/**
 * ts-node's entry point: https://typestrong.org/ts-node/docs/transpilers#writing-your-own-integration
 *
 * @param {CreateOptions} createOptions
 * @returns {Transpiler}
 */
function create(createOptions) {
  const { service, transpilerConfigLocalResolveHelper: resolve } = createOptions;
  const { configFilePath } = service.config.options;
  const root = configFilePath === undefined ? process.cwd() : path.dirname(configFilePath);
  const folder = path.join(root, 'node_modules', '.cache', 'tsango', 'ts-node');
  const options = fingerprint(createOptions);
  /** @type {Transpiler | undefined} */
  let swc;
  return {
    transpile(input, { fileName }) {
      const file = path.join(folder, `${digest(fileName)}.json`);
      const state = digest(options, input);
      const kept = read(file, state);
      if (kept) return kept;
      swc ??= /** @type {Transpiler} */ (
        require(resolve('ts-node/transpilers/swc', true)).create(createOptions)
      );
      const output = withoutNames(transpiled(swc, input, fileName));
      write(file, { state, ...output });
      return output;
    },
  };
}

exports.create = create;
