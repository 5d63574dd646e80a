/** Queries that a real Django carried out on PostgreSQL over its own test suite's models, asked of ours. */
import { apps as registry } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { scratchDatabase } from '../support/databases';
import { expectAgreement } from '../support/orm_differences';
import { describeWith } from '../support/services';
import { replay } from '../support/vector_replay';
import { notePostgres, StatementLog } from '../support/vector_statements';
import { describeVectors, reportArea } from '../support/vectors';
import '../db/settings';

/** So many are recorded. */
const TOTAL = 1511;

describeWith('postgresql', 'on PostgreSQL', () => {
  describeVectors(
    ['orm/pg/queries', 'orm/pg/models', 'orm/pg/data'],
    'queries as Django answers them',
    () => {
      const database = scratchDatabase('postgresql');

      it('answers as Django did, but for what has a reason', async () => {
        registry.reset();
        const restore = overrideSettings({
          DATABASES: { default: database },
          INSTALLED_APPS: [],
          USE_TZ: false,
          // Of Django's tests: times without an offset are in it.
          TIME_ZONE: 'America/Chicago',
        });
        registry.populate();
        const connection = connections.get();
        const log = new StatementLog();
        const stop = notePostgres(log);
        const only = process.env['CASE'];
        const report = await replay('orm/pg', { connection, log, reset: () => Promise.resolve() }, only);
        stop();
        await connection.close();
        await restore();
        registry.reset();
        reportArea('orm postgresql', report.passed, report.total);
        const reasons = Number(process.env['REASONS'] ?? 0);
        if (reasons > 0) process.stdout.write(`${report.told(reasons)}\n`);
        if (only === undefined) expectAgreement(report, TOTAL);
      }, 300_000);
    },
  );
});
