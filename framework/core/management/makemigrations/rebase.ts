/** `makemigrations --rebase`: a branch that nobody has applied comes after the other one. */
import { parseNumber } from '../../../db/migrations/autodetector';
import { type Branch, branchesOf, renumbered } from '../../../db/migrations/branches';
import { keyOf, keysOf, type MigrationKey } from '../../../db/migrations/graph';
import type { MigrationLoader } from '../../../db/migrations/loader';
import { CommandError } from '../errors';
import { shownPath } from '../migration_files';
import { Edits } from './edits';
import type { MigrationReport } from './writing';

/** Answers which of several branches comes first: its number from 0. */
export type ChooseFirst = (app: string, branches: readonly Branch[]) => Promise<number>;

/**
 * Puts the branches of each app one behind another: those that are not applied get the numbers after the other's, and what
 * depends on them is told. Only names and dependencies in the files change.
 *
 * @param applied what is applied to any database.
 * @param chooseFirst asked where no branch is applied.
 * @throws CommandError where more than one branch is applied, or a file does not say its dependencies in so many words.
 */
export async function rebaseBranches(
  report: MigrationReport,
  loader: MigrationLoader,
  conflicts: ReadonlyMap<string, readonly string[]>,
  applied: ReadonlySet<MigrationKey>,
  chooseFirst: ChooseFirst,
): Promise<void> {
  for (const [app, leaves] of conflicts) {
    const branches = branchesOf(loader, app, leaves);
    const [first, ...others] = await inOrder(app, branches, applied, chooseFirst);
    const edits = new Edits(loader);
    let last = (first as Branch).leaf.name;
    report.say(report.style.MIGRATE_HEADING(`Rebasing ${app} on ${last}`));
    for (const { migrations } of others) {
      const own = new Set(migrations.map(({ name }) => keyOf(app, name)));
      for (const migration of migrations) {
        const name = renumbered(migration.name, (parseNumber(last) ?? 0) + 1);
        edits.rename(migration, name);
        // What the branch began after is before the other one as well.
        const before = migration.dependencies.filter(([other]) => other === app);
        const isFirst = keysOf(before).every((key) => !own.has(key));
        if (isFirst) for (const [, old = ''] of before) edits.redirect(migration, old, last);
        last = name;
      }
    }
    for (const [migration, name] of edits.renames) {
      report.say(`  ${report.style.MIGRATE_LABEL(migration.name)} is now ${name}`);
    }
    if (!report.dryRun) for (const file of edits.write()) report.print(shownPath(file));
  }
}

/** The branches, the one that stays as it is first. @throws CommandError where several are applied. */
async function inOrder(
  app: string,
  branches: readonly Branch[],
  applied: ReadonlySet<MigrationKey>,
  chooseFirst: ChooseFirst,
): Promise<Branch[]> {
  const fixed = branches.filter(({ migrations }) =>
    migrations.some(({ name }) => applied.has(keyOf(app, name))),
  );
  if (fixed.length > 1) {
    throw new CommandError(
      `Cannot rebase '${app}': of each of the branches ${fixed.map(({ leaf }) => leaf.name).join(', ')} something is ` +
        "applied already. Merge them: 'manage.ts makemigrations --merge'.",
    );
  }
  const first = fixed[0] ?? (branches[await chooseFirst(app, branches)] as Branch);
  return [first, ...branches.filter((branch) => branch !== first)];
}
