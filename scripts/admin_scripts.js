'use strict';
/**
 * The admin's scripts for browsers: their sources are TypeScript (framework/contrib/admin/scripts), and what browsers get is
 * beside the style sheet (framework/contrib/admin/static/admin/js), so that neither a checkout nor a site compiles them.
 * `npm run admin:scripts` writes them; tests/contrib/admin/scripts.test.ts fails where they are out of date.
 */
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const root = path.join(__dirname, '..');
const target = path.join(root, 'framework', 'contrib', 'admin', 'static', 'admin', 'js');

/**
 * What the sources compile to, and what is wrong with them.
 *
 * @returns {{ files: Map<string, string>, errors: string[] }} texts by file name
 */
function compile() {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(root, 'tsconfig.scripts.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      },
    },
  );
  const program = ts.createProgram(config.fileNames, { ...config.options, noEmit: false });
  const files = new Map();
  program.emit(undefined, (name, text) => files.set(path.basename(name), text));
  const errors = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0;
    return `${file ? path.relative(root, file.fileName) : ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  return { files, errors };
}

module.exports = { compile, target };

if (require.main === module) {
  const { files, errors } = compile();
  for (const error of errors) process.stderr.write(`${error}\n`);
  if (errors.length > 0) process.exit(1);
  for (const [name, text] of files) fs.writeFileSync(path.join(target, name), text);
}
