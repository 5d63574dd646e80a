/** What becomes of rows when the one that they refer to is deleted. The counts are Django's. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const meta = (extra: models.MetaOptions = {}): models.MetaOptions => ({ appLabel: 'deletion', ...extra });

class Artist extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Artist>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}

class Album extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Album>;
  declare id: number;
  @models.ForeignKey(() => Artist, { onDelete: models.CASCADE }) declare artist: Artist;
  declare artistId: number;
}

class Song extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Song>;
  declare id: number;
  @models.ForeignKey(() => Artist, { onDelete: models.CASCADE }) declare artist: Artist;
  @models.ForeignKey(() => Album, { onDelete: models.RESTRICT }) declare album: Album;
}

class Shelf extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Shelf>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare label: string;
}

/** What `Thing.defaulted` refers to unless it is told. */
let defaultShelf: number | null = null;

/** Refers to a shelf in every way. */
class Thing extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Thing>;
  declare id: number;
  @models.ForeignKey(() => Shelf, { onDelete: models.SET_NULL, null: true, relatedName: 'a' })
  declare nulled: Shelf;
  declare nulledId: number | null;
  @models.ForeignKey(() => Shelf, {
    onDelete: models.SET_DEFAULT,
    default: () => defaultShelf,
    null: true,
    relatedName: 'b',
  })
  declare defaulted: Shelf;
  declare defaultedId: number | null;
  @models.ForeignKey(() => Shelf, { onDelete: models.SET(2), null: true, relatedName: 'c' })
  declare set: Shelf;
  declare setId: number | null;
  @models.ForeignKey(() => Shelf, {
    onDelete: models.SET(() => Shelf.objects.get({ label: 'spare' })),
    null: true,
    relatedName: 'd',
  })
  declare found: Shelf;
  declare foundId: number | null;
  @models.ForeignKey(() => Shelf, { onDelete: 'PROTECT', null: true, relatedName: 'e' })
  declare kept: Shelf;
  declare keptId: number | null;
  @models.ForeignKey(() => Shelf, {
    onDelete: models.DO_NOTHING,
    dbConstraint: false,
    null: true,
    relatedName: 'f',
  })
  declare left: Shelf;
  declare leftId: number | null;
  @models.ForeignKey(() => Shelf, {
    onDelete: models.CASCADE,
    toField: 'label',
    null: true,
    relatedName: 'g',
  })
  declare byLabel: Shelf;
  declare byLabelId: string | null;
  @models.ManyToManyField(() => Shelf, { relatedName: 'h' }) declare shelves: Shelf[];
}

/** A part of a thing: what cascades from a cascade. */
class Part extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Part>;
  declare id: number;
  @models.ForeignKey(() => Thing, { onDelete: models.CASCADE }) declare thing: Thing;
}

class Node extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Node>;
  declare id: number;
  @models.ForeignKey('self', { onDelete: models.CASCADE, null: true }) declare parent: Node | null;
}

class Place extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Place>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}

class Restaurant extends Place {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Restaurant>;
  @models.BooleanField({ default: true }) declare open: boolean;
}

class Pizzeria extends Restaurant {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Pizzeria>;
  @models.IntegerField({ default: 1 }) declare ovens: number;
}

class Bistro extends Restaurant {
  static override readonly Meta = meta({ proxy: true });
  declare static readonly objects: models.Manager<Bistro>;
}

class Visit extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Visit>;
  declare id: number;
  @models.ForeignKey(() => Place, { onDelete: models.CASCADE }) declare place: Place;
}

class Owner extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Owner>;
  declare id: number;
  @models.CharField({ maxLength: 20, default: '' }) declare name: string;
}

/** What the database does itself. */
class Owned extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Owned>;
  declare id: number;
  @models.ForeignKey(() => Owner, { onDelete: models.DB_CASCADE, null: true, relatedName: 'a' })
  declare by: models.RelatedOrNull<Owner>;
  @models.ForeignKey(() => Owner, { onDelete: models.DB_SET_NULL, null: true, relatedName: 'b' })
  declare lent: models.RelatedOrNull<Owner>;
  declare lentId: number | null;
}

const { ProtectedError, RestrictedError } = models;

async function failure(work: () => PromiseLike<unknown>): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}

