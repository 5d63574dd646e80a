'use strict';
/**
 * A transpiler for ts-node: its swc one, with the results kept in node_modules/.cache. A file that has not changed
 * since it was last run costs one read, and where none has changed the compiler is not even loaded.
 *
 * Named by "transpiler" in the ts-node section of tsconfig.json.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const FOLDER = path.join(__dirname, '..', 'node_modules', '.cache', 'ts-node');

const sha1 = (...parts) => createHash('sha1').update(parts.join('\0')).digest('hex');

/** What besides its text decides what a file compiles to. */
function fingerprint(options) {
  const versions = ['@swc/core', 'ts-node'].map((name) => require(`${name}/package.json`).version);
  return JSON.stringify([process.versions.node, versions, options]);
}

/** What was kept under a name, if it is of that state of the file. */
function read(file, state) {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    return kept.state === state ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a result. Another process may do the same at the same time; a read-only checkout works without. */
function write(file, kept) {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(temporary, JSON.stringify(kept));
    renameSync(temporary, file);
  } catch {}
}

exports.create = (createOptions) => {
  const options = fingerprint(createOptions.service.config.options);
  let swc;
  return {
    transpile(input, { fileName }) {
      const file = path.join(FOLDER, `${sha1(fileName)}.json`);
      const state = sha1(options, input);
      const kept = read(file, state);
      if (kept) return kept;
      swc ??= require('ts-node/transpilers/swc').create(createOptions);
      const { outputText, sourceMapText } = swc.transpile(input, { fileName });
      write(file, { state, outputText, sourceMapText });
      return { outputText, sourceMapText };
    },
  };
};
