/** Models that extend models: concrete ones, abstract ones, proxies. The statements and answers are Django's. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';

const appLabel = 'inheritance';

class City extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<City>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}

class Place extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel, ordering: ['name'], getLatestBy: 'id' };
  declare static readonly objects: models.Manager<Place>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ForeignKey(() => City, { onDelete: models.CASCADE, null: true }) declare city: City | null;
  declare cityId: number | null;
}

class Restaurant extends Place {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Restaurant>;
  declare placePtrId: number;
  @models.BooleanField({ default: false }) declare servesPizza: boolean;
}

class ItalianRestaurant extends Restaurant {
  static override readonly Meta: models.MetaOptions = { appLabel, ordering: [] };
  declare static readonly objects: models.Manager<ItalianRestaurant>;
  declare restaurantPtrId: number;
  @models.IntegerField({ default: 0 }) declare stars: number;
}

class Waiter extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Waiter>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ForeignKey(() => Restaurant, { onDelete: models.CASCADE }) declare restaurant: Restaurant;
  declare restaurantId: number;
}

class Review extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Review>;
  declare id: number;
  @models.ForeignKey(() => Place, { onDelete: models.CASCADE }) declare place: Place;
  declare placeId: number;
  @models.IntegerField() declare points: number;
}

class BigCity extends City {
  static override readonly Meta: models.MetaOptions = { appLabel, proxy: true, ordering: ['-name'] };
  declare static readonly objects: models.Manager<BigCity>;
  get shout(): string {
    return this.name.toUpperCase();
  }
}

class Coded extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel,
    constraints: [
      new models.CheckConstraint({ condition: new models.Q({ low__gt: 0 }), name: 'low_is_positive' }),
    ],
  };
  declare static readonly objects: models.Manager<Coded>;
  declare id: number;
  @models.CharField({ maxLength: 9, unique: true }) declare code: string;
  @models.IntegerField() declare low: number;
}

class CodedChild extends Coded {
  static override readonly Meta: models.MetaOptions = { appLabel };
}

const ALL = [Coded, CodedChild, City, Place, Restaurant, ItalianRestaurant, Waiter, Review] as const;

let restore: () => Promise<void>;
let statements: string[];
beforeEach(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const { _meta } of ALL) await editor.createModel(_meta);
    });
  const connection = connections.get();
  const { execute } = connection;
  statements = [];
  connection.execute = function (sql, params) {
    statements.push(sql);
    return execute.call(this, sql, params);
  };
});
afterEach(async () => {
  await restore();
  apps.reset();
});

const columns = async (table: string): Promise<string[]> =>
  (await connections.get().execute(`PRAGMA table_info(${table})`)).rows.map(({ name }) => String(name));

describe('a concrete parent', () => {
  it('keeps its columns in its table; the child’s has a link, which is its key', async () => {
    expect(await columns('inheritance_restaurant')).toEqual(['place_ptr_id', 'serves_pizza']);
    expect(await columns('inheritance_italianrestaurant')).toEqual(['restaurant_ptr_id', 'stars']);
    const { pk, parents } = Restaurant._meta;
    expect([pk.name, pk.primaryKey, [...parents.keys()]]).toEqual(['place_ptr', true, [Place._meta]]);
  });

  it('says what is whose', () => {
    const { _meta: meta } = ItalianRestaurant;
    const names = (fields: readonly { name: string }[]): string[] => fields.map(({ name }) => name);
    expect(names(meta.fields)).toEqual([
      'id',
      'name',
      'city',
      'place_ptr',
      'serves_pizza',
      'restaurant_ptr',
      'stars',
    ]);
    expect(names(meta.localFields)).toEqual(['restaurant_ptr', 'stars']);
    expect(meta.getParentList()).toEqual([Restaurant._meta, Place._meta]);
    expect(meta.getBaseChain(Place._meta)).toEqual([Restaurant._meta, Place._meta]);
    expect(meta.getAncestorLink(Place._meta)?.name).toBe('restaurant_ptr');
    expect(meta.getPathToParent(Place._meta).map(({ field }) => field.name)).toEqual([
      'restaurant_ptr',
      'place_ptr',
    ]);
    expect(meta.getPathFromParent(Place._meta).map(({ field }) => field.name)).toEqual([
      'place_ptr',
      'restaurant_ptr',
    ]);
    expect(names(meta.getFields({ includeParents: false }))).toEqual(['restaurant_ptr', 'stars']);
    expect(names(Restaurant._meta.getFields())).toEqual([
      'review',
      'italianrestaurant',
      'waiter',
      'id',
      'name',
      'city',
      'place_ptr',
      'serves_pizza',
    ]);
  });

  it('hands on `ordering` and `getLatestBy`, and no more of its Meta', () => {
    expect(Restaurant._meta.ordering).toEqual(['name']);
    expect(Restaurant._meta.meta.getLatestBy).toBe('id');
    expect(ItalianRestaurant._meta.ordering).toEqual([]);
    expect(Restaurant._meta.dbTable).toBe('inheritance_restaurant');
  });

  it('is written first, and read with the child', async () => {
    const city = await City.objects.create({ name: 'Rome' });
    statements = [];
    const made = await ItalianRestaurant.objects.create({
      name: 'Da Ugo',
      servesPizza: true,
      stars: 2,
      city,
    });
    expect(statements.filter((sql) => sql.startsWith('INSERT')).map((sql) => sql.split(' ')[2])).toEqual([
      '"inheritance_place"',
      '"inheritance_restaurant"',
      '"inheritance_italianrestaurant"',
    ]);
    expect([made.id, made.placePtrId, made.restaurantPtrId, made.pk]).toEqual([1, 1, 1, 1]);
    statements = [];
    const found = await ItalianRestaurant.objects.get({ name: 'Da Ugo' });
    expect(statements).toHaveLength(1);
    expect(statements[0]?.match(/INNER JOIN/g)).toHaveLength(2);
    expect(found).toMatchObject({ id: 1, name: 'Da Ugo', cityId: city.id, servesPizza: true, stars: 2 });
    expect(found).toBeInstanceOf(Place);
  });

  it('needs no join for the key', () => {
    expect(ItalianRestaurant.objects.filter({ id: 1 }).values('stars').toSql()[0]).not.toContain('JOIN');
    expect(Waiter.objects.filter({ restaurant__id: 1 }).values('name').toSql()[0]).not.toContain('JOIN');
  });

  it('is saved with the child: the row of each table, or none', async () => {
    const ugo = await ItalianRestaurant.objects.create({ name: 'Da Ugo', stars: 1 });
    Object.assign(ugo, { name: 'Da Pia', stars: 3 });
    statements = [];
    await ugo.save();
    expect(statements.filter((sql) => sql.startsWith('UPDATE'))).toHaveLength(3);
    expect(await ItalianRestaurant.objects.get({ pk: ugo.pk })).toMatchObject({ name: 'Da Pia', stars: 3 });
    statements = [];
    ugo.stars = 4;
    await ugo.save({ updateFields: ['stars'] });
    expect(statements.filter((sql) => /^(UPDATE|INSERT)/.test(sql))).toEqual([
      expect.stringMatching(/^UPDATE "inheritance_italianrestaurant" SET "stars"/),
    ]);
    const bad = new Restaurant({ name: 'Bad', servesPizza: null });
    await expect(bad.save()).rejects.toMatchObject({ name: 'IntegrityError' });
    expect(await Place.objects.filter({ name: 'Bad' }).exists()).toBe(false);
  });

  it('lends its row to a child that is made later', async () => {
    const place = await Place.objects.create({ name: 'Old' });
    const restaurant = new Restaurant({ placePtrId: place.id, name: 'Old', servesPizza: true });
    await restaurant.save();
    expect(await Place.objects.count()).toBe(1);
    expect(await Restaurant.objects.get({ id: place.id })).toMatchObject({ name: 'Old', servesPizza: true });
  });

  it('is found by the child, and the child by it', async () => {
    const ugo = await Restaurant.objects.create({ name: 'Da Ugo', servesPizza: true });
    await Place.objects.create({ name: 'Park' });
    await Review.objects.create({ place: ugo, points: 5 });
    await Waiter.objects.create({ name: 'Tom', restaurant: ugo });
    const names = async (rows: PromiseLike<readonly { name: string }[]>): Promise<string[]> =>
      (await rows).map(({ name }) => name);
    expect(await names(Place.objects.filter({ restaurant__servesPizza: true } as never))).toEqual(['Da Ugo']);
    expect(await names(Place.objects.filter({ restaurant__isnull: true } as never))).toEqual(['Park']);
    expect(await names(Place.objects.filter({ restaurant: ugo } as never))).toEqual(['Da Ugo']);
    expect(await names(Restaurant.objects.filter({ review__points: 5 } as never))).toEqual(['Da Ugo']);
    expect(await names(Restaurant.objects.filter({ waiter__name: 'Tom' } as never))).toEqual(['Da Ugo']);
    expect(await names(Waiter.objects.filter({ restaurant__name: 'Da Ugo' } as never))).toEqual(['Tom']);
    expect(await Review.objects.filter({ place: ugo }).count()).toBe(1);
    const place = await Place.objects.get({ id: ugo.id });
    expect(await names(Waiter.objects.filter({ restaurant: place } as never))).toEqual(['Tom']);
    expect(await names(Restaurant.objects.exclude({ review__points: 5 } as never))).toEqual([]);
  });

  it('comes with what refers to the child, in one statement', async () => {
    const ugo = await Restaurant.objects.create({ name: 'Da Ugo', servesPizza: true });
    await Waiter.objects.create({ name: 'Tom', restaurant: ugo });
    statements = [];
    const tom = await Waiter.objects.selectRelated('restaurant').get({ name: 'Tom' });
    expect(tom.restaurant).toMatchObject({ name: 'Da Ugo', servesPizza: true });
    expect(tom.restaurant).toBeInstanceOf(Restaurant);
    expect(statements).toHaveLength(1);
  });

  it('is updated where the columns are its own', async () => {
    const ugo = await Restaurant.objects.create({ name: 'Da Ugo', servesPizza: true });
    await Place.objects.create({ name: 'Park' });
    expect(await Restaurant.objects.update({ name: 'Ugo', servesPizza: false })).toBe(1);
    expect(await Restaurant.objects.get({ id: ugo.id })).toMatchObject({ name: 'Ugo', servesPizza: false });
    expect(await Restaurant.objects.filter({ name: 'Ugo' }).update({ name: 'Pia' })).toBe(1);
    expect(await Restaurant.objects.filter({ name: 'None' }).update({ name: 'Pia' })).toBe(0);
    expect(await Place.objects.filter({ name: 'Park' }).exists()).toBe(true);
  });

  it('is deleted with the child, and the child with it', async () => {
    const ugo = await ItalianRestaurant.objects.create({ name: 'Da Ugo' });
    const pia = await Restaurant.objects.create({ name: 'Da Pia' });
    await Review.objects.create({ place: pia, points: 1 });
    expect(await ugo.delete()).toEqual([
      3,
      {
        'inheritance.ItalianRestaurant': 1,
        'inheritance.Restaurant': 1,
        'inheritance.Place': 1,
      },
    ]);
    await Place.objects.filter({ name: 'Da Pia' }).delete();
    expect([await Restaurant.objects.count(), await Review.objects.count()]).toEqual([0, 0]);
    const kept = await Restaurant.objects.create({ name: 'Kept' });
    await kept.delete({ keepParents: true });
    expect([await Restaurant.objects.count(), await Place.objects.count()]).toEqual([0, 1]);
  });

  it('leads to the child', async () => {
    const ugo = await Restaurant.objects.create({ name: 'Da Ugo', servesPizza: true });
    const place = await Place.objects.get({ id: ugo.id });
    const { restaurant } = place as unknown as { restaurant: Promise<Restaurant> };
    expect(await restaurant).toMatchObject({ name: 'Da Ugo', servesPizza: true });
  });

  it('has unique values and constraints for its children, too', async () => {
    await Coded.objects.create({ code: 'a', low: 1 });
    const child = new CodedChild({ code: 'a', low: -1 });
    await expect(child.fullClean()).rejects.toMatchObject({
      messageDict: {
        code: ['Coded with this Code already exists.'],
        __all__: ['Constraint “low_is_positive” is violated.'],
      },
    });
    await new CodedChild({ code: 'b', low: 1 }).fullClean();
  });

  it('throws what its children’s `get` throws', async () => {
    await expect(Restaurant.objects.get({ id: 9 })).rejects.toBeInstanceOf(Place.DoesNotExist);
    await expect(Place.objects.get({ id: 9 })).rejects.not.toBeInstanceOf(Restaurant.DoesNotExist);
  });
});

it('takes a link that is declared, and a key beside it', async () => {
  class Town extends City {
    static override readonly Meta: models.MetaOptions = { appLabel: 'links' };
    declare static readonly objects: models.Manager<Town>;
    @models.OneToOneField(() => City, { onDelete: models.CASCADE, parentLink: true, relatedName: 'asTown' })
    declare place?: City;
    declare placeId: number;
    @models.CharField({ maxLength: 5, primaryKey: true }) declare code: string;
  }
  await connections
    .get()
    .schemaEditor()
    .run((editor) => editor.createModel(Town._meta));
  expect(Town._meta.localFields.map(({ name }) => name)).toEqual(['place', 'code']);
  const town = await Town.objects.create({ code: 'X', name: 'Xanten' });
  expect([town.pk, town.placeId, town.id]).toEqual(['X', 1, 1]);
  expect(await City.objects.filter({ asTown__code: 'X' } as never).count()).toBe(1);
});

describe('a proxy', () => {
  it('is a class for the rows of another model', async () => {
    const { _meta: meta } = BigCity;
    expect([meta.dbTable, meta.pk, meta.concreteModel, meta.proxyForModel]).toEqual([
      'inheritance_city',
      City._meta.pk,
      City._meta,
      City._meta,
    ]);
    expect(meta.localFields).toEqual([]);
    const rome = await BigCity.objects.create({ name: 'Rome' });
    await City.objects.create({ name: 'Paris' });
    expect(rome.shout).toBe('ROME');
    expect((await BigCity.objects.all()).map((city) => city.shout)).toEqual(['ROME', 'PARIS']);
    rome.name = 'Roma';
    await rome.save();
    expect((await City.objects.get({ id: rome.id })).name).toBe('Roma');
  });

  it('stands where its model does', async () => {
    const rome = await BigCity.objects.create({ name: 'Rome' });
    const park = await Place.objects.create({ name: 'Park', city: rome });
    expect(await Place.objects.filter({ city: rome }).count()).toBe(1);
    expect(await BigCity.objects.filter({ place__name: 'Park' } as never).count()).toBe(1);
    expect(park.cityId).toBe(rome.id);
  });
});

describe('an abstract class', () => {
  abstract class Dated extends models.Model {
    static override readonly Meta: models.MetaOptions = { abstract: true, appLabel, ordering: ['day'] };
    @models.DateField() declare day: string;
  }

  it('hands on its fields and its Meta, but for `abstract`', () => {
    class Diary extends Dated {
      @models.TextField() declare text: string;
    }
    expect(Diary._meta.fields.map(({ name }) => name)).toEqual(['id', 'day', 'text']);
    expect([Diary._meta.ordering, Diary.isAbstract]).toEqual([['day'], false]);
  });

  it('may stand between a model and its parent', () => {
    abstract class Rated extends Place {
      static override readonly Meta: models.MetaOptions = { abstract: true, appLabel };
      @models.IntegerField() declare rating: number;
    }
    class Bar extends Rated {}
    expect(Bar._meta.localFields.map(({ name }) => name)).toEqual(['place_ptr', 'rating']);
    expect(Bar._meta.fields.map(({ name }) => name)).toEqual(['id', 'name', 'city', 'place_ptr', 'rating']);
    expect(Bar._meta.ordering).toEqual([]);
  });
});
