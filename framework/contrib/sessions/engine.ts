/** The engine that SESSION_ENGINE names. */
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import { importModule, ModuleNotFoundError } from '../../utils/module_loading';
import type { EndUserSessionsOptions, SessionStoreClass } from './backends/base';

/**
 * The class `SessionStore` of the module that SESSION_ENGINE names.
 *
 * @throws ImproperlyConfigured if there is no such module or class.
 */
export function sessionStore(engine: string = settings.SESSION_ENGINE): SessionStoreClass {
  let module: Record<string, unknown>;
  try {
    module = importModule(engine);
  } catch (error) {
    if (!(error instanceof ModuleNotFoundError)) throw error;
    throw new ImproperlyConfigured(`SESSION_ENGINE is '${engine}'. ${error.message}`, { cause: error });
  }
  const { SessionStore } = module;
  if (typeof SessionStore !== 'function') {
    throw new ImproperlyConfigured(
      `SESSION_ENGINE is '${engine}', and that module does not export a class SessionStore.`,
    );
  }
  return SessionStore as unknown as SessionStoreClass;
}

/**
 * Ends every session in which that user is logged in, wherever it was opened. Not in Django.
 *
 * @returns how many were ended.
 * @throws NotImplementedError if the engine cannot list its sessions (`cache`) or take them back
 *   (`signed_cookies` without SESSION_REVOCATION_CACHE_ALIAS).
 */
export function endUserSessions(userId: unknown, options: EndUserSessionsOptions = {}): Promise<number> {
  return sessionStore().endUserSessions(userId, options);
}
