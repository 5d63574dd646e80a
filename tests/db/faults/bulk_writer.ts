/** Writes rows in batches until it is killed: `DATABASE` is the database as JSON. It says when it is in the middle. */

import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { Account } from './models';

configure({
  SECRET_KEY: 'not a secret',
  DATABASES: { default: JSON.parse(process.env['DATABASE'] ?? '{}') as DatabaseSettings },
});
apps.populate();

async function write(): Promise<void> {
  const connection = connections.get();
  const rows = Array.from({ length: 100_000 }, (_, n) => new Account({ name: `row ${n}` }));
  let statements = 0;
  const { execute } = connection;
  connection.execute = (sql, params) => {
    statements += 1;
    if (statements === 20) process.stdout.write('in the middle\n');
    return execute.call(connection, sql, params);
  };
  await Account.objects.bulkCreate(rows, { batchSize: 5 });
  process.stdout.write('done\n');
}

void write();
