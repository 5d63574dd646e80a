/** A book shop: a model for each way in which the admin edits something. */
import * as models from 'tsango/db/models';

export class Author extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['name'] };
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 60 }) declare name: string;
  @models.DateField({ null: true, blank: true }) declare born: string | null;

  override toString(): string {
    return this.name;
  }
}

export class Publisher extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['name'] };
  declare static readonly objects: models.Manager<Publisher>;
  declare id: number;
  @models.CharField({ maxLength: 60 }) declare name: string;

  override toString(): string {
    return this.name;
  }
}

export class Tag extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['word'] };
  declare static readonly objects: models.Manager<Tag>;
  declare id: number;
  @models.CharField({ maxLength: 200, unique: true }) declare word: string;

  override toString(): string {
    return this.word;
  }
}

export class Book extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['title'] };
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 200 }) declare title: string;
  @models.SlugField({ blank: true, helpText: 'What stands in addresses.' }) declare slug: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
  @models.ForeignKey(() => Publisher, { onDelete: models.PROTECT, null: true, blank: true })
  declare publisher: models.RelatedOrNull<Publisher>;
  @models.ForeignKey(() => Author, {
    onDelete: models.SET_NULL,
    null: true,
    blank: true,
    relatedName: 'translations',
  })
  declare translator: models.RelatedOrNull<Author>;
  declare translatorId: number | null;
  @models.ManyToManyField(() => Tag, { blank: true }) declare readonly tags: models.ManyToManyManager<Tag>;
  @models.DateTimeField({ null: true, blank: true }) declare published: Date | null;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '0.00' }) declare price: string;
  @models.BooleanField({ default: false, verboseName: 'public' }) declare isPublic: boolean;
  @models.CharField({
    maxLength: 1,
    default: 'n',
    choices: [
      ['n', 'Novel'],
      ['p', 'Poems'],
    ],
  })
  declare kind: string;
  @models.TextField({ blank: true }) declare notes: string;

  override toString(): string {
    return this.title;
  }
}

export class Review extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['id'] };
  declare static readonly objects: models.Manager<Review>;
  declare id: number;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE }) declare book: models.Related<Book>;
  @models.CharField({ maxLength: 200 }) declare text: string;
  @models.IntegerField({ default: 5 }) declare stars: number;

  override toString(): string {
    return this.text;
  }
}

export class Chapter extends models.Model {
  static override readonly Meta: models.MetaOptions = { ordering: ['id'] };
  declare static readonly objects: models.Manager<Chapter>;
  declare id: number;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE }) declare book: models.Related<Book>;
  @models.CharField({ maxLength: 60 }) declare heading: string;
  @models.DateField({ null: true, blank: true }) declare finished: string | null;
  @models.ForeignKey(() => Author, { onDelete: models.SET_NULL, null: true, blank: true })
  declare guest: models.RelatedOrNull<Author>;

  override toString(): string {
    return this.heading;
  }
}

/** A shelf of the shop window: what stands on it has an order, and so have the signs above it. */
export class Shelf extends models.Model {
  static override readonly Meta: models.MetaOptions = { verboseNamePlural: 'shelves' };
  declare static readonly objects: models.Manager<Shelf>;
  declare id: number;
  @models.CharField({ maxLength: 60 }) declare name: string;

  override toString(): string {
    return this.name;
  }
}

export class Exhibit extends models.Model {
  declare static readonly objects: models.Manager<Exhibit>;
  declare id: number;
  @models.ForeignKey(() => Shelf, { onDelete: models.CASCADE }) declare shelf: models.Related<Shelf>;
  declare shelfId: number;
  @models.CharField({ maxLength: 60 }) declare title: string;
  @models.PositiveIntegerField({ default: 0 }) declare position: number;

  override toString(): string {
    return this.title;
  }
}

export class Sign extends models.Model {
  declare static readonly objects: models.Manager<Sign>;
  declare id: number;
  @models.ForeignKey(() => Shelf, { onDelete: models.CASCADE }) declare shelf: models.Related<Shelf>;
  declare shelfId: number;
  @models.CharField({ maxLength: 60 }) declare words: string;
  @models.PositiveIntegerField() declare position: number;

  override toString(): string {
    return this.words;
  }
}

/** What somebody won in a year: two values tell one from another. */
export class Prize extends models.Model {
  declare static readonly objects: models.Manager<Prize>;
  @models.CompositePrimaryKey('author', 'year') declare pk: [number, number];
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
  @models.IntegerField() declare year: number;
  @models.CharField({ maxLength: 60 }) declare title: string;

  override toString(): string {
    return `${this.title} ${this.year}`;
  }
}
