export {
  type ClearExpiredOptions,
  type EndUserSessionsOptions,
  type ExpiryOptions,
  type ExpiryValue,
  SessionBase,
  type SessionBase as Session,
  type SessionData,
  type SessionDict,
  type SessionStoreClass,
  type SessionUpdate,
  type StoredSession,
} from './backends/base';
export { endUserSessions, sessionStore } from './engine';
export {
  CreateError,
  InvalidSessionKey,
  NotImplementedError,
  SessionInterrupted,
  SessionTooLarge,
  SuspiciousSession,
  UpdateError,
} from './exceptions';
export { type Revocation, revokeSessions } from './store/revocation';
