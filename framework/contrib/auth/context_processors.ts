/** What templates know of the user. Django: `django.contrib.auth.context_processors`. */
import type { HttpRequest } from '../../http/request';
import { LazyPromise } from '../../utils/lazy_promise';
import { loadNow, type MaybePromise, ROWS, then } from '../../utils/maybe_promise';
import { GET_ITEM, HAS_ITEM } from '../../utils/subscriptable';
import { AnonymousUser } from './anonymous';
import type { AuthUser } from './user_model';

type User = AuthUser | AnonymousUser;
type UserGiven = User | Promise<User>;

const now = <T>(value: T | Promise<T>): MaybePromise<T> => loadNow(value) as MaybePromise<T>;

/** `perms.blog`: true where the user has any permission there; `perms.blog.change_article`: that one. */
export class PermLookupDict extends LazyPromise<boolean> {
  /** To templates: what is behind a dot is asked of this, not of what waiting gives. */
  readonly [ROWS] = true;
  readonly #user: UserGiven;
  readonly #appLabel: string;

  constructor(user: UserGiven, appLabel: string) {
    super(() => then(now(user), (known) => now(known.hasModulePerms(appLabel))));
    this.#user = user;
    this.#appLabel = appLabel;
  }

  [HAS_ITEM](): boolean {
    return true;
  }

  [GET_ITEM](codename: string): Promise<boolean> {
    const permission = `${this.#appLabel}.${codename}`;
    return new LazyPromise(() => then(now(this.#user), (user) => now(user.hasPerm(permission))));
  }
}

/** `perms`: an app's permissions by its label. */
export class PermWrapper {
  readonly #user: UserGiven;

  constructor(user: UserGiven) {
    this.#user = user;
  }

  [HAS_ITEM](): boolean {
    return true;
  }

  [GET_ITEM](appLabel: string): PermLookupDict {
    return new PermLookupDict(this.#user, appLabel);
  }
}

/** `user` and `perms`. */
export function auth(request: HttpRequest): Record<string, unknown> {
  const user = (request as { user?: UserGiven }).user ?? new AnonymousUser();
  return { user, perms: new PermWrapper(user) };
}
