/** What bench/admin lists: the models of django_admin.py. */
import * as models from 'tsango/db/models';

export class Author extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Author>;

  declare id: number;
  @models.CharField({ maxLength: 60 }) declare name: string;

  override toString(): string {
    return this.name;
  }
}

export class Book extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Book>;

  declare id: number;
  @models.CharField({ maxLength: 100 }) declare title: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
  @models.DateField({ dbIndex: true }) declare published: string;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2 }) declare price: string;
  @models.BooleanField({ default: false }) declare isPublic: boolean;

  override toString(): string {
    return this.title;
  }
}

export class Review extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Review>;

  declare id: number;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE }) declare book: models.Related<Book>;
  declare bookId: number;
  @models.TextField() declare text: string;
  @models.IntegerField({ default: 5 }) declare stars: number;

  override toString(): string {
    return this.text;
  }
}
