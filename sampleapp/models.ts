import { User } from 'tsango/contrib/auth/models';
import * as models from 'tsango/db/models';

/** Somebody who signed the guest book: a user, or a guest who gave a name. */
export class Author extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    constraints: [
      new models.UniqueConstraint({
        fields: ['name'],
        condition: new models.Q({ user: null }),
        name: 'one_guest_of_a_name',
      }),
    ],
  };
  declare static readonly objects: models.Manager<Author>;

  @models.BigAutoField({ primaryKey: true }) declare id: number;
  @models.CharField({ maxLength: 150 }) declare name: string;
  @models.OneToOneField(() => User, {
    onDelete: models.CASCADE,
    null: true,
    blank: true,
    relatedName: 'author',
  })
  declare user: models.Related<User> | null;
  declare userId: number | null;
  @models.Reverse(() => Note, 'author') declare readonly notes: models.RelatedManager<Note>;

  override toString(): string {
    return this.name;
  }
}

/** What a note is about. */
export class Tag extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['name'] };
  declare static readonly objects: models.Manager<Tag>;

  @models.BigAutoField({ primaryKey: true }) declare id: number;
  @models.CharField({ maxLength: 30, unique: true }) declare name: string;
  @models.Reverse(() => Note, 'tags') declare readonly notes: models.ManyToManyManager<Note>;

  override toString(): string {
    return this.name;
  }
}

/** An entry of the guest book. */
export class Note extends models.Model {
  declare static readonly objects: models.Manager<Note>;

  @models.BigAutoField({ primaryKey: true }) declare id: number;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'notes' })
  declare author: models.Related<Author>;
  declare authorId: number;
  @models.ManyToManyField(() => Tag, { blank: true, relatedName: 'notes' })
  declare readonly tags: models.ManyToManyManager<Tag>;
  @models.CharField({ maxLength: 200 }) declare text: string;
  @models.DateTimeField() declare created: Date;
}
