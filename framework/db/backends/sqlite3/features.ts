import type { DatabaseFeatures } from '../base/features';

/** SQLite's. */
export function sqliteFeatures(synchronous: boolean): DatabaseFeatures {
  return {
    synchronous,
    canRollbackDdl: true,
    hasSelectForUpdate: false,
    hasSelectForUpdateSkipLocked: false,
    supportsOnConflict: true,
    canDeferConstraintChecks: true,
    // Databases take more: this is the limit of the oldest that Django supports, and what it counts with.
    maxQueryParams: 999,
    canReturnColumnsFromInsert: true,
    remakesTables: true,
    supportsPartialIndexes: true,
    supportsCoveringIndexes: false,
    supportsOperatorClasses: false,
    ignoresTableNameCase: true,
    supportsExpressionIndexes: true,
    supportsDeferrableUniqueConstraints: false,
    supportsNullsDistinctUniqueConstraints: false,
    supportsComments: false,
    supportsExpressionDefaults: true,
    supportsUnlimitedCharfield: true,
    supportsStoredGeneratedColumns: true,
    supportsVirtualGeneratedColumns: true,
    supportsMicroseconds: true,
  };
}
