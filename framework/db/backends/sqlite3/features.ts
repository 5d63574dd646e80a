import type { DatabaseFeatures } from '../base/features';

/** SQLite's. */
export function sqliteFeatures(synchronous: boolean): DatabaseFeatures {
  return {
    synchronous,
    canRollbackDdl: true,
    hasSelectForUpdate: false,
    hasSelectForUpdateSkipLocked: false,
    supportsOnConflict: true,
    canReturnColumnsFromInsert: true,
    remakesTables: true,
    supportsMicroseconds: true,
  };
}
