import { User } from 'tsango/contrib/auth/models';
import * as models from 'tsango/db/models';

/** What somebody wants to remember. */
export class Note extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['-id'] };
  declare static readonly objects: models.Manager<Note>;

  declare id: number;
  @models.ForeignKey(() => User, { onDelete: models.CASCADE }) declare owner: models.Related<User>;
  declare ownerId: number;
  @models.CharField({ maxLength: 200 }) declare text: string;
  @models.BooleanField({ default: false }) declare done: boolean;

  override toString(): string {
    return this.text;
  }
}
