/** A visitor who is not logged in. */
import { NotImplementedError } from '../../core/exceptions';
import type { EmptyManager } from '../../db/models/manager';
import { LazyPromise } from '../../utils/lazy_promise';
import type { Group, Permission } from './group_models';
import { anyBackend, everyPermission, permissionsOf, requirePermissionList } from './permissions';

const NO_ROW = "Django doesn't provide a DB representation for AnonymousUser.";

/** Rows of none of these. Models are loaded where somebody looks: most visitors are anonymous, and no page asks them. */
function none<Name extends 'Group' | 'Permission'>(
  name: Name,
): EmptyManager<InstanceType<typeof import('./group_models')[Name]>> {
  const manager = require('../../db/models/manager') as typeof import('../../db/models/manager');
  const models = require('./group_models') as typeof import('./group_models');
  return new manager.EmptyManager(models[name] as never);
}

/**
 * A visitor who is not logged in: what `request.user` is then. It may be asked what a user is asked, and has no row.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/auth/#anonymoususer-object
 */
export class AnonymousUser {
  readonly id = null;
  readonly pk = null;
  readonly username = '';
  readonly isStaff = false;
  readonly isActive = false;
  readonly isSuperuser = false;

  get isAnonymous(): true {
    return true;
  }

  get isAuthenticated(): false {
    return false;
  }

  /** No groups. */
  get groups(): EmptyManager<Group> {
    return none('Group');
  }

  /** No permissions. */
  get userPermissions(): EmptyManager<Permission> {
    return none('Permission');
  }

  getUsername(): string {
    return this.username;
  }

  /** Any two are the same. */
  isSame(other: unknown): boolean {
    return other instanceof AnonymousUser;
  }

  getUserPermissions(obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => permissionsOf(this, obj, 'getUserPermissions'));
  }

  getGroupPermissions(_obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => new Set<string>());
  }

  getAllPermissions(obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => permissionsOf(this, obj, 'getAllPermissions'));
  }

  hasPerm(permission: string, obj?: unknown): Promise<boolean> {
    return new LazyPromise(() => anyBackend((backend) => backend.hasPerm?.(this, permission, obj)));
  }

  /** @throws ValueError for what is no list. */
  hasPerms(permissions: Iterable<string>, obj?: unknown): Promise<boolean> {
    requirePermissionList(permissions);
    return new LazyPromise(() => everyPermission(permissions, (one) => this.hasPerm(one, obj)));
  }

  hasModulePerms(appLabel: string): Promise<boolean> {
    return new LazyPromise(() => anyBackend((backend) => backend.hasModulePerms?.(this, appLabel)));
  }

  /** @throws NotImplementedError: there is no row. */
  save(): never {
    throw new NotImplementedError(NO_ROW);
  }

  /** @throws NotImplementedError: there is no row. */
  delete(): never {
    throw new NotImplementedError(NO_ROW);
  }

  /** @throws NotImplementedError: there is no row. */
  setPassword(_password: string | null): never {
    throw new NotImplementedError(NO_ROW);
  }

  /** @throws NotImplementedError: there is no row. */
  checkPassword(_password: string): never {
    throw new NotImplementedError(NO_ROW);
  }

  toString(): string {
    return 'AnonymousUser';
  }
}
