import { AbstractUser, type UserManager } from 'tsango/contrib/auth/models';
import * as models from 'tsango/db/models';

/** What `User` is, and a nickname. */
export class Person extends AbstractUser {
  declare static readonly objects: UserManager<Person>;

  declare id: number;
  @models.CharField({ maxLength: 20 }) declare nick: string;
}
