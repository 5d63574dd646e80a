/** Databases that a test may not use. Django: `DatabaseOperationForbidden`. */
import { connections } from '../../db/connections';
import { DatabaseErrorBase } from '../../db/errors';

/** A test used a database that its case does not name. */
export class DatabaseOperationForbidden extends DatabaseErrorBase {
  override readonly name = 'DatabaseOperationForbidden';
}

/** The databases that a case names. */
export type Databases = readonly string[] | '__all__';

/** The aliases of a case. @throws Error for one that is none of DATABASES. */
export function aliasesOf(databases: Databases, kind: string): string[] {
  const all = connections.aliases();
  if (databases === '__all__') return all;
  for (const alias of databases) {
    if (!connections.has(alias)) {
      throw new Error(
        `The databases of a ${kind} name '${alias}', which is not defined in settings.DATABASES. Ensure all names are ` +
          `correctly spelled: ${all.map((name) => `'${name}'`).join(', ')}.`,
      );
    }
  }
  return all.filter((alias) => databases.includes(alias));
}

/**
 * Refuses every database but these.
 *
 * @returns what takes that back.
 */
export function allowOnly(allowed: readonly string[], message: (alias: string) => string): () => void {
  const refused = connections.aliases().filter((alias) => !allowed.includes(alias));
  const undo = refused.map((alias) => {
    const connection = connections.get(alias);
    const refuse = (): never => {
      throw new DatabaseOperationForbidden(message(alias));
    };
    const methods = { execute: refuse, prepare: refuse, begin: refuse, chunks: refuse };
    Object.assign(connection, methods);
    return () => {
      for (const name of Object.keys(methods))
        delete (connection as unknown as Record<string, unknown>)[name];
    };
  });
  return () => {
    for (const each of undo) each();
  };
}
