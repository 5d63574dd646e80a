/** The models of django_orm/library/models.py in ours, and values that go between both. */

import type { Field } from 'tsango/db/models';
import * as models from 'tsango/db/models';
import { Duration } from 'tsango/python/timedelta';
import { durationMicroseconds } from 'tsango/utils/duration';

export class Everything extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Everything>;
  @models.BigAutoField({ primaryKey: true, autoCreated: true }) declare id: number;
  @models.BigIntegerField({ null: true }) declare big: number | bigint | null;
  @models.IntegerField({ null: true }) declare whole: number | null;
  @models.SmallIntegerField({ null: true }) declare small: number | null;
  @models.PositiveIntegerField({ null: true }) declare positive: number | null;
  @models.PositiveSmallIntegerField({ null: true }) declare positiveSmall: number | null;
  @models.PositiveBigIntegerField({ null: true }) declare positiveBig: number | bigint | null;
  @models.BooleanField({ null: true }) declare yes: boolean | null;
  @models.CharField({ maxLength: 200, null: true }) declare char: string | null;
  @models.TextField({ null: true }) declare text: string | null;
  @models.EmailField({ null: true }) declare email: string | null;
  @models.SlugField({ null: true }) declare slug: string | null;
  @models.URLField({ null: true }) declare url: string | null;
  @models.DateField({ null: true }) declare day: string | null;
  @models.DateTimeField({ null: true }) declare moment: Date | null;
  @models.TimeField({ null: true }) declare hour: string | null;
  @models.DecimalField({ maxDigits: 20, decimalPlaces: 6, null: true }) declare price: string | null;
  @models.FloatField({ null: true }) declare ratio: number | null;
  @models.DurationField({ null: true }) declare length: Duration | null;
  @models.UUIDField({ null: true }) declare key: string | null;
  @models.JSONField({ null: true }) declare data: unknown;
  @models.BinaryField({ null: true }) declare bytes: Uint8Array | null;
  @models.GenericIPAddressField({ null: true }) declare address: string | null;
}

export class Author extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Author>;
  @models.BigAutoField({ primaryKey: true, autoCreated: true }) declare id: number;
  @models.CharField({ maxLength: 40 }) declare name: string;
  @models.DateField({ null: true }) declare born: string | null;
  @models.ForeignKey('self', { onDelete: models.SET_NULL, null: true, relatedName: 'pupils' })
  declare teacher: models.RelatedOrNull<Author>;
  declare teacherId: number | null;
  declare books: Book[];
  declare pupils: Author[];
}

export class Tag extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Tag>;
  @models.BigAutoField({ primaryKey: true, autoCreated: true }) declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare name: string;
  declare books: Book[];
}

export class Book extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['title', 'id'] };
  declare static readonly objects: models.Manager<Book>;
  @models.BigAutoField({ primaryKey: true, autoCreated: true }) declare id: number;
  @models.CharField({ maxLength: 60 }) declare title: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE, null: true, relatedName: 'books' })
  declare author: models.RelatedOrNull<Author>;
  declare authorId: number | null;
  @models.ManyToManyField(() => Tag, { relatedName: 'books' }) declare tags: Tag[];
  @models.IntegerField({ null: true }) declare pages: number | null;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2 }) declare price: string;
  @models.FloatField({ null: true }) declare rating: number | null;
  @models.DateTimeField() declare published: Date;
  @models.BooleanField({ default: true }) declare inPrint: boolean;
}

export const MODELS = { Everything, Author, Tag, Book };

/** A value as both sides write it into JSON. */
export function wire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wire);
  if (value instanceof Date) return value.toISOString().slice(0, 23);
  if (value instanceof Duration) return String(durationMicroseconds(value));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wire(each)]));
}

const NUMBERS = /Integer|Auto|Decimal|ForeignKey/;

/** A field's value as both sides write it into JSON. */
export function column(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field.internalType === 'JSONField') return value;
  if (NUMBERS.test(field.internalType)) return String(value);
  return wire(value);
}

/** A field's value of JSON, as one writes it here. */
export function fromColumn(field: Field, value: unknown): unknown {
  if (value === null) return null;
  switch (field.internalType) {
    case 'DurationField':
      return new Duration({
        seconds: Number(BigInt(String(value)) / 1_000_000n),
        microseconds: Number(BigInt(String(value)) % 1_000_000n),
      });
    case 'BinaryField':
      return new Uint8Array(Buffer.from(String(value), 'hex'));
    case 'DateTimeField':
      return `${String(value)}+00:00`;
    default:
      return NUMBERS.test(field.internalType) && !/Decimal/.test(field.internalType)
        ? BigInt(String(value))
        : value;
  }
}
