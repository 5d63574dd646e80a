/**
 * What says who somebody is, and what a user may do. Django: `django.contrib.auth.backends`;
 * https://docs.djangoproject.com/en/5.2/ref/contrib/auth/#module-django.contrib.auth.backends
 */
import { ObjectDoesNotExist, ValueError } from '../../core/exceptions';
import * as models from '../../db/models';
import type { HttpRequest } from '../../http/request';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { AbstractBaseUser, BaseUserManager } from './base_user';
import { makePassword } from './hashers';
import type { AuthenticationBackend, Credentials, WithPermOptions } from './load';
import { Permission } from './models';
import type { Visitor } from './permissions';
import { getUserModel } from './user_model';
import type { AbstractUser } from './users';

type Users = BaseUserManager<AbstractUser>;

function users(): Users {
  return getUserModel()._defaultManager as unknown as Users;
}

/** A backend that knows nobody and allows nothing: the base of others. */
export class BaseBackend implements AuthenticationBackend {
  authenticate(
    _request: HttpRequest | null,
    _credentials: Credentials,
  ): MaybePromise<AbstractBaseUser | null> {
    return null;
  }

  getUser(_userId: unknown): MaybePromise<AbstractBaseUser | null> {
    return null;
  }

  getUserPermissions(_user: Visitor, _obj?: unknown): MaybePromise<ReadonlySet<string>> {
    return new Set();
  }

  getGroupPermissions(_user: Visitor, _obj?: unknown): MaybePromise<ReadonlySet<string>> {
    return new Set();
  }

  getAllPermissions(user: Visitor, obj?: unknown): MaybePromise<ReadonlySet<string>> {
    return then(this.getUserPermissions(user, obj), (own) =>
      then(this.getGroupPermissions(user, obj), (byGroups) => new Set([...own, ...byGroups])),
    );
  }

  hasPerm(user: Visitor, permission: string, obj?: unknown): MaybePromise<boolean> {
    return then(this.getAllPermissions(user, obj), (all) => all.has(permission));
  }
}

/** What was read of the permissions of a user: it stays for as long as the instance. */
interface KnownPermissions {
  user?: ReadonlySet<string>;
  group?: ReadonlySet<string>;
  all?: ReadonlySet<string>;
}
const known = new WeakMap<object, KnownPermissions>();

function knownOf(user: object): KnownPermissions {
  let permissions = known.get(user);
  if (permissions === undefined) {
    permissions = {};
    known.set(user, permissions);
  }
  return permissions;
}

const NONE: ReadonlySet<string> = new Set();

/** Users by name and password, and their permissions: rows of the model of users, and of `Permission`. */
export class ModelBackend extends BaseBackend {
  override async authenticate(
    _request: HttpRequest | null,
    credentials: Credentials,
  ): Promise<AbstractBaseUser | null> {
    const { USERNAME_FIELD } = getUserModel();
    const username = credentials['username'] ?? credentials[USERNAME_FIELD] ?? null;
    const password = credentials['password'] ?? null;
    if (typeof username !== 'string' || typeof password !== 'string') return null;
    const user = await this.named(username);
    if (user === null) {
      // As long as a wrong password takes: whether there is such a user is not told by the time.
      await makePassword(password);
      return null;
    }
    return (await user.checkPassword(password)) && this.userCanAuthenticate(user) ? user : null;
  }

  /** Whether a user may log in: one that is active. */
  userCanAuthenticate(user: AbstractBaseUser): boolean {
    return user.isActive;
  }

  override getUser(userId: unknown): MaybePromise<AbstractBaseUser | null> {
    return then(
      users()
        .filter({ pk: userId } as never)
        .fetch(),
      ([user]) => (user !== undefined && this.userCanAuthenticate(user) ? user : null),
    );
  }

  override getUserPermissions(user: Visitor, obj?: unknown): MaybePromise<ReadonlySet<string>> {
    return this.permissions(user, obj, 'user', (row) => row.userPermissions.all());
  }

  override getGroupPermissions(user: Visitor, obj?: unknown): MaybePromise<ReadonlySet<string>> {
    return this.permissions(user, obj, 'group', (row) =>
      Permission.objects.filter({ group__in: row.groups.all() } as never),
    );
  }

  override getAllPermissions(user: Visitor, obj?: unknown): MaybePromise<ReadonlySet<string>> {
    if (!hasPermissions(user, obj)) return NONE;
    const cache = knownOf(user);
    return (
      cache.all ??
      then(super.getAllPermissions(user), (all) => {
        cache.all = all;
        return all;
      })
    );
  }

  override hasPerm(user: Visitor, permission: string, obj?: unknown): MaybePromise<boolean> {
    return user.isActive && super.hasPerm(user, permission, obj);
  }

