/** Users, as most sites have them. */
import { ValueError } from '../../core/exceptions';
import type { sendMail } from '../../core/mail';
import * as models from '../../db/models';
import type { Create } from '../../db/models/typing';
import { LazyPromise } from '../../utils/lazy_promise';
import { promised } from '../../utils/maybe_promise';
import { AbstractBaseUser, BaseUserManager, type UserClass } from './base_user';
import { Group, Permission } from './group_models';
import { makePassword } from './hashers';
import { backendPath, getBackendsByPath, loadBackend, type WithPermOptions } from './load';
import { anyBackend, everyPermission, permissionsOf, requirePermissionList } from './permissions';
import { UnicodeUsernameValidator } from './validators';

/** What `createsuperuser` knows of a new user: properties, and the password as it is typed. */
export type SuperuserValues<T> = Omit<Create<T>, 'password'> & { password?: string | null };

/** `User.objects`. */
export class UserManager<T extends AbstractUser = AbstractUser> extends BaseUserManager<T> {
  override readonly useInMigrations = true;

  /**
   * Makes a user.
   *
   * @param password null: one that cannot log in by a password.
   * @throws ValueError without a name.
   *
   * @example
   * ```ts
   * const ada = await User.objects.createUser('ada', 'ada@example.com', 'correct horse');
   * ```
   */
  createUser(
    username: string,
    email: string | null = null,
    password: string | null = null,
    values: Create<T> = {},
  ): Promise<T> {
    return this.make(username, email, password, { isStaff: false, isSuperuser: false, ...values });
  }

  /**
   * Makes a user who may do everything.
   *
   * @param given the name; or all values, with the password, as `createsuperuser` gives them to the manager of any model.
   * @throws ValueError without a name, and for one who may not.
   */
  createSuperuser(
    given: string | SuperuserValues<T>,
    email: string | null = null,
    password: string | null = null,
    values: Create<T> = {},
  ): Promise<T> {
    const { username, ...rest } = (
      typeof given === 'string' ? { username: given, email, password, ...values } : given
    ) as SuperuserValues<T> & { username: string; email?: string | null };
    const all = { isStaff: true, isSuperuser: true, ...rest };
    return promised(() => {
      if (all.isStaff !== true) throw new ValueError('Superuser must have is_staff=True.');
      if (all.isSuperuser !== true) throw new ValueError('Superuser must have is_superuser=True.');
      const { email: address, password: secret, ...others } = rest;
      return this.make(username, address ?? null, secret ?? null, {
        isStaff: true,
        isSuperuser: true,
        ...others,
      });
    });
  }

  /**
   * The users who have a permission, as a backend says.
   *
   * @param permission `app.codename`, or the row.
   * @throws ValueError where there are several backends and none is named.
   */
  withPerm(permission: string | Permission, options: WithPermOptions = {}): models.QuerySet<T> {
    const { backend: named } = options;
    const [first, ...others] = getBackendsByPath().values();
    if (named === undefined && others.length > 0) {
      throw new ValueError(
        'You have multiple authentication backends configured and therefore must provide the `backend` argument.',
      );
    }
    if (named !== undefined && typeof named !== 'string') {
      throw new TypeError(`backend must be a dotted import path string (got ${String(named)}).`);
    }
    const backend =
      named === undefined ? first : (getBackendsByPath().get(backendPath(named)) ?? loadBackend(named));
    if (backend?.withPerm === undefined) return this.none();
    return backend.withPerm(permission, options) as unknown as models.QuerySet<T>;
  }

  private async make(
    username: string,
    email: string | null,
    password: string | null,
    values: object,
  ): Promise<T> {
    if (!username) throw new ValueError('The given username must be set');
    const model = this.model as unknown as UserClass<T>;
    const user = new model({
      username: model.normalizeUsername(username),
      email: this.normalizeEmail(email),
      ...values,
    });
    user.password = await makePassword(password);
    await user.save({ using: this.db });
    return user;
  }
}

/**
 * The base of a model of users who have permissions and groups. In Python it is a class of its own beside
 * `AbstractBaseUser`; here it extends that one.
 */
export abstract class PermissionsMixin extends AbstractBaseUser {
  static override readonly Meta: models.MetaOptions = { abstract: true };

  @models.BooleanField({
    default: false,
    verboseName: 'superuser status',
    helpText: 'Designates that this user has all permissions without explicitly assigning them.',
  })
  declare isSuperuser: boolean;
  @models.ManyToManyField(() => Group, {
    verboseName: 'groups',
    blank: true,
    helpText:
      'The groups this user belongs to. A user will get all permissions granted to each of their groups.',
    relatedName: 'user_set',
    relatedQueryName: 'user',
  })
  declare readonly groups: models.ManyToManyManager<Group>;
  @models.ManyToManyField(() => Permission, {
    verboseName: 'user permissions',
    blank: true,
    helpText: 'Specific permissions for this user.',
    relatedName: 'user_set',
    relatedQueryName: 'user',
  })
  declare readonly userPermissions: models.ManyToManyManager<Permission>;

