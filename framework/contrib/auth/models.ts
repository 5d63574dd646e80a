/** Django: `django.contrib.auth.models`; https://docs.djangoproject.com/en/5.2/ref/contrib/auth/ */
import type { AbstractBaseUser } from './base_user';

export { AnonymousUser } from './anonymous';
export { AbstractBaseUser, BaseUserManager } from './base_user';
export { Group, GroupManager, Permission, PermissionManager } from './group_models';
// Whoever names a model of users tells that to 'tsango/contrib/auth', which this takes into their program.
export type { UserTypes } from './index';
export { AbstractUser, PermissionsMixin, User, UserManager } from './users';

/** Notes when a user logs in. */
export async function updateLastLogin({ user }: { user: AbstractBaseUser }): Promise<void> {
  user.lastLogin = new Date();
  await user.save({ updateFields: ['lastLogin'] });
}
