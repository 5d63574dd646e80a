/** The backends of AUTHENTICATION_BACKENDS. Django: the first part of `django.contrib.auth`. */
import { type Dotted, settings } from '../../conf';
import { ImproperlyConfigured, ValueError } from '../../core/exceptions';
import type { QuerySet } from '../../db/models';
import type { HttpRequest } from '../../http/request';
import { fromSettings } from '../../middleware/snapshot';
import type { MaybePromise } from '../../utils/maybe_promise';
import { canonicalName, importSetting } from '../../utils/module_loading';
import type { AbstractBaseUser } from './base_user';
import type { Permission } from './models';
import type { Visitor } from './permissions';

/** What somebody shows to be let in: `{ username, password }`, or whatever a backend takes. */
export type Credentials = Readonly<Record<string, unknown>>;

/** Whom `withPerm` gives. */
export interface WithPermOptions {
  /** True: the active ones; false: the others; null: all. Default: true. */
  isActive?: boolean | null;
  /** Default: true. */
  includeSuperusers?: boolean;
  /** The backend that says so, by its name; needed where there are several. */
  backend?: string;
  /** A row that the permission is about. */
  obj?: unknown;
}

/**
 * Who says who somebody is, and what a user may do. A backend of a site has those of these that it can answer;
 * `authenticate` and `getUser` let users in.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/customizing/#writing-an-authentication-backend
 */
export interface AuthenticationBackend {
  /**
   * The user of such credentials; nothing where they are wrong, or none that it knows.
   *
   * @throws PermissionDenied: nobody else is asked.
   */
  authenticate?(
    request: HttpRequest | null,
    credentials: Credentials,
  ): MaybePromise<AbstractBaseUser | null | undefined>;
  /** The user of a key; nothing where there is none, or one who may not log in. */
  getUser?(userId: unknown): MaybePromise<AbstractBaseUser | null | undefined>;
  getUserPermissions?(user: Visitor, obj?: unknown): MaybePromise<Iterable<string>>;
  getGroupPermissions?(user: Visitor, obj?: unknown): MaybePromise<Iterable<string>>;
  getAllPermissions?(user: Visitor, obj?: unknown): MaybePromise<Iterable<string>>;
  /** @throws PermissionDenied: nobody else is asked, and the answer is no. */
  hasPerm?(user: Visitor, permission: string, obj?: unknown): MaybePromise<boolean>;
  hasModulePerms?(user: Visitor, appLabel: string): MaybePromise<boolean>;
  withPerm?(permission: string | Permission, options: WithPermOptions): QuerySet<AbstractBaseUser>;
}

/** The name of a backend as a session has it: Django's own are Django's, so that both sides take them for the same. */
export function backendPath(entry: Dotted): string {
  return typeof entry === 'string' ? canonicalName(entry).replace(/^tsango\./, 'django.') : entry.name;
}

/** The backends by name, in order. @throws ImproperlyConfigured where there is none, or one is not there. */
export const getBackendsByPath: () => ReadonlyMap<string, AuthenticationBackend> = fromSettings(() => {
  const { AUTHENTICATION_BACKENDS: entries } = settings;
  if (entries.length === 0) {
    throw new ImproperlyConfigured(
      'No authentication backends have been defined. Does AUTHENTICATION_BACKENDS contain anything?',
    );
  }
  return new Map(entries.map((entry) => [backendPath(entry), loadBackend(entry)]));
});

/** A backend by its dotted name, or its class. @throws ImproperlyConfigured. */
export function loadBackend(entry: Dotted): AuthenticationBackend {
  const Backend = importSetting(entry) as unknown as new () => AuthenticationBackend;
  return new Backend();
}

/** The backends, in the order in which they are asked. */
export function getBackends(): Iterable<AuthenticationBackend> {
  return getBackendsByPath().values();
}

/**
 * The name of the backend that let a user in.
 *
 * @param named as the caller says; else as `authenticate` noted, or the only one.
 * @throws ValueError where there are several and none is named.
 */
export function backendPathOf(user: AbstractBaseUser, named?: string | null): string {
  const known = named ?? authenticatedBy.get(user);
  if (known !== undefined && known !== null) {
    if (typeof known !== 'string') {
      throw new TypeError(`backend must be a dotted import path string (got ${String(known)}).`);
    }
    return backendPath(known);
  }
  const [only, ...others] = getBackendsByPath().keys();
  if (others.length > 0) {
    throw new ValueError(
      'You have multiple authentication backends configured and therefore must provide the `backend` argument or set ' +
        'the `backend` attribute on the user.',
    );
  }
  return only as string;
}

/** Which backend let a user in. Django: the attribute `backend` of users. */
export const authenticatedBy = new WeakMap<AbstractBaseUser, string>();
