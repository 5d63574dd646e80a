/** What users may do, as the backends say: for users and for visitors. Django: `_user_has_perm` and its like. */
import { PermissionDenied, ValueError } from '../../core/exceptions';
import { type MaybePromise, run, type Steps, wait } from '../../utils/maybe_promise';
import type { AnonymousUser } from './anonymous';
import type { AbstractBaseUser } from './base_user';
import { type AuthenticationBackend, getBackends } from './load';

/** Whoever asks. */
export type Visitor = AbstractBaseUser | AnonymousUser;

/** Which permissions of a user: those of its own, those of its groups, or both. */
export type PermissionSource = 'getUserPermissions' | 'getGroupPermissions' | 'getAllPermissions';

/** The permissions that any backend says a user has: `app.codename`. */
export function permissionsOf(
  user: Visitor,
  obj: unknown,
  from: PermissionSource,
): MaybePromise<Set<string>> {
  return run(
    (function* (): Steps<Set<string>> {
      const all = new Set<string>();
      for (const backend of getBackends()) {
        for (const permission of (yield* wait(backend[from]?.(user, obj))) ?? []) all.add(permission);
      }
      return all;
    })(),
  );
}

/** Whether any backend says yes, before one says no by a PermissionDenied. */
export function anyBackend(
  ask: (backend: AuthenticationBackend) => MaybePromise<boolean> | undefined,
): MaybePromise<boolean> {
  return run(
    (function* (): Steps<boolean> {
      for (const backend of getBackends()) {
        try {
          if (yield* wait(ask(backend))) return true;
        } catch (error) {
          if (error instanceof PermissionDenied) return false;
          throw error;
        }
      }
      return false;
    })(),
  );
}

/** Whether each of these is true. @throws ValueError for what is no list of permissions. */
export function everyPermission(
  permissions: Iterable<string>,
  has: (permission: string) => MaybePromise<boolean>,
): MaybePromise<boolean> {
  return run(
    (function* (): Steps<boolean> {
      for (const permission of permissions) if (!(yield* wait(has(permission)))) return false;
      return true;
    })(),
  );
}

/** @throws ValueError for what is no list of permissions. */
export function requirePermissionList(permissions: Iterable<string>): void {
  if (typeof permissions === 'string' || typeof permissions?.[Symbol.iterator] !== 'function') {
    throw new ValueError('perm_list must be an iterable of permissions.');
  }
}
