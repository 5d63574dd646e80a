/** The model of users that AUTH_USER_MODEL names. */
import { LookupError } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import type * as registry from '../../db/models/registry';
import type { AbstractBaseUser, UserClass } from './base_user';
import type { User } from './users';

/**
 * The model that AUTH_USER_MODEL names, told to the compiler by augmentation, where it is not `auth.User`:
 *
 * ```ts
 * declare module 'tsango/contrib/auth' { interface UserTypes { user: Reader } }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: sites fill it.
export interface UserTypes {}

/** A user of the site. */
export type AuthUser = UserTypes extends { user: infer U extends AbstractBaseUser } ? U : User;

/** Loaded with the first user: whoever is anonymous needs no models. */
let models: typeof registry | undefined;

/**
 * The model of users: `User`, or the one that AUTH_USER_MODEL names.
 *
 * @throws ImproperlyConfigured where there is no such model.
 */
export function getUserModel(): UserClass<AuthUser> {
  const { AUTH_USER_MODEL } = settings;
  const [app = '', model = '', ...rest] = AUTH_USER_MODEL.split('.');
  if (app === '' || model === '' || rest.length > 0) {
    throw new ImproperlyConfigured("AUTH_USER_MODEL must be of the form 'app_label.model_name'");
  }
  try {
    models ??= require('../../db/models/registry') as typeof registry;
    return models.installedModels.getModel(app, model) as unknown as UserClass<AuthUser>;
  } catch (error) {
    if (!(error instanceof LookupError)) throw error;
    throw new ImproperlyConfigured(
      `AUTH_USER_MODEL refers to model '${AUTH_USER_MODEL}' that has not been installed`,
      { cause: error },
    );
  }
}
