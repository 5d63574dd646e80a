/** Migrations that were written to a file and read from it. */
import { FieldError } from 'tsango/core/exceptions';
import { Migration, type Operation } from 'tsango/db/migrations';
import { MigrationAutodetector } from 'tsango/db/migrations/autodetector';
import { ProjectState } from 'tsango/db/migrations/state';
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

/** A migration of the app `shop`. */
export function migrationOf(operations: readonly Operation[]): Migration {
  return Object.assign(new Migration('0001_initial', 'shop'), { operations });
}

const textOf = (migration: Migration): string =>
  new MigrationWriter(migration, { includeHeader: false }).asString();

function stateAfter({ operations }: Migration): ProjectState {
  const state = new ProjectState();
  for (const operation of operations) operation.stateForwards('shop', state);
  return state;
}

/** Expressions remember what they have found out about themselves: that makes them no others. */
function use(state: ProjectState): void {
  for (const { options } of state.models.values()) {
    const made = [...(options.indexes ?? []), ...(options.constraints ?? [])];
    const all = made.flatMap((each) => ('expressions' in each ? each.expressions : []));
    for (const expression of all) {
      try {
        void expression.outputFieldOrNone;
      } catch (error) {
        // Parts of several types.
        if (!(error instanceof FieldError)) throw error;
      }
    }
  }
}

/** Written and read, it is the same: in its words, and in the models that it makes. */
export async function isTheSame(migration: Migration): Promise<void> {
  const again = written(migration);
  expect(textOf(again)).toBe(textOf(migration));
  const [before, after] = [stateAfter(migration), stateAfter(again)];
  use(before);
  const detected = [...(await new MigrationAutodetector(before, after).detectChanges())];
  expect(detected.map(() => textOf(migration))).toEqual([]);
  expect([...(await new MigrationAutodetector(after, before).detectChanges())]).toEqual([]);
}
