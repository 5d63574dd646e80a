/** Models of the tests of model forms. */
import * as models from 'tsango/db/models';

export const Status = models.TextChoices({ DRAFT: ['d', 'Draft'], PUBLISHED: ['p', 'Published'] });
export type Status = models.Choice<typeof Status>;

export class Writer extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['name'] };
  declare static readonly objects: models.Manager<Writer>;
  declare id: number;
  @models.CharField({ maxLength: 50, unique: true }) declare name: string;

  override toString(): string {
    return this.name;
  }
}

export class Tag extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['id'] };
  declare static readonly objects: models.Manager<Tag>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare word: string;

  override toString(): string {
    return this.word;
  }
}

export class Article extends models.Model {
  static override readonly Meta = {
    appLabel: 'library',
    ordering: ['id'],
    constraints: [
      new models.CheckConstraint({
        condition: new models.Q({ price__gte: 0 }),
        name: 'price_not_negative',
        violationErrorMessage: 'A price is not negative.',
        violationErrorCode: 'negative',
      }),
    ],
    uniqueTogether: [['headline', 'writer']],
  };
  declare static readonly objects: models.Manager<Article>;
  declare id: number;
  @models.CharField({ maxLength: 100, helpText: 'What it is about.' }) declare headline: string;
  @models.DateField({ null: true, blank: true }) declare pubDate: string | null;
  @models.DateTimeField({ null: true, blank: true }) declare readAt: Date | null;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '1.50' }) declare price: string;
  @models.CharField({ maxLength: 1, choices: Status, default: Status.DRAFT }) declare status: Status;
  @models.BooleanField({ default: true }) declare open: boolean;
  @models.ForeignKey(() => Writer, { onDelete: models.CASCADE }) declare writer: models.Related<Writer>;
  declare writerId: number;
  @models.ManyToManyField(() => Tag, { blank: true }) declare readonly tags: models.ManyToManyManager<Tag>;

  override toString(): string {
    return this.headline;
  }
}

export const MODELS = [Writer, Tag, Article];
