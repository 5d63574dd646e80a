import type { DataSource } from 'typeorm';
import type { DatabaseWrapper } from './base/base';
export async function openDataSource(_connection: DatabaseWrapper): Promise<DataSource> {
  throw new Error('not yet');
}
