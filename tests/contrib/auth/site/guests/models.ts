import { AbstractBaseUser, BaseUserManager } from 'tsango/contrib/auth/models';
import * as models from 'tsango/db/models';

/** A model of users with what `check` has something to say of. */
export class Guest extends AbstractBaseUser {
  static override readonly USERNAME_FIELD: string = 'mail';
  static override readonly REQUIRED_FIELDS: readonly string[] = ['mail'];
  static override readonly objects = new BaseUserManager<Guest>();

  declare id: number;
  @models.EmailField() declare mail: string;
}
