/** Checks that ask a database; they run only where `--database` names it. Django: `django.core.checks.database`. */
import { Warning } from './messages';
import { register, Tags } from './registry';

/** MySQL without a strict mode cuts values short instead of refusing them. */
register(async ({ databases = [] }) => {
  const { connections } = require('../../db/connections') as typeof import('../../db/connections');
  const messages: Warning[] = [];
  for (const alias of databases) {
    const connection = connections.get(alias);
    if (connection.vendor !== 'mysql') continue;
    const { rows } = await connection.execute('SELECT @@sql_mode AS mode');
    if (/STRICT_TRANS_TABLES|STRICT_ALL_TABLES/.test(String(rows[0]?.['mode']))) continue;
    messages.push(
      new Warning(`MySQL Strict Mode is not set for database connection '${alias}'`, {
        hint:
          "MySQL's Strict Mode fixes many data integrity problems in MySQL, such as data truncation upon insertion, " +
          'by escalating warnings into errors. It is strongly recommended you activate it.',
        id: 'mysql.W002',
      }),
    );
  }
  return messages;
}, Tags.database);
