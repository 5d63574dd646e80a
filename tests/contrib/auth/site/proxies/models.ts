import { User } from 'tsango/contrib/auth/models';
import type { MetaOptions } from 'tsango/db/models';

/** Users in another role: rows of `User`, permissions of its own. */
export class Editor extends User {
  static override readonly Meta: MetaOptions = { proxy: true, permissions: [['publish', 'Can publish']] };
}
