/** Rows that refer to rows of any model. */
import '../../db/settings';
import {
  ContentType,
  GenericForeignKey,
  GenericPrefetch,
  GenericRelation,
} from 'tsango/contrib/contenttypes';
import * as models from 'tsango/db/models';
import { statementsOf, useLibrary } from '../../db/relations/library';

class Remark extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic', ordering: ['id'] };
  declare static readonly objects: models.Manager<Remark>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare text: string;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE, null: true })
  declare contentType: models.RelatedOrNull<ContentType>;
  declare contentTypeId: number | null;
  @models.CharField({ maxLength: 20, null: true }) declare objectId: string | null;
  @GenericForeignKey('contentType', 'objectId') declare contentObject: models.RelatedOrNull<models.Model>;
}

class Film extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic', ordering: ['id'] };
  declare static readonly objects: models.Manager<Film>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @GenericRelation(() => Remark, { relatedQueryName: 'film' })
  declare readonly remarks: models.RelatedManager<Remark>;
}

class Song extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic', ordering: ['id'] };
  declare static readonly objects: models.Manager<Song>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @GenericRelation(() => Remark) declare readonly remarks: models.RelatedManager<Remark>;
}

/** A child and a proxy of what has generic relations. */
class Short extends Film {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic' };
  declare static readonly objects: models.Manager<Short>;
}

class Seen extends Song {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic', proxy: true };
  declare static readonly objects: models.Manager<Seen>;
  @GenericRelation(() => Vote, { forConcreteModel: false })
  declare readonly votes: models.RelatedManager<Vote>;
}

/** Its key is in its parent's table. */
class Stars extends Remark {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic' };
  declare static readonly objects: models.Manager<Stars>;
  @models.IntegerField({ default: 1 }) declare count: number;
}

class Shop extends models.Model {
  static override readonly Meta = { appLabel: 'generic' };
  declare static readonly objects: models.Manager<Shop>;
  declare id: number;
  @GenericRelation(() => Stars) declare readonly stars: models.RelatedManager<Stars>;
  @GenericRelation(() => Vote) declare readonly votes: models.RelatedManager<Vote>;
  declare getVoteOrder: () => PromiseLike<number[]>;
  declare setVoteOrder: (keys: readonly number[]) => Promise<void>;
}

class Vote extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'generic', orderWithRespectTo: 'subject' };
  declare static readonly objects: models.Manager<Vote>;
  declare id: number;
  declare _order: number;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare contentType: models.Related<ContentType>;
  @models.PositiveIntegerField() declare objectId: number;
  @GenericForeignKey('contentType', 'objectId') declare subject: models.RelatedOrNull<models.Model>;
  declare getNextInOrder: () => Promise<Vote>;
}

useLibrary([ContentType, Remark, Film, Song, Short, Stars, Shop, Vote]);

let film: Film;
let song: Song;
beforeEach(async () => {
  ContentType.objects.clearCache();
  film = await Film.objects.create({ title: 'Metropolis' });
  song = await Song.objects.create({ title: 'Lili' });
});

const texts = async (rows: PromiseLike<readonly Remark[]>): Promise<string[]> =>
  (await rows).map(({ text }) => text);