  /** The permissions that the user has directly: `app.codename`. @param obj a row that they are about. */
  getUserPermissions(obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => permissionsOf(this, obj, 'getUserPermissions'));
  }

  /** Those that the user has by groups. */
  getGroupPermissions(obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => permissionsOf(this, obj, 'getGroupPermissions'));
  }

  /** All of them. */
  getAllPermissions(obj?: unknown): Promise<Set<string>> {
    return new LazyPromise(() => permissionsOf(this, obj, 'getAllPermissions'));
  }

  /**
   * Whether the user has a permission: an active superuser has all.
   *
   * @param permission `app.codename`.
   * @param obj a row that it is about; ModelBackend knows of none.
   *
   * @example
   * ```ts
   * if (await user.hasPerm('blog.change_article')) …
   * ```
   */
  hasPerm(permission: string, obj?: unknown): Promise<boolean> {
    return new LazyPromise(
      () => this.mayAll || anyBackend((backend) => backend.hasPerm?.(this, permission, obj)),
    );
  }

  /** Whether the user has each of these. @throws ValueError for what is no list. */
  hasPerms(permissions: Iterable<string>, obj?: unknown): Promise<boolean> {
    requirePermissionList(permissions);
    return new LazyPromise(() => everyPermission(permissions, (one) => this.hasPerm(one, obj)));
  }

  /** Whether the user has any permission for models of an app. */
  hasModulePerms(appLabel: string): Promise<boolean> {
    return new LazyPromise(
      () => this.mayAll || anyBackend((backend) => backend.hasModulePerms?.(this, appLabel)),
    );
  }

  private get mayAll(): boolean {
    return this.isActive && this.isSuperuser;
  }
}

/**
 * Users as `User` is, for a model of a site's own with more fields.
 *
 * @example
 * ```ts
 * export class Reader extends AbstractUser {
 *   declare static readonly objects: UserManager<Reader>;
 *   @models.DateField({ null: true }) declare birthday: string | null;
 * }
 * ```
 */
export abstract class AbstractUser extends PermissionsMixin {
  static override readonly Meta: models.MetaOptions = {
    abstract: true,
    verboseName: 'user',
    verboseNamePlural: 'users',
  };
  static override readonly objects: models.AnyManager = new UserManager();
  static override readonly EMAIL_FIELD: string | undefined = 'email';
  static override readonly REQUIRED_FIELDS: readonly string[] = ['email'];

  @models.CharField({
    verboseName: 'username',
    maxLength: 150,
    unique: true,
    helpText: 'Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.',
    validators: [new UnicodeUsernameValidator()],
    errorMessages: { unique: 'A user with that username already exists.' },
  })
  declare username: string;
  @models.CharField({ verboseName: 'first name', maxLength: 150, blank: true }) declare firstName: string;
  @models.CharField({ verboseName: 'last name', maxLength: 150, blank: true }) declare lastName: string;
  @models.EmailField({ verboseName: 'email address', blank: true }) declare email: string;
  @models.BooleanField({
    verboseName: 'staff status',
    default: false,
    helpText: 'Designates whether the user can log into this admin site.',
  })
  declare isStaff: boolean;
  @models.BooleanField({
    verboseName: 'active',
    default: true,
    helpText:
      'Designates whether this user should be treated as active. Unselect this instead of deleting accounts.',
  })
  declare isActive: boolean;
  @models.DateTimeField({ verboseName: 'date joined', default: () => new Date() }) declare dateJoined: Date;

  override clean(): void {
    super.clean();
    this.email = BaseUserManager.normalizeEmail(this.email);
  }

  /** The first and the last name. */
  getFullName(): string {
    return `${this.firstName} ${this.lastName}`.trim();
  }

  /** The first name. */
  getShortName(): string {
    return this.firstName;
  }

  /**
   * Sends the user a mail.
   *
   * @param fromEmail null: DEFAULT_FROM_EMAIL.
   * @returns how many were sent: 1, or 0.
   * @example `await user.emailUser('Welcome', 'You are one of us.');`
   */
  emailUser(
    subject: string,
    message: string,
    fromEmail: string | null = null,
    options: Parameters<typeof sendMail>[4] = {},
  ): Promise<number> {
    const mail = require('../../core/mail') as typeof import('../../core/mail');
    return mail.sendMail(subject, message, fromEmail, [this.email], options);
  }
}

/**
 * A user. https://docs.djangoproject.com/en/5.2/ref/contrib/auth/#user-model
 *
 * @example
 * ```ts
 * const ada = await User.objects.createUser('ada', 'ada@example.com', 'correct horse');
 * await ada.checkPassword('correct horse'); // true
 * await ada.groups.add(await Group.objects.get({ name: 'editors' }));
 * await ada.hasPerm('blog.change_article');
 * ```
 */
export class User extends AbstractUser {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'auth',
    verboseName: 'user',
    verboseNamePlural: 'users',
    swappable: 'AUTH_USER_MODEL',
  };
  static override readonly objects = new UserManager<User>();

  declare id: number;
}