  /** Whether a user has any permission for models of an app. */
  hasModulePerms(user: Visitor, appLabel: string): MaybePromise<boolean> {
    if (!user.isActive) return false;
    return then(this.getAllPermissions(user), (all) =>
      [...all].some((permission) => permission.startsWith(`${appLabel}.`)),
    );
  }

  /**
   * The users who have a permission.
   *
   * @throws ValueError for a text that is none.
   */
  withPerm(
    permission: string | Permission,
    { isActive = true, includeSuperusers = true, obj }: WithPermOptions = {},
  ): models.QuerySet<AbstractBaseUser> {
    const wanted = conditionFor(permission);
    if (obj !== undefined && obj !== null) return users().none();
    const outer = models.OuterRef('pk');
    const holder = new models.Q({ group__user: outer }).or(new models.Q({ user: outer }));
    const has = models.Exists(Permission.objects.filter(holder.and(wanted)));
    let condition = new models.Q(has);
    if (includeSuperusers) condition = condition.or(new models.Q({ isSuperuser: true }));
    if (isActive !== null) condition = condition.and(new models.Q({ isActive }));
    return users().filter(condition);
  }

  /** The user of that name; null where there is none. */
  protected async named(username: string): Promise<AbstractBaseUser | null> {
    try {
      return await users().getByNaturalKey(username);
    } catch (error) {
      if (error instanceof ObjectDoesNotExist) return null;
      throw error;
    }
  }

  private permissions(
    user: Visitor,
    obj: unknown,
    from: 'user' | 'group',
    rowsOf: (user: AbstractUser) => models.QuerySet<Permission>,
  ): MaybePromise<ReadonlySet<string>> {
    if (!hasPermissions(user, obj)) return NONE;
    const cache = knownOf(user);
    const read = cache[from];
    if (read !== undefined) return read;
    const rows = user.isSuperuser ? Permission.objects.all() : rowsOf(user);
    const names = rows.valuesList('contentType__appLabel', 'codename').orderBy();
    return then(names.fetch(), (found) => {
      const set = new Set(found.map(([app, name]) => `${String(app)}.${name}`));
      cache[from] = set;
      return set;
    });
  }
}

/** Whether there can be any: of an active user, about no row. */
function hasPermissions(user: Visitor, obj: unknown): user is AbstractUser {
  return user.isActive && !user.isAnonymous && (obj === undefined || obj === null);
}

/** @throws ValueError, TypeError for what is no permission. */
function conditionFor(permission: string | Permission): models.Q {
  if (permission instanceof Permission) return new models.Q({ pk: permission.pk });
  if (typeof permission !== 'string') {
    throw new TypeError('The `perm` argument must be a string or a permission instance.');
  }
  const [app, codename, ...rest] = permission.split('.');
  if (codename === undefined || rest.length > 0) {
    throw new ValueError('Permission name should be in the form app_label.permission_codename.');
  }
  return new models.Q({ codename, contentType__appLabel: app });
}

/** The same, and whoever is not active may log in, too. */
export class AllowAllUsersModelBackend extends ModelBackend {
  override userCanAuthenticate(_user: AbstractBaseUser): boolean {
    return true;
  }
}

/** Users whom a server in front has authenticated; with RemoteUserMiddleware. */
export class RemoteUserBackend extends ModelBackend {
  /** Whether a user who has no row yet gets one. */
  createUnknownUser = true;

  override async authenticate(
    request: HttpRequest | null,
    { remoteUser }: Credentials,
  ): Promise<AbstractBaseUser | null> {
    if (typeof remoteUser !== 'string' || remoteUser === '') return null;
    const username = this.cleanUsername(remoteUser);
    let user: AbstractBaseUser | null;
    let created = false;
    if (this.createUnknownUser) {
      const { USERNAME_FIELD } = getUserModel();
      [user, created] = await users().getOrCreate({ [USERNAME_FIELD]: username } as never);
    } else {
      user = await this.named(username);
    }
    const configured = await this.configureUser(request, user, created);
    return configured !== null && this.userCanAuthenticate(configured) ? configured : null;
  }

  /** The name that the user has here of the one that the server says. */
  cleanUsername(username: string): string {
    return username;
  }

  /** Sets what a user has to have, at each log-in. @param created whether the row is new. */
  configureUser(
    _request: HttpRequest | null,
    user: AbstractBaseUser | null,
    _created: boolean,
  ): MaybePromise<AbstractBaseUser | null> {
    return user;
  }
}

/** The same, and whoever is not active may log in, too. */
export class AllowAllUsersRemoteUserBackend extends RemoteUserBackend {
  override userCanAuthenticate(_user: AbstractBaseUser): boolean {
    return true;
  }
}