describe('a generic foreign key', () => {
  it('refers to a row of any model, which is saved by type and key', async () => {
    const remark = await Remark.objects.create({ text: 'old', contentObject: film });
    expect(remark.contentObject).toBe(film);
    expect([remark.contentTypeId, String(remark.objectId)]).toEqual([
      (await ContentType.objects.getForModel(Film)).id,
      String(film.id),
    ]);
    const read = await Remark.objects.get({ text: 'old' });
    const found = (await read.contentObject) as Film;
    expect([found instanceof Film, found.title]).toEqual([true, 'Metropolis']);
    expect(read.contentObject).toBe(found);
    read.contentObject = song;
    await read.save();
    expect(((await (await Remark.objects.get({})).contentObject) as Song).title).toBe('Lili');
    read.contentObject = null;
    expect([read.contentTypeId, read.objectId]).toEqual([null, null]);
    expect(() => Object.assign(read, { contentObject: 'x' })).toThrow('must be a row of a model');
  });

  it('is not saved with a row that is not', async () => {
    const message = "prohibited to prevent data loss due to unsaved related object 'content_object'.";
    const remark = new Remark({ text: 'early', contentObject: new Film({ title: 'M' }) });
    await expect(remark.save()).rejects.toThrow(`save() ${message}`);
    await expect(Remark.objects.bulkCreate([remark])).rejects.toThrow(`bulkCreate() ${message}`);
  });

  it('has rows in an order with respect to it', async () => {
    const [one, other] = [await Shop.objects.create({}), await Shop.objects.create({})];
    const votes: Vote[] = [];
    for (const subject of [one, other, one, film]) votes.push(await Vote.objects.create({ subject }));
    expect(votes.map(({ _order: place }) => place)).toEqual([0, 0, 1, 0]);
    const [first, , third] = votes as [Vote, Vote, Vote];
    expect((await first.getNextInOrder()).id).toBe(third.id);
    expect(await one.getVoteOrder()).toEqual([first.id, third.id]);
    await one.setVoteOrder([third.id, first.id]);
    expect(await one.getVoteOrder()).toEqual([third.id, first.id]);
    expect('getVoteOrder' in film).toBe(false);
  });

  it('has its content type without asking for it', async () => {
    const type = await ContentType.objects.getForModel(Film);
    const remark = new Remark({ text: 'new', contentObject: film });
    expect(remark.contentType).toBe(type);
    expect((await film.remarks.create({ text: 'long' })).contentType).toBe(type);
    const [found] = await film.remarks.getOrCreate({ text: 'longer' });
    expect(found.contentType).toBe(type);
    remark.contentObject = null;
    expect(remark.contentType).toBeNull();
  });

  it('forgets the row when the key is another one, and has none where there is none', async () => {
    const other = await Film.objects.create({ title: 'M' });
    const remark = await Remark.objects.create({ text: 'old', contentObject: film });
    remark.objectId = String(other.id);
    expect(((await remark.contentObject) as Film).title).toBe('M');
    remark.objectId = '99';
    expect(await remark.contentObject).toBeNull();
    expect(new Remark().contentObject).toBeNull();
  });

  it('is loaded for all rows of a query, a statement a model', async () => {
    for (const each of [film, song, film]) await Remark.objects.create({ text: 'x', contentObject: each });
    const rows = await Remark.objects.all();
    const sent = await statementsOf(async () => {
      const found = (await Promise.all(rows.map(({ contentObject }) => contentObject))) as (Film | Song)[];
      expect(found.map(({ title }) => title)).toEqual(['Metropolis', 'Lili', 'Metropolis']);
    });
    expect(sent).toHaveLength(2);
  });

  it('cannot be filtered by', () => {
    expect(() => Remark.objects.filter({ contentObject: film } as never)).toThrow(
      "Field 'contentObject' does not generate an automatic reverse relation and therefore cannot be used for reverse " +
        'querying. If it is a GenericForeignKey, consider adding a GenericRelation.',
    );
  });
});

