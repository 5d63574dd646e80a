/** What the types of queries cost the compiler: instantiations, of sixty models and 1,200 queries. */
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/site';
import { sixtyForms, sixtyModels } from './sixty_models';

jest.setTimeout(240_000);

/** What it was when this was written: 316,000. Each query more costs about 100. */
const LIMIT = 400_000;
const FOLDER = path.join(ROOT, 'tests', 'types');

/** Checks modules that are nowhere but in memory. */
function check(modules: ReadonlyMap<string, string>): { errors: string[]; instantiations: number } {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, incremental: false, tsBuildInfoFile: undefined, types: ['node'] },
    ROOT,
  );
  const files = new Map([...modules].map(([name, text]) => [path.join(FOLDER, `${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const errors = [...files.keys()].flatMap((name) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(name))
      .map((found) => `${path.basename(name)}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`),
  );
  return { errors, instantiations: program.getInstantiationCount() };
}

it(`sixty models with twenty queries each take less than ${LIMIT} instantiations`, () => {
  const { errors, instantiations } = check(sixtyModels(20));
  process.stdout.write(`types of queries: ${instantiations} instantiations\n`);
  expect(errors.slice(0, 5)).toEqual([]);
  expect(instantiations).toBeLessThan(LIMIT);
});

/** What a form of a model costs, its fields, its properties, and what is read of its `cleanedData`: 400 when this was written. */
const LIMIT_OF_A_FORM = 1_000;

it(`a form of a model takes less than ${LIMIT_OF_A_FORM} instantiations`, () => {
  const models = sixtyModels(10);
  const without = check(models).instantiations;
  const { errors, instantiations } = check(new Map([...models, ...sixtyForms()]));
  const each = Math.round((instantiations - without) / 60);
  process.stdout.write(`types of forms of models: ${each} instantiations each\n`);
  expect(errors.slice(0, 5)).toEqual([]);
  expect(each).toBeLessThan(LIMIT_OF_A_FORM);
});
