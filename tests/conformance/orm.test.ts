/** Queries that a real Django carried out over its own test suite's models, asked of ours. */
import { apps as registry } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { expectAgreement } from '../support/orm_differences';
import { SQLITE_ENGINE } from '../support/sqlite';
import { replay } from '../support/vector_replay';
import { noteSqlite, StatementLog } from '../support/vector_statements';
import { describeVectors, reportArea } from '../support/vectors';
import '../db/settings';

/** So many are recorded. */
const TOTAL = 5334;

describeVectors(['orm/queries', 'orm/models', 'orm/data'], 'queries as Django answers them', () => {
  it('answers as Django did, but for what has a reason', async () => {
    registry.reset();
    const restore = overrideSettings({
      DATABASES: {
        default: {
          ENGINE: SQLITE_ENGINE,
          NAME: ':memory:',
          // As in the recording: rows are put into tables in any order, and what is written is rolled back.
          OPTIONS: { init_command: 'PRAGMA foreign_keys = OFF' },
        },
      },
      INSTALLED_APPS: [],
      USE_TZ: false,
      TIME_ZONE: 'UTC',
    });
    registry.populate();
    const connection = connections.get();
    const log = new StatementLog();
    const reset = async (): Promise<void> => {
      await connection.close();
      noteSqlite(connection, log);
    };
    // REASONS=<n> tells why others do not agree, n of each; CASE=<ids, or their beginnings> tells all about them.
    const only = process.env['CASE'];
    const report = await replay('orm', { connection, log, reset }, only);
    await connection.close();
    await restore();
    registry.reset();
    reportArea('orm', report.passed, report.total);
    const reasons = Number(process.env['REASONS'] ?? 0);
    if (reasons > 0) process.stdout.write(`${report.told(reasons)}\n`);
    if (only === undefined) expectAgreement(report, TOTAL);
  }, 300_000);
});
