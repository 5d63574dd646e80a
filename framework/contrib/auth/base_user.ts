/**
 * What every model of users has. It can be extended without `contrib.auth` in INSTALLED_APPS. Django:
 * `django.contrib.auth.base_user`.
 */
import { settings } from '../../conf';
import * as models from '../../db/models';
import { saltedHmac } from '../../utils/crypto';
import { RecentlyUsed } from '../sessions/store/recently_used';
import { checkPassword, isPasswordUsable, makePassword } from './hashers';
import { passwordChanged } from './password_validation';

/** The salt of the HMAC that a session has of its user's password; it is Django's. */
const KEY_SALT = 'django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash';

/** The HMACs of those who were here lately: an eighth of what a request's user costs. */
const authHashes = new RecentlyUsed<string>();

/** New passwords of users that are not saved yet: what listens to them hears of it then. */
const newPasswords = new WeakMap<AbstractBaseUser, string>();
/** Hashes on their way. */
const underway = new WeakMap<AbstractBaseUser, Promise<void>>();

/** The class of a model of users. */
export type UserClass<T extends AbstractBaseUser = AbstractBaseUser> = models.ModelClass<T> &
  Pick<
    typeof AbstractBaseUser,
    'USERNAME_FIELD' | 'REQUIRED_FIELDS' | 'getEmailFieldName' | 'normalizeUsername'
  >;

/** What managers of users have. */
export class BaseUserManager<T extends AbstractBaseUser = AbstractBaseUser> extends models.Manager<T> {
  /** An address of mail with its domain in lower case; empty for none. */
  static normalizeEmail(email: string | null | undefined): string {
    const text = email ?? '';
    const at = text.trim().lastIndexOf('@');
    return at < 0
      ? text
      : text.trim().slice(0, at + 1) +
          text
            .trim()
            .slice(at + 1)
            .toLowerCase();
  }

  /** The same. */
  normalizeEmail(email: string | null | undefined): string {
    return BaseUserManager.normalizeEmail(email);
  }

  /** The user of that name. @throws the model's DoesNotExist. */
  getByNaturalKey(username: string): Promise<T> {
    const { USERNAME_FIELD } = this.model as unknown as UserClass;
    return this.get({ [USERNAME_FIELD]: username } as never);
  }
}

/**
 * The base of a model of users: a password, and when the user last logged in. AUTH_USER_MODEL names the model.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/customizing/#specifying-a-custom-user-model
 */
export abstract class AbstractBaseUser extends models.Model {
  static override readonly Meta: models.MetaOptions = { abstract: true };

  /** The property that users log in by. */
  static readonly USERNAME_FIELD: string = 'username';
  /** The property with the address of mail. */
  static readonly EMAIL_FIELD: string | undefined = undefined;
  /** What `createsuperuser` asks for besides it and a password: properties. */
  static readonly REQUIRED_FIELDS: readonly string[] = [];

  /** The hash. `setPassword` makes it. */
  @models.CharField({ maxLength: 128, verboseName: 'password' }) declare password: string;
  @models.DateTimeField({ verboseName: 'last login', blank: true, null: true })
  declare lastLogin: Date | null;
  /** Whether the user may log in. True, where the model has no field for it. */
  declare isActive: boolean;

  override toString(): string {
    return this.getUsername();
  }

  /** Writes the row. A password that was set is waited for, and told to the validators that listen. */
  override async save(options: models.SaveOptions = {}): Promise<void> {
    await underway.get(this);
    await super.save(options);
    const password = newPasswords.get(this);
    if (password === undefined) return;
    newPasswords.delete(this);
    await passwordChanged(password, this);
  }

  /** The name that the user logs in by. */
  getUsername(): string {
    const { USERNAME_FIELD } = this.constructor as typeof AbstractBaseUser;
    return (this as unknown as Readonly<Record<string, string>>)[USERNAME_FIELD] as string;
  }

  /** Writes the name in one of the ways that Unicode has for it. */
  override clean(): void {
    const cls = this.constructor as typeof AbstractBaseUser;
    (this as unknown as Record<string, unknown>)[cls.USERNAME_FIELD] = cls.normalizeUsername(
      this.getUsername(),
    );
  }

  /** What stands for the user where keys differ. */
  naturalKey(): [username: string] {
    return [this.getUsername()];
  }

  /** False: to tell users from an {@link AnonymousUser}. */
  get isAnonymous(): false {
    return false;
  }

  /** True: whoever has a row was authenticated. */
  get isAuthenticated(): true {
    return true;
  }

  /**
   * Sets the password. It is not saved by this: `save` does, and waits for the hash, which is computed beside the event
   * loop.
   *
   * @param password null: none fits any more.
   */
  setPassword(password: string | null): Promise<void> {
    const hashing = makePassword(password).then((hash) => {
      // Another one may have been set meanwhile.
      if (underway.get(this) !== hashing) return;
      underway.delete(this);
      this.password = hash;
      if (password === null) newPasswords.delete(this);
      else newPasswords.set(this, password);
    });
    underway.set(this, hashing);
    return hashing;
  }

  /** Whether this is the user's password. A hash that is not as PASSWORD_HASHERS wants it is made anew, and saved. */
  checkPassword(password: string): Promise<boolean> {
    return checkPassword(password, this.password, async (raw) => {
      this.password = await makePassword(raw);
      await this.save({ updateFields: ['password'] });
    });
  }

  /** Sets a password that none fits: who logs in by other means has no other. */
  async setUnusablePassword(): Promise<void> {
    this.password = await makePassword(null);
  }

  /** Whether any password fits. */
  hasUsablePassword(): boolean {
    return isPasswordUsable(this.password);
  }

  /** What a session has of the password: it ends when this changes. */
  getSessionAuthHash(): string {
    return this.authHash(settings.SECRET_KEY);
  }

  /** The same by the secrets of SECRET_KEY_FALLBACKS. */
  getSessionAuthFallbackHash(): string[] {
    return settings.SECRET_KEY_FALLBACKS.map((secret) => this.authHash(secret));
  }

  private authHash(secret: string): string {
    const known = `${secret.length}:${secret}${this.password}`;
    let hash = authHashes.get(known);
    if (hash === undefined) {
      hash = saltedHmac(KEY_SALT, this.password, { secret, algorithm: 'sha256' }).toString('hex');
      authHashes.set(known, hash, known.length);
    }
    return hash;
  }

  /** The property with the address of mail. */
  static getEmailFieldName(): string {
    return this.EMAIL_FIELD ?? 'email';
  }

  /** A name in one of the ways that Unicode has for it (NFKC), so that look-alikes are one. */
  static normalizeUsername(username: string): string {
    return typeof username === 'string' ? username.normalize('NFKC') : username;
  }
}

Object.defineProperty(AbstractBaseUser.prototype, 'isActive', {
  value: true,
  writable: true,
  configurable: true,
});
