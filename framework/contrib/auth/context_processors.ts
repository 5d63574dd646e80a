/** What templates know of the user. Django: `django.contrib.auth.context_processors`. */
import type { HttpRequest } from '../../http/request';
import { LazyPromise } from '../../utils/lazy_promise';
import { loadNow, type MaybePromise, ROWS, then } from '../../utils/maybe_promise';
import { CONTAINS, GET_ITEM, HAS_ITEM } from '../../utils/subscriptable';
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
  /** One promise for each, so that a page which waits for it finds it again. */
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(user: UserGiven, appLabel: string) {
    super(() => then(now(user), (known) => now(known.hasModulePerms(appLabel))));
    this.#user = user;
    this.#appLabel = appLabel;
  }

  [HAS_ITEM](): boolean {
    return true;
  }

  [GET_ITEM](codename: string): Promise<boolean> {
    let answer = this.#asked.get(codename);
    if (answer === undefined) {
      const permission = `${this.#appLabel}.${codename}`;
      answer = new LazyPromise(() => then(now(this.#user), (user) => now(user.hasPerm(permission))));
      this.#asked.set(codename, answer);
    }
    return answer;
  }
}

/** `perms`: an app's permissions by its label; `'blog'` or `'blog.change_article'` may be `in` it. */
export class PermWrapper {
  readonly #user: UserGiven;
  readonly #apps = new Map<string, PermLookupDict>();

  constructor(user: UserGiven) {
    this.#user = user;
  }

  [HAS_ITEM](): boolean {
    return true;
  }

  [GET_ITEM](appLabel: string): PermLookupDict {
    let app = this.#apps.get(appLabel);
    if (app === undefined) {
      app = new PermLookupDict(this.#user, appLabel);
      this.#apps.set(appLabel, app);
    }
    return app;
  }

  [CONTAINS](permission: unknown): Promise<boolean> {
    const [appLabel = '', ...codename] = String(permission).split('.');
    const app = this[GET_ITEM](appLabel);
    return codename.length === 0 ? app : app[GET_ITEM](codename.join('.'));
  }
}

/** `user` and `perms`. */
export function auth(request: HttpRequest): Record<string, unknown> {
  const user = (request as { user?: UserGiven }).user ?? new AnonymousUser();
  return { user, perms: new PermWrapper(user) };
}
