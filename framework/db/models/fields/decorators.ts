/**
 * The fields as they are used: `new CharField({ maxLength: 40 })` in a migration, and as a decorator,
 * `@CharField({ maxLength: 40 })`, on the property of a model.
 */

import { ImproperlyConfigured } from '../../../core/exceptions';
import type { Field } from './base';
import * as composite from './composite';
import * as dates from './dates';
import { declareBuiltin } from './deconstruct';
import * as durations from './durations';
import * as filePaths from './file_paths';
import * as files from './files';
import * as generated from './generated';
import * as ip from './ip';
import * as json from './json';
import * as numbers from './numbers';
import * as others from './others';
import * as related from './related';
import * as removed from './removed';
import * as text from './text';

const declared = new Map<object, Map<string, Field>>();

const listeners: ((cls: object) => void)[] = [];

/** Calls `listener` with each class whose first field is declared: its static properties are there. */
export function onDeclaration(listener: (cls: object) => void): void {
  listeners.push(listener);
}

/** Every class that declares fields. */
export function declaringClasses(): object[] {
  return [...declared.keys()];
}

/** Makes a class known that declares no field: a proxy, or a child that adds none. */
export function declareClass(cls: object): void {
  if (!declared.has(cls)) declared.set(cls, new Map());
}

/** How many classes declare fields; it grows. */
export function declarationCount(): number {
  return declared.size;
}

/** The fields that a class itself declares, by property. */
export function declaredFields(cls: object): ReadonlyMap<string, Field> {
  return declared.get(cls) ?? new Map();
}

/** Declares a property of a class as a field. */
export function declareField(cls: object, property: string, field: Field): void {
  let fields = declared.get(cls);
  if (fields === undefined) {
    fields = new Map();
    declared.set(cls, fields);
    for (const listener of listeners) listener(cls);
  }
  fields.set(property, field);
}

/** Whether a decorator was called as TypeScript's `experimentalDecorators` calls it: with prototype and name. */
function isProperty(prototype: unknown, property: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    (typeof property === 'string' || typeof property === 'symbol')
  );
}

function standardDecorators(field: string): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `@${field} was called as a standard decorator, and the fields of models are experimental ones. Set ` +
      '"experimentalDecorators": true in the compilerOptions of tsconfig.json, which ts-node, tsx and esbuild read, too; ' +
      'for swc set jsc.transform.legacyDecorator to true.',
  );
}

/** Whoever gives a decorator where a field is wanted has left out `new`. */
function notAField(field: string): TypeError {
  return new TypeError(
    `${field}(…) without new is a decorator, for a property of a model: where a field is given to something else, in ` +
      `migrations and expressions, write new ${field}(…).`,
  );
}

/** A field class that is also a decorator. */
// biome-ignore lint/suspicious/noExplicitAny: constructors of any parameters; they are handed on.
export type FieldDecorator<C extends new (...args: any[]) => Field> = C &
  ((...args: ConstructorParameters<C>) => PropertyDecorator);

/**
 * A class of fields of one's own, ready to be used as those that are here: with `new`, and as a decorator.
 *
 * @example
 * ```ts
 * export const EvenField = models.fieldDecorator(
 *   class EvenField extends models.IntegerField {
 *     override check() { … }
 *   },
 * );
 * class Pair extends models.Model {
 *   @EvenField({ default: 2 }) declare size: number;
 * }
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export function fieldDecorator<C extends new (...args: any[]) => Field>(cls: C): FieldDecorator<C> {
  return new Proxy(cls, {
    apply: (target, _self, args): PropertyDecorator => {
      const field = new target(...args);
      const declare: PropertyDecorator = (prototype, property) => {
        if (!isProperty(prototype, property)) throw standardDecorators(target.name);
        declareField(prototype.constructor, String(property), field);
      };
      return new Proxy(declare, {
        get(self, name, receiver) {
          if (name in field && !(name in self)) throw notAField(target.name);
          return Reflect.get(self, name, receiver) as unknown;
        },
      });
    },
  }) as FieldDecorator<C>;
}

// biome-ignore lint/suspicious/noExplicitAny: see above.
function decorator<C extends new (...args: any[]) => Field>(cls: C): FieldDecorator<C> {
  declareBuiltin(cls);
  return fieldDecorator(cls);
}

export const AutoField = decorator(numbers.AutoField);
export const BigAutoField = decorator(numbers.BigAutoField);
export const BigIntegerField = decorator(numbers.BigIntegerField);
export const BinaryField = decorator(others.BinaryField);
export const BooleanField = decorator(others.BooleanField);
export const CharField = decorator(text.CharField);
export const CommaSeparatedIntegerField = decorator(removed.CommaSeparatedIntegerField);
export const CompositePrimaryKey = decorator(composite.CompositePrimaryKey);
export const DateField = decorator(dates.DateField);
export const DateTimeField = decorator(dates.DateTimeField);
export const DecimalField = decorator(numbers.DecimalField);
export const DurationField = decorator(durations.DurationField);
export const EmailField = decorator(text.EmailField);
export const FileField = decorator(files.FileField);
export const FilePathField = decorator(filePaths.FilePathField);
export const FloatField = decorator(numbers.FloatField);
export const ForeignKey = decorator(related.ForeignKey);
export const ForeignObject = decorator(related.ForeignObject);
export const GeneratedField = decorator(generated.GeneratedField);
export const GenericIPAddressField = decorator(ip.GenericIPAddressField);
export const IPAddressField = decorator(removed.IPAddressField);
export const ImageField = decorator(files.ImageField);
export const IntegerField = decorator(numbers.IntegerField);
export const JSONField = decorator(json.JSONField);
export const ManyToManyField = decorator(related.ManyToManyField);
export const NullBooleanField = decorator(removed.NullBooleanField);
export const OneToOneField = decorator(related.OneToOneField);
export const PositiveBigIntegerField = decorator(numbers.PositiveBigIntegerField);
export const PositiveIntegerField = decorator(numbers.PositiveIntegerField);
export const PositiveSmallIntegerField = decorator(numbers.PositiveSmallIntegerField);
export const SlugField = decorator(text.SlugField);
export const SmallAutoField = decorator(numbers.SmallAutoField);
export const SmallIntegerField = decorator(numbers.SmallIntegerField);
export const TextField = decorator(text.TextField);
export const TimeField = decorator(dates.TimeField);
export const URLField = decorator(text.URLField);
export const UUIDField = decorator(others.UUIDField);
