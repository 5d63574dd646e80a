/** Every field and every option of Meta that a Django 4.2 has: the models of ../migrations_django/everything. */
import { ContentType, GenericForeignKey, GenericRelation } from 'tsango/contrib/contenttypes';
import * as models from 'tsango/db/models';
import { Lower } from 'tsango/db/models/functions';

const { F, Q } = models;

export class Plain extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    ordering: ['-integer', 'char'],
    verboseName: 'plain thing',
    verboseNamePlural: 'plain things',
    getLatestBy: 'instant',
  };
  declare id: bigint | number;
  @models.CharField({ maxLength: 40, verboseName: 'a text', helpText: 'short', dbIndex: true })
  declare char: string;
  @models.SlugField({ unique: true }) declare slug: string;
  @models.TextField({ blank: true, default: '' }) declare text: string;
  @models.EmailField() declare email: string;
  @models.URLField({ null: true }) declare url: string | null;
  @models.CharField({
    maxLength: 2,
    choices: [
      ['a', 'A'],
      ['b', 'B'],
    ],
    default: 'a',
  })
  declare choice: string;
  @models.IntegerField({ default: 0 }) declare integer: number;
  @models.BigIntegerField({ dbColumn: 'big_one', null: true }) declare big: number | bigint | null;
  @models.SmallIntegerField({ null: true, blank: true }) declare small: number | null;
  @models.PositiveIntegerField() declare positive: number;
  @models.PositiveBigIntegerField({ null: true }) declare positiveBig: number | bigint | null;
  @models.PositiveSmallIntegerField({ default: 3 }) declare positiveSmall: number;
  @models.BooleanField({ default: false }) declare boolean: boolean;
  @models.BooleanField({ null: true }) declare perhaps: boolean | null;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 3 }) declare decimal: string;
  @models.FloatField() declare float: number;
  @models.DateField({ autoNow: true }) declare date: string;
  @models.TimeField({ null: true }) declare time: string | null;
  @models.DateTimeField({ autoNowAdd: true, editable: false }) declare instant: Date;
  @models.DurationField({ null: true }) declare duration: unknown;
  @models.BinaryField({ null: true }) declare binary: Uint8Array | null;
  @models.UUIDField({ null: true, unique: true }) declare uuid: string | null;
  @models.GenericIPAddressField({ null: true, protocol: 'IPv4' }) declare ip: string | null;
  @models.JSONField({ default: () => ({}) }) declare json: unknown;
  @models.FileField({ uploadTo: 'files', maxLength: 150 }) declare file: models.FieldFile;
  @models.FilePathField({ path: '/tmp', null: true }) declare path: string | null;
  @models.CharField({ maxLength: 5, default: 'x' }) declare more: string;
}

export class Keyed extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    dbTable: 'everything_with_a_table_name_that_is_quite_a_bit_too_long_for_it',
    dbTableComment: 'has keys',
  };
  @models.CharField({ maxLength: 10, primaryKey: true }) declare code: string;
  @models.IntegerField({ unique: true }) declare number: number;
  @models.BooleanField({ null: true, dbIndex: true }) declare fresh: boolean | null;
}

export class SmallKey extends models.Model {
  @models.SmallAutoField({ primaryKey: true }) declare id: number;
}

export class UuidKey extends models.Model {
  @models.UUIDField({ primaryKey: true }) declare id: string;
  @models.IntegerField({ dbComment: 'a number' }) declare commented: number;
}

export abstract class Base extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    abstract: true,
    ordering: ['name'],
    indexes: [new models.Index({ fields: ['name'], name: '%(app_label)s_%(class)s_name' })],
    constraints: [
      new models.CheckConstraint({
        condition: new Q({ name: 'none' }).not(),
        name: '%(app_label)s_%(class)s_named',
      }),
    ],
  };
  @models.CharField({ maxLength: 30 }) declare name: string;
  @models.ForeignKey(() => Keyed, {
    onDelete: models.CASCADE,
    relatedName: '%(app_label)s_%(class)s_owned',
  })
  declare owner: models.Related<Keyed>;
}

export class First extends Base {}

export class Second extends Base {
  static override readonly Meta: models.MetaOptions = {
    ...Base.Meta,
    abstract: false,
    defaultRelatedName: 'seconds',
  };
  @models.OneToOneField(() => First, { onDelete: models.SET_NULL, null: true })
  declare first: models.RelatedOrNull<First>;
}

export class Child extends Plain {
  static override readonly Meta: models.MetaOptions = {};
  @models.TextField() declare extra: string;
}