onEveryDatabase(
  () => [Artist, Album, Song, Shelf, Thing, Part, Node, Place, Restaurant, Pizzeria, Visit, Owner, Owned],
  ({ isSqlite }) => {
    const shelf = (id: number, label: string): Promise<Shelf> => Shelf.objects.create({ id, label });

    it('says what is gone, by model, and takes the key of the instance', async () => {
      const one = await shelf(1, 'a');
      expect(await one.delete()).toEqual([1, { 'deletion.Shelf': 1 }]);
      expect([one.id, one.pk, String(one)]).toEqual([null, null, 'Shelf object (None)']);
      expect((await failure(() => one.delete())).message).toBe(
        "Shelf object can't be deleted because its id attribute is set to None.",
      );
      expect(await new Shelf({ id: 99, label: 'x' }).delete()).toEqual([0, {}]);
      expect(await new Part({ id: 99 }).delete()).toEqual([0, { 'deletion.Part': 0 }]);
      expect(await Shelf.objects.filter({ label: 'none' }).delete()).toEqual([0, {}]);
    });

    it('cascades, along keys of other fields, too, and to what refers to that', async () => {
      const one = await shelf(1, 'a');
      const two = await shelf(2, 'b');
      const thing = await Thing.objects.create({ byLabel: one });
      const other = await Thing.objects.create({ byLabel: two });
      await Part.objects.create({ thing });
      await Part.objects.create({ thing: other });
      expect(await one.delete()).toEqual([
        3,
        { 'deletion.Part': 1, 'deletion.Thing': 1, 'deletion.Shelf': 1 },
      ]);
      expect(await Part.objects.count()).toBe(1);
      expect(await Shelf.objects.all().delete()).toEqual([
        3,
        { 'deletion.Part': 1, 'deletion.Thing': 1, 'deletion.Shelf': 1 },
      ]);
    });

    it('sets null, the default, a value, and what a function finds', async () => {
      await shelf(1, 'default');
      await shelf(2, 'set');
      await shelf(3, 'spare');
      const gone = await shelf(4, 'gone');
      await Thing.objects.create({ nulled: gone, defaulted: gone, set: gone, found: gone });
      defaultShelf = 1;
      expect(await gone.delete()).toEqual([1, { 'deletion.Shelf': 1 }]);
      defaultShelf = null;
      const thing = await Thing.objects.get();
      expect([thing.nulledId, thing.defaultedId, thing.setId, thing.foundId]).toEqual([null, 1, 2, 3]);
    });

    it('leaves the key where nothing is to happen', async () => {
      const gone = await shelf(4, 'gone');
      await Thing.objects.create({ left: gone });
      await gone.delete();
      expect((await Thing.objects.get()).leftId).toBe(4);
    });

    it('deletes rows of the table in between, from either side', async () => {
      const one = await shelf(1, 'a');
      const thing = await Thing.objects.create({});
      const between = Thing._meta.localManyToMany[0]?.through.dbTable ?? '';
      const connect = async (): Promise<void> => {
        await connections
          .get()
          .execute(
            `INSERT INTO ${connections.get().ops.quoteName(between)} (thing_id, shelf_id) VALUES (?, ?)`,
            [thing.id, one.id],
          );
      };
      await connect();
      expect(await one.delete()).toEqual([2, { 'deletion.Thing_shelves': 1, 'deletion.Shelf': 1 }]);
      one.id = 1;
      await one.save();
      await connect();
      expect(await thing.delete()).toEqual([2, { 'deletion.Thing_shelves': 1, 'deletion.Thing': 1 }]);
    });

    it('is refused by PROTECT, which names the field and has the rows; nothing is changed', async () => {
      const one = await shelf(1, 'a');
      const keeper = await Thing.objects.create({ kept: one });
      const dependent = await Thing.objects.create({ byLabel: one });
      const error = (await failure(() => one.delete())) as InstanceType<typeof ProtectedError>;
      expect(error).toBeInstanceOf(ProtectedError);
      expect(error.message).toBe(
        "Cannot delete some instances of model 'Shelf' because they are referenced through protected foreign keys: " +
          "'Thing.kept'.",
      );
      expect([...error.protectedObjects].map(({ pk }) => pk)).toEqual([keeper.pk]);
      expect(one.id).toBe(1);
      expect(await Thing.objects.filter({ pk__in: [keeper.pk, dependent.pk] }).count()).toBe(2);
    });

    it('is refused by RESTRICT unless what refers goes along another way', async () => {
      const [anna, bert] = [
        await Artist.objects.create({ name: 'Anna' }),
        await Artist.objects.create({ name: 'B' }),
      ];
      const own = await Album.objects.create({ artist: anna });
      const others = await Album.objects.create({ artist: bert });
      await Song.objects.create({ artist: anna, album: own });
      const guest = await Song.objects.create({ artist: anna, album: others });
      const error = (await failure(() => bert.delete())) as InstanceType<typeof RestrictedError>;
      expect(error).toBeInstanceOf(RestrictedError);
      expect(error.message).toBe(
        "Cannot delete some instances of model 'Artist' because they are referenced through restricted foreign keys: " +
          "'Song.album'.",
      );
      expect([...error.restrictedObjects].map(({ pk }) => pk)).toEqual([guest.pk]);
      expect((await failure(() => own.delete())).message).toContain("model 'Album'");
      expect(await anna.delete()).toEqual([
        4,
        { 'deletion.Song': 2, 'deletion.Album': 1, 'deletion.Artist': 1 },
      ]);
      expect(await bert.delete()).toEqual([2, { 'deletion.Album': 1, 'deletion.Artist': 1 }]);
    });

    it('deletes a tree, and a circle', async () => {
      const root = await Node.objects.create({});
      const child = await Node.objects.create({ parent: root });
      await Node.objects.create({ parent: child });
      expect(await root.delete()).toEqual([3, { 'deletion.Node': 3 }]);
      const [a, b] = [await Node.objects.create({}), await Node.objects.create({})];
      await Node.objects.filter({ pk: a.pk }).update({ parent: b });
      await Node.objects.filter({ pk: b.pk }).update({ parent: a });
      expect(await a.delete()).toEqual([2, { 'deletion.Node': 2 }]);
    });

    it('deletes the rows of parents, and of children, and what refers to a parent', async () => {
      const make = async (): Promise<Pizzeria> => {
        const made = await Pizzeria.objects.create({ name: 'Mario' });
        await Visit.objects.create({ place: made });
        return made;
      };
      const all = {
        'deletion.Visit': 1,
        'deletion.Pizzeria': 1,
        'deletion.Restaurant': 1,
        'deletion.Place': 1,
      };
      const made = await make();
      expect(await made.delete()).toEqual([4, all]);
      expect(made.pk).toBeNull();
      await make();
      expect(await Place.objects.all().delete()).toEqual([4, all]);
      await make();
      expect(await Bistro.objects.all().delete()).toEqual([4, all]);
      expect(await (await make()).delete({ keepParents: true })).toEqual([1, { 'deletion.Pizzeria': 1 }]);
      expect([await Restaurant.objects.count(), await Visit.objects.count()]).toEqual([1, 1]);
    });

    it('leaves to the database what the database does', async () => {
      const [one, two] = [await Owner.objects.create({}), await Owner.objects.create({})];
      await Owned.objects.create({ by: one });
      const kept = await Owned.objects.create({ by: two, lent: one });
      const sent = await statementsOf(async () =>
        expect(await one.delete()).toEqual([1, { 'deletion.Owner': 1 }]),
      );
      expect(sent).toHaveLength(1);
      expect((await Owned.objects.values('id', 'lent')).map((row) => row)).toEqual([
        { id: kept.id, lent: null },
      ]);
      const shown = new models.Collector(connections.get(), undefined, true);
      await shown.collect([two]);
      expect([...shown.data].map(([model, rows]) => [model.objectName, rows.size])).toEqual([
        ['Owner', 1],
        ['Owned', 1],
      ]);
    });

    it('changes what the database does when a migration says so', async () => {
      const fieldOf = (onDelete: models.OnDelete): models.Field => {
        const field = new models.ForeignKey('deletion.Owner', { onDelete, null: true, relatedName: 'b' });
        field.contributeTo(Owned._meta, 'lent');
        return field;
      };
      const owner = await Owner.objects.create({});
      await Owned.objects.create({ lent: owner });
      const alter = async (from: models.OnDelete, to: models.OnDelete): Promise<void> => {
        await connections
          .get()
          .schemaEditor()
          .run((editor) => editor.alterField(Owned._meta, fieldOf(from), fieldOf(to)));
      };
      await alter(models.DB_SET_NULL, models.DB_CASCADE);
      await owner.delete();
      expect(await Owned.objects.count()).toBe(0);
      await alter(models.DB_CASCADE, models.DB_SET_NULL);
    });

    it('deletes more rows than one statement names', async () => {
      const one = await shelf(1, 'a');
      const insert = 'INSERT INTO deletion_node (id) VALUES ';
      const rows = Array.from({ length: 1200 }, (_, at) => at + 1);
      await connections.get().execute(insert + rows.map((id) => `(${id})`).join(', '));
      expect(await Node.objects.all().delete()).toEqual([1200, { 'deletion.Node': 1200 }]);
      expect(await one.delete()).toEqual([1, { 'deletion.Shelf': 1 }]);
    });

    it('deletes by joins, and refuses what is no set of rows', async () => {
      const anna = await Artist.objects.create({ name: 'Anna' });
      await Album.objects.create({ artist: anna });
      await Album.objects.create({ artist: await Artist.objects.create({ name: 'Bert' }) });
      expect(await Album.objects.filter({ artist__name: 'Anna' }).delete()).toEqual([
        1,
        { 'deletion.Album': 1 },
      ]);
      expect(await Album.objects.count()).toBe(1);
      const all = Album.objects.all();
      expect((await failure(() => all.slice(0, 1).delete())).message).toBe(
        "Cannot use 'limit' or 'offset' with delete().",
      );
      expect((await failure(() => all.values('id').delete())).message).toBe(
        'Cannot call delete() after .values() or .values_list()',
      );
      expect((await failure(() => all.distinct('id').delete())).message).toBe(
        'Cannot call delete() after .distinct(*fields).',
      );
      expect((await failure(() => all.union(all).delete())).message).toBe(
        'Calling QuerySet.delete() after union() is not supported.',
      );
    });

    it('tells who listens, before and after, and reads the rows for them only', async () => {
      const anna = await Artist.objects.create({ name: 'Anna' });
      await Album.objects.create({ artist: anna });
      const heard: unknown[] = [];
      const before = models.preDelete;
      const after = models.postDelete;
      const note =
        (when: string) =>
        async ({ instance, origin }: { instance: Album; origin: unknown }): Promise<void> => {
          await new Promise(setImmediate);
          heard.push([
            when,
            instance.constructor.name,
            instance.pk,
            origin === anna,
            await Album.objects.count(),
          ]);
        };
      const [pre, post] = [note('pre'), note('post')];
      before.connect(pre, { sender: 'deletion.Album' });
      after.connect(post, { sender: Album });
      try {
        await anna.delete();
      } finally {
        expect(before.disconnect(pre, { sender: 'deletion.Album' })).toBe(true);
        expect(after.disconnect(post, { sender: Album })).toBe(true);
      }
      expect(heard).toEqual([
        ['pre', 'Album', expect.any(Number), true, 1],
        ['post', 'Album', heard[0] === undefined ? 0 : (heard[0] as unknown[])[2], true, 0],
      ]);
    });

    it('goes back altogether when a receiver fails', async () => {
      const anna = await Artist.objects.create({ name: 'Anna' });
      await Album.objects.create({ artist: anna });
      const refuse = (): never => {
        throw new Error('no');
      };
      models.postDelete.connect(refuse, { sender: Album });
      try {
        expect((await failure(() => anna.delete())).message).toBe('no');
      } finally {
        models.postDelete.disconnect(refuse, { sender: Album });
      }
      expect([await Album.objects.count(), await Artist.objects.count(), anna.name]).toEqual([1, 1, 'Anna']);
      expect(anna.id).toEqual(expect.any(Number));
    });

    it('asks no more than Django: counts of statements', async () => {
      const anna = await Artist.objects.create({ name: 'Anna' });
      const album = await Album.objects.create({ artist: anna });
      await Song.objects.create({ artist: anna, album });
      // Songs go by their query; albums are read, for songs refer to them.
      const sent = await statementsOf(() => anna.delete());
      expect(sent.map((sql) => sql.split(' ')[0])).toEqual([
        'SELECT',
        'SELECT',
        'SELECT',
        'DELETE',
        'DELETE',
        'DELETE',
      ]);
      const lone = await Part.objects.create({ thing: await Thing.objects.create({}) });
      expect(await statementsOf(() => lone.delete())).toHaveLength(1);
      expect(await statementsOf(() => Part.objects.all().delete())).toHaveLength(1);
    });

    it('opens no transaction for one statement, and promises nothing that is there at once', async () => {
      if (!isSqlite) return;
      const connection = connections.get();
      const part = await Part.objects.create({ thing: await Thing.objects.create({}) });
      const begin = jest.spyOn(connection, 'atomic');
      await part.delete();
      expect(begin).not.toHaveBeenCalled();
      begin.mockRestore();
      const collector = new models.Collector(connection);
      expect(collector.collect(await Thing.objects.all())).toBeUndefined();
      expect(collector.delete()).toEqual([1, { 'deletion.Thing': 1 }]);
    });
  },
);

it('refuses what is no onDelete', () => {
  expect(() => new models.ForeignKey('self', { onDelete: 'CASCADES' as 'CASCADE' })).toThrow(
    new TypeError(
      'onDelete must be callable: one of models.CASCADE, models.DB_CASCADE, models.DB_SET_DEFAULT, models.DB_SET_NULL, ' +
        'models.DO_NOTHING, models.PROTECT, models.RESTRICT, models.SET_DEFAULT, models.SET_NULL.',
    ),
  );
});

it('has a function for each name', () => {
  const {
    CASCADE,
    DB_CASCADE,
    DB_SET_DEFAULT,
    DB_SET_NULL,
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    SET_DEFAULT,
    SET_NULL,
  } = models;
  const all = {
    CASCADE,
    DB_CASCADE,
    DB_SET_DEFAULT,
    DB_SET_NULL,
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    SET_DEFAULT,
    SET_NULL,
  };
  for (const [name, handler] of Object.entries(all)) {
    expect(handler.name).toBe(name);
    expect(new models.ForeignKey('self', { onDelete: name as 'CASCADE' }).onDelete).toBe(handler);
  }
  expect([models.SET(1).name, models.SET(1).value]).toEqual(['SET', 1]);
});
