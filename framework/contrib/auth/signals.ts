/** Django: `django.contrib.auth.signals`; https://docs.djangoproject.com/en/5.2/ref/contrib/auth/#module-django.contrib.auth.signals */
import { Signal } from '../../dispatch/dispatcher';
import type { HttpRequest } from '../../http/request';
import type { AbstractBaseUser } from './base_user';
import type { Credentials } from './load';

/** Somebody has logged in. The sender is the class of the user. */
export const userLoggedIn = new Signal<{ request: HttpRequest; user: AbstractBaseUser }>();
/** Somebody logs out; `user` is null for who was not logged in. The sender is the class of the user. */
export const userLoggedOut = new Signal<{ request: HttpRequest; user: AbstractBaseUser | null }>();
/** No backend took credentials; what is secret of them is masked. */
export const userLoginFailed = new Signal<{ request: HttpRequest | null; credentials: Credentials }>();
/**
 * As many log-ins as LOGIN_FAILURE_LIMITS allows have failed under a name or from an address: for at most `seconds` there will
 * be no more. Sent once, with that name, and not for each that is refused from then on. Not in Django.
 */
export const userLockedOut = new Signal<{
  request: HttpRequest | null;
  username: string | undefined;
  by: 'username' | 'address';
  seconds: number;
}>();
