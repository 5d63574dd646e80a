/** `makemigrations --merge`: a migration that depends on both branches. */
import { branchesOf, mergeOf } from '../../../db/migrations/branches';
import type { MigrationLoader } from '../../../db/migrations/loader';
import { MigrationQuestioner } from '../../../db/migrations/questioner';
import { MigrationWriter } from '../../../db/migrations/writer';
import { formatFiles, writeMigrationFile } from '../migration_files';
import type { MigrationReport } from './writing';

/** Merges the branches of each app, once whoever is asked agrees. */
export async function mergeBranches(
  report: MigrationReport,
  loader: MigrationLoader,
  conflicts: ReadonlyMap<string, readonly string[]>,
  questioner: MigrationQuestioner = new MigrationQuestioner({ askMerge: true }),
): Promise<void> {
  const { style, options } = report;
  for (const [app, leaves] of conflicts) {
    const branches = branchesOf(loader, app, leaves);
    report.say(style.MIGRATE_HEADING(`Merging ${app}`));
    for (const { leaf, migrations } of branches) {
      report.say(style.MIGRATE_LABEL(`  Branch ${leaf.name}`));
      for (const operation of migrations.flatMap(({ operations }) => operations)) {
        report.say(`    ${operation.formattedDescription()}`);
      }
    }
    if (!(await questioner.askMerge(app))) continue;
    const writer = new MigrationWriter(mergeOf(branches, options.name), {
      includeHeader: options.includeHeader,
    });
    if (report.dryRun) {
      if (options.verbosity === 3) {
        report.showFile(`Full merge migrations file '${writer.filename}':`, writer.asString());
      }
      continue;
    }
    writeMigrationFile(writer.path, writer.asString());
    formatFiles([writer.path], report.stderr);
    report.say(`\nCreated new merge migration ${writer.path}`);
    if (options.verbosity >= 1) report.print(writer.path);
  }
}
