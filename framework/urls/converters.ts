/**
 * Path converters: what `<int:year>` in a route matches, and what its text becomes.
 *
 * Django: `django.urls.converters`;
 * https://docs.djangoproject.com/en/5.2/topics/http/urls/#registering-custom-path-converters
 */
import { ValueError } from '../core/exceptions';
import { toStr } from '../python';

/** What a converter has to do. */
export interface Converter<T = unknown> {
  /** A regular expression, in the syntax that Python and JavaScript share. */
  readonly regex: string;
  /** The value of matched text. @throws ValueError if the text is not a value after all: no match. */
  toPython(value: string): T;
  /** The text of a value, for `reverse()`. @throws ValueError if it has none: no match. */
  toUrl(value: T): string;
}

/** Digits. A number too large for JavaScript to hold exactly does not match, rather than become another. */
export class IntConverter implements Converter<number> {
  readonly regex: string = '[0-9]+';
  toPython(value: string): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new ValueError(`${value} is not a safe integer`);
    return number;
  }
  toUrl(value: number): string {
    return toStr(value);
  }
}

/** Text without a slash. */
export class StringConverter implements Converter<string> {
  readonly regex: string = '[^/]+';
  toPython(value: string): string {
    return value;
  }
  toUrl(value: string): string {
    return toStr(value);
  }
}

/** A UUID in lower case with its dashes; a string here. */
export class UUIDConverter implements Converter<string> {
  readonly regex: string = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
  toPython(value: string): string {
    return value;
  }
  toUrl(value: string): string {
    return toStr(value);
  }
}

/** ASCII letters, digits, hyphens and underscores. */
export class SlugConverter extends StringConverter {
  override readonly regex = '[-a-zA-Z0-9_]+';
}

/** Text with slashes. */
export class PathConverter extends StringConverter {
  override readonly regex = '.+';
}

/** The converters that every URLconf has. */
export const DEFAULT_CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['int', new IntConverter()],
  ['path', new PathConverter()],
  ['slug', new SlugConverter()],
  ['str', new StringConverter()],
  ['uuid', new UUIDConverter()],
]);

const registered = new Map<string, Converter>();

/**
 * Makes a converter known to the routes that are made after it. Its type is declared by augmentation:
 *
 * ```ts
 * declare module 'tsango/urls' { interface RouteConverters { yyyy: number } }
 * registerConverter(FourDigitYearConverter, 'yyyy');
 * ```
 */
export function registerConverter<T>(converter: new () => Converter<T>, typeName: string): void {
  registered.set(typeName, new converter());
}

/** The converter of that name. */
export function getConverter(typeName: string): Converter | undefined {
  return registered.get(typeName) ?? DEFAULT_CONVERTERS.get(typeName);
}

/** Every converter by its name. */
export function getConverters(): Map<string, Converter> {
  return new Map([...DEFAULT_CONVERTERS, ...registered]);
}
