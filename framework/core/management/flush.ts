/** What empties a database. Django: `django.core.management.sql`, `execute_sql_flush`. */
import type { DatabaseWrapper } from '../../db/backends/base/base';
import type { Options } from '../../db/models/options';

/** The models whose tables migrations make in a database, those between many and many among them. */
export function migratableModels(connection: DatabaseWrapper): Options[] {
  const { installedModels } =
    require('../../db/models/registry') as typeof import('../../db/models/registry');
  const { router } = require('../../db/router') as typeof import('../../db/router');
  return installedModels
    .getModels()
    .map((cls) => cls._meta)
    .filter((model) => model.canMigrate(connection) && router.allowMigrateModel(connection.alias, model));
}

/** A model and the tables in between that belong to it. */
export function withOwnTables(model: Options): Options[] {
  return [
    model,
    ...model.localManyToMany.filter(({ hasOwnTable }) => hasOwnTable).map(({ through }) => through),
  ];
}

/** The statements that empty every table of the installed apps' models that is there. Keys begin from 1 again. */
export async function sqlFlush(connection: DatabaseWrapper): Promise<string[]> {
  const { introspection, ops } = connection;
  const known = await introspection.getTableList();
  const there = new Set(
    known.filter(({ type }) => type !== 'v').map(({ name }) => introspection.identifier(name)),
  );
  const tables = migratableModels(connection)
    .flatMap(withOwnTables)
    .map(({ dbTable }) => dbTable)
    .filter((table) => there.has(introspection.identifier(table)));
  return ops.sqlFlush([...new Set(tables)], { resetSequences: true });
}

/** Runs such statements: all of them or none, where the database can. */
export async function executeFlush(
  connection: DatabaseWrapper,
  statements: readonly string[],
): Promise<void> {
  await connection.atomic(
    async () => {
      for (const sql of statements) await connection.execute(sql.replace(/;$/, ''));
    },
    { disableConstraints: true },
  );
}