describe('a generic relation', () => {
  it('is a manager of the rows that refer to the row', async () => {
    await film.remarks.create({ text: 'long' });
    await song.remarks.create({ text: 'short' });
    expect(await texts(film.remarks.all())).toEqual(['long']);
    expect((await film.remarks.getOrCreate({ text: 'long' }))[1]).toBe(false);
    const lost = await Remark.objects.create({ text: 'lost' });
    expect(await statementsOf(() => film.remarks.add(lost))).toHaveLength(1);
    expect(await texts(film.remarks.all())).toEqual(['long', 'lost']);
    await film.remarks.set([lost]);
    expect(await Remark.objects.flat('text')).toEqual(['short', 'lost']);
    await film.remarks.remove(lost);
    await song.remarks.clear();
    expect(await Remark.objects.count()).toBe(0);
    expect(await new Film().remarks.count()).toBe(0);
  });

  it('leads along paths, of its content type alone', async () => {
    // The same key in another table is another row.
    expect(film.id).toBe(song.id);
    await film.remarks.create({ text: 'long' });
    await song.remarks.create({ text: 'short' });
    expect(await Film.objects.filter({ remarks__text: 'long' }).count()).toBe(1);
    expect(await Film.objects.filter({ remarks__text: 'short' }).count()).toBe(0);
    expect(await Film.objects.exclude({ remarks__text: 'short' }).count()).toBe(1);
    expect(await Film.objects.exclude({ remarks__text: 'long' }).count()).toBe(0);
    const [counted] = await Film.objects.annotate({ n: models.Count('remarks') });
    expect(counted?.n).toBe(1);
    expect(await texts(Remark.objects.filter({ film__title: 'Metropolis' } as never))).toEqual(['long']);
    expect(await texts(Remark.objects.filter({ film__id: film.id } as never))).toEqual(['long']);
  });

  it('is of a child by its own content type and key, and leads back to the model that declares it', async () => {
    const short = await Short.objects.create({ title: 'Entr’acte' });
    await short.remarks.create({ text: 'brief' });
    const { contentTypeId } = await Remark.objects.get();
    expect(contentTypeId).toBe((await ContentType.objects.getForModel(Short)).id);
    expect(await Short.objects.filter({ remarks__text: 'brief' }).count()).toBe(1);
    expect(await Film.objects.filter({ remarks__text: 'brief' }).count()).toBe(0);
    await film.remarks.create({ text: 'long' });
    expect(await texts(Remark.objects.filter({ film__title: 'Metropolis' } as never))).toEqual(['long']);
    expect(() => Remark.objects.filter({ nothing: 1 } as never)).toThrow(
      "Cannot resolve keyword 'nothing' into field. Choices are: content_object, content_type, content_type_id, film, id, " +
        'object_id, stars, text',
    );
  });

  it('may be of a proxy’s own content type, and of rows whose key is in another table', async () => {
    const seen = await Seen.objects.get();
    await seen.votes.create({});
    expect(await Seen.objects.filter({ votes__id__gt: 0 }).count()).toBe(1);
    expect((await (await Vote.objects.get()).contentType).model).toBe('seen');
    const shop = await Shop.objects.create({});
    await shop.stars.create({ text: 'good', count: 5 });
    expect(await Shop.objects.filter({ stars__count: 5 }).count()).toBe(1);
    expect(await Shop.objects.filter({ stars__count: 4 }).count()).toBe(0);
  });

  it('goes with the row', async () => {
    await film.remarks.create({ text: 'long' });
    await song.remarks.create({ text: 'short' });
    const [, byModel] = await film.delete();
    expect(byModel).toEqual({ 'generic.Film': 1, 'generic.Remark': 1 });
    expect(await Remark.objects.flat('text')).toEqual(['short']);
  });
});

describe('reading ahead', () => {
  beforeEach(async () => {
    await film.remarks.create({ text: 'long' });
    await film.remarks.create({ text: 'silent' });
    await song.remarks.create({ text: 'short' });
  });

  it('has the rows of a generic relation in one statement', async () => {
    await Film.objects.create({ title: 'M' });
    const sent = await statementsOf(async () => {
      const films = await Film.objects.prefetchRelated('remarks');
      expect(await Promise.all(films.map(({ remarks }) => texts(remarks.all())))).toEqual([
        ['long', 'silent'],
        [],
      ]);
    });
    expect(sent).toHaveLength(2);
  });

  it('has the rows of a generic foreign key in a statement a model', async () => {
    const sent = await statementsOf(async () => {
      const remarks = await Remark.objects.prefetchRelated('contentObject');
      expect(remarks.map(({ contentObject }) => (contentObject as Film).title)).toEqual([
        'Metropolis',
        'Metropolis',
        'Lili',
      ]);
    });
    expect(sent).toHaveLength(3);
  });

  it('takes querysets for some of the models, one for each', async () => {
    const films = Film.objects.filter({ title: 'none' });
    const remarks = await Remark.objects.prefetchRelated(new GenericPrefetch('contentObject', [films]));
    expect(remarks.map(({ contentObject }) => (contentObject as Song | null)?.title ?? null)).toEqual([
      null,
      null,
      'Lili',
    ]);
    await expect(
      Remark.objects.prefetchRelated(new GenericPrefetch('contentObject', [films, Film.objects.all()])),
    ).rejects.toThrow('Only one queryset is allowed for each content type.');
    expect(() => new GenericPrefetch('contentObject', [Film.objects.values('id') as never])).toThrow(
      'Prefetch querysets cannot use raw(), values(), and values_list().',
    );
  });
});