export class GrandChild extends Child {
  static override readonly Meta: models.MetaOptions = {};
  @models.OneToOneField(() => Child, { onDelete: models.CASCADE, parentLink: true, primaryKey: true })
  declare parentLink: models.Related<Child>;
}

export class Shown extends First {
  static override readonly Meta: models.MetaOptions = { proxy: true, ordering: ['-name'] };
}

export class Related extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    uniqueTogether: [['parent', 'small']],
    permissions: [['see', 'Can see']],
    defaultPermissions: ['add', 'view'],
  };
  @models.ForeignKey('self', { onDelete: models.CASCADE, null: true, relatedName: 'children' })
  declare parent: models.RelatedOrNull<Related>;
  @models.ForeignKey(() => Keyed, {
    onDelete: models.PROTECT,
    toField: 'number',
    relatedName: '+',
    dbColumn: 'num',
  })
  declare byNumber: models.Related<Keyed>;
  @models.ForeignKey(() => Keyed, { onDelete: models.DO_NOTHING, dbConstraint: false, dbIndex: false })
  declare byCode: models.Related<Keyed>;
  @models.OneToOneField(() => SmallKey, { onDelete: models.RESTRICT })
  declare small: models.Related<SmallKey>;
  @models.ForeignKey(() => UuidKey, { onDelete: models.SET_DEFAULT, default: null, null: true })
  declare uuid: models.RelatedOrNull<UuidKey>;
  @models.ManyToManyField('self', { symmetrical: false }) declare friends: models.RelatedManager<Related>;
  @models.ManyToManyField(() => Keyed, { relatedName: 'relateds', dbTable: 'related_keys' })
  declare keys: models.RelatedManager<Keyed>;
  @models.ManyToManyField(() => Plain, { through: 'Between', throughFields: ['related', 'plain'] })
  declare plains: models.RelatedManager<Plain>;
}

export class Between extends models.Model {
  static override readonly Meta: models.MetaOptions = { orderWithRespectTo: 'related' };
  @models.ForeignKey(() => Related, { onDelete: models.CASCADE }) declare related: models.Related<Related>;
  @models.ForeignKey(() => Plain, { onDelete: models.CASCADE }) declare plain: models.Related<Plain>;
  @models.ForeignKey(() => Plain, { onDelete: models.CASCADE, relatedName: '+', null: true })
  declare other: models.RelatedOrNull<Plain>;
  @models.DateField() declare since: string;
}

export class Indexed extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    indexes: [
      new models.Index({ fields: ['a', '-c'] }),
      new models.Index({ fields: ['b'], name: 'partial', condition: new Q({ a__gt: 0 }) }),
      new models.Index({ fields: ['c'], name: 'covering', include: ['a'] }),
      new models.Index(Lower('b'), F('a').desc(), { name: 'expressions' }),
    ],
    constraints: [
      new models.UniqueConstraint({ fields: ['a', 'b'], name: 'both' }),
      new models.UniqueConstraint({ fields: ['a'], name: 'some', condition: new Q({ b__isnull: false }) }),
      new models.UniqueConstraint({ fields: ['c'], name: 'later', deferrable: models.Deferrable.DEFERRED }),
      new models.UniqueConstraint(Lower('b'), { name: 'lowered' }),
      new models.UniqueConstraint({ fields: ['b'], name: 'with_more', include: ['c'] }),
    ],
  };
  @models.IntegerField() declare a: number;
  @models.CharField({ maxLength: 20, null: true }) declare b: string | null;
  @models.DateField() declare c: string;
}

export class Tagged extends models.Model {
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare contentType: models.Related<ContentType>;
  @models.PositiveIntegerField() declare objectId: number;
  @GenericForeignKey() declare contentObject: models.RelatedOrNull<models.Model>;
}

export class HasTags extends models.Model {
  @GenericRelation(() => Tagged) declare readonly tags: models.RelatedManager<Tagged>;
}

export class Unmanaged extends models.Model {
  static override readonly Meta: models.MetaOptions = { managed: false };
  @models.IntegerField() declare n: number;
}

export class OnlyPostgres extends models.Model {
  static override readonly Meta: models.MetaOptions = { requiredDbVendor: 'postgresql' };
}

export class Circle extends models.Model {
  @models.ForeignKey(() => Square, { onDelete: models.CASCADE, null: true, relatedName: '+' })
  declare square: models.RelatedOrNull<Square>;
}

export class Square extends models.Model {
  @models.ForeignKey(() => Circle, { onDelete: models.CASCADE, relatedName: '+' })
  declare circle: models.Related<Circle>;
}

export class Added extends models.Model {
  @models.ForeignKey(() => Plain, { onDelete: models.CASCADE }) declare plain: models.Related<Plain>;
}
