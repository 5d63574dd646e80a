/** Studios, films and their reviews, for the tests of expressions. */
import * as models from 'tsango/db/models';

export class Studio extends models.Model {
  static override readonly Meta = { appLabel: 'films', ordering: ['name'] };
  declare static readonly objects: models.Manager<Studio>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.CharField({ maxLength: 20, null: true }) declare city: string | null;
  declare film: Film[];
}

export class Film extends models.Model {
  static override readonly Meta = { appLabel: 'films', ordering: ['id'] };
  declare static readonly objects: models.Manager<Film>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @models.IntegerField() declare year: number;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2 }) declare cost: string;
  @models.IntegerField({ null: true }) declare rating: number | null;
  @models.ForeignKey(() => Studio, { onDelete: models.CASCADE, null: true }) declare studio: Studio | null;
  declare studioId: number | null;
  declare review: Review[];
}

export class Review extends models.Model {
  static override readonly Meta = { appLabel: 'films', ordering: ['id'] };
  declare static readonly objects: models.Manager<Review>;
  declare id: number;
  @models.ForeignKey(() => Film, { onDelete: models.CASCADE }) declare film: Film;
  declare filmId: number;
  @models.CharField({ maxLength: 20 }) declare author: string;
  @models.IntegerField() declare stars: number;
}

export const FILMS = [Studio, Film, Review] as const;

/** Six films of two studios, one of none; a studio without films; five reviews. */
export async function fillFilms(): Promise<void> {
  const acme = await Studio.objects.create({ name: 'Acme', city: 'Lyon' });
  const bold = await Studio.objects.create({ name: 'Bold', city: null });
  await Studio.objects.create({ name: 'Calm', city: 'Oslo' });
  const add = (title: string, year: number, cost: string, rating: number | null, studio: Studio | null) =>
    Film.objects.create({ title, year, cost, rating, studio });
  const ants = await add('Ants', 2001, '10.50', 7, acme);
  await add('Bees', 2002, '20.00', 9, acme);
  const cats = await add('Cats', 2003, '5.25', null, acme);
  const dogs = await add('Dogs', 2001, '40.00', 7, bold);
  await add('Emus', 2004, '8.00', 4, bold);
  await add('Fish', 2005, '1.00', 5, null);
  for (const [film, author, stars] of [
    [ants, 'ann', 5],
    [ants, 'bob', 3],
    [cats, 'ann', 4],
    [dogs, 'bob', 1],
    [dogs, 'cid', 2],
  ] as const) {
    await Review.objects.create({ film, author, stars });
  }
}
