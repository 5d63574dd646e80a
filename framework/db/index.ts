export type {
  AtomicOptions,
  DatabaseWrapper,
  PreparedStatement,
  QueryResult,
  Row,
} from './backends/base/base';
export type { LoggedQuery } from './backends/query_log';
export { ConnectionHandler, connection, connections, DEFAULT_DB_ALIAS, resetQueries } from './connections';
export {
  ConnectionDoesNotExist,
  DatabaseError,
  DatabaseErrorBase,
  DataError,
  IntegrityError,
  InterfaceError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  TransactionManagementError,
} from './errors';
export { ConnectionRouter, type DatabaseRouter, type RouterHints, router } from './router';
export * as transaction from './transaction';
