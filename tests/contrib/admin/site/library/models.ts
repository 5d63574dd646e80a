/** A library: what the tests of the admin are about. */
import * as models from 'tsango/db/models';

export class Author extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library', ordering: ['name'] };
  declare static readonly objects: models.Manager<Author>;

  declare id: number;
  @models.CharField({ maxLength: 60 }) declare name: string;
  @models.DateField({ null: true, blank: true }) declare born: string | null;

  override toString(): string {
    return this.name;
  }
}

export class Tag extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Tag>;

  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare word: string;

  override toString(): string {
    return this.word;
  }
}

export class Book extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Book>;

  declare id: number;
  @models.CharField({ maxLength: 100 }) declare title: string;
  @models.SlugField({ blank: true }) declare slug: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
  @models.ManyToManyField(() => Tag, { blank: true }) declare readonly tags: models.ManyToManyManager<Tag>;
  @models.DateTimeField({ null: true, blank: true, dbIndex: true }) declare published: Date | null;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '0.00' }) declare price: string;
  @models.BooleanField({ default: false }) declare isPublic: boolean;
  @models.CharField({
    maxLength: 1,
    default: 'n',
    choices: [
      ['n', 'Novel'],
      ['p', 'Poems'],
    ],
  })
  declare kind: string;

  override toString(): string {
    return this.title;
  }

  getAbsoluteUrl(): string {
    return `/books/${this.id}/`;
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

/** Whoever lent a book keeps it from being deleted. */
export class Loan extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Loan>;

  declare id: number;
  @models.ForeignKey(() => Book, { onDelete: models.PROTECT }) declare book: models.Related<Book>;
  @models.CharField({ maxLength: 30 }) declare who: string;

  override toString(): string {
    return this.who;
  }
}
