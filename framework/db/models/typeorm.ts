/** Models in TypeORM: which of its managers knows a model. */
import type { EntityManager } from 'typeorm';
import type { DatabaseWrapper } from '../backends/base/base';
import type { ModelClass } from './base';

const sources = new WeakMap<DatabaseWrapper, WeakMap<ModelClass, Promise<EntityManager>>>();

/** TypeORM's manager that knows a model: the connection's, or one of its own for a model of the past. */
export async function entityManagerOf(cls: ModelClass, connection: DatabaseWrapper): Promise<EntityManager> {
  const manager = await connection.manager();
  if (manager.connection.hasMetadata(cls)) return manager;
  const own = sources.get(connection) ?? new WeakMap<ModelClass, Promise<EntityManager>>();
  sources.set(connection, own);
  let opened = own.get(cls);
  if (opened === undefined) {
    const { openDataSource } = require('../backends/typeorm') as typeof import('../backends/typeorm');
    const { entityOf } = require('./entities') as typeof import('./entities');
    opened = openDataSource(connection, [entityOf(cls, connection, { relations: false })]).then(
      (source) => source.manager,
    );
    own.set(cls, opened);
  }
  return opened;
}
