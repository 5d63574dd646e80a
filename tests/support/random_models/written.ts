/** Migrations that were written to a file and read from it. */
import type { Migration } from 'tsango/db/migrations/migration';
import { MigrationWriter } from 'tsango/db/migrations/writer';
import ts from 'typescript';

/** The same migration, made of its text. */
export function written(migration: Migration): Migration {
  const text = new MigrationWriter(migration).asString();
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: { Migration?: new (name: string, app: string) => Migration } = {};
  // The modules that it imports are those of this test.
  new Function('require', 'exports', outputText)(require, exported);
  if (exported.Migration === undefined) throw new Error(`No migration:\n${text}`);
  return new exported.Migration(migration.name, migration.appLabel);
}
