/** JSON, XML, rows and errors. https://docs.djangoproject.com/en/5.2/topics/testing/tools/#assertions */
import { isDeepStrictEqual } from 'node:util';
import { ValueError } from '../../core/exceptions';
import { pyEquals } from '../../python';
import type { MaybePromise } from '../../utils/maybe_promise';
import { fail, failUnequal, type MessageOptions } from './fail';
import { sameXml } from './xml';

function parsedJson(text: string, what: string, options: MessageOptions): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(`${what} argument is not valid JSON: '${text}'`, options);
  }
}

function bothJson(raw: string, expected: unknown, options: MessageOptions): [unknown, unknown] {
  return [
    parsedJson(raw, 'First', options),
    typeof expected === 'string' ? parsedJson(expected, 'Second', options) : expected,
  ];
}

/** A text is JSON of that, which is a value or JSON, too. Django: `assertJSONEqual`. @throws AssertionError. */
export function assertJSONEqual(raw: string, expectedData: unknown, options: MessageOptions = {}): void {
  const [data, expected] = bothJson(raw, expectedData, options);
  if (!isDeepStrictEqual(data, expected)) {
    failUnequal(`${JSON.stringify(data)} != ${JSON.stringify(expected)}`, data, expected, options);
  }
}

/** A text is JSON of something else. Django: `assertJSONNotEqual`. @throws AssertionError. */
export function assertJSONNotEqual(raw: string, expectedData: unknown, options: MessageOptions = {}): void {
  const [data, expected] = bothJson(raw, expectedData, options);
  if (isDeepStrictEqual(data, expected))
    fail(`${JSON.stringify(data)} == ${JSON.stringify(expected)}`, options);
}

/**
 * Two texts are the same XML: the order of attributes, comments and white space at the edges do not count. Needs the
 * package saxes. Django: `assertXMLEqual`.
 *
 * @throws AssertionError; ImproperlyConfigured without the package.
 */
export function assertXMLEqual(xml1: string, xml2: string, options: MessageOptions = {}): void {
  if (!compareXml(xml1, xml2, options)) failUnequal(`${xml1}\n!=\n${xml2}`, xml1, xml2, options);
}

/** Two texts are not the same XML. Django: `assertXMLNotEqual`. @throws AssertionError. */
export function assertXMLNotEqual(xml1: string, xml2: string, options: MessageOptions = {}): void {
  if (compareXml(xml1, xml2, options)) fail(`${xml1}\n==\n${xml2}`, options);
}

function compareXml(xml1: string, xml2: string, options: MessageOptions): boolean {
  try {
    return sameXml(xml1, xml2);
  } catch (error) {
    if ((error as Error).name === 'ImproperlyConfigured') throw error;
    return fail(`First or second argument is not valid XML\n${(error as Error).message}`, options);
  }
}

/** Rows to compare: a query, or anything else that has them. */
type RowsOf<Row> = (Iterable<Row> | AsyncIterable<Row>) & { readonly ordered?: boolean };

/** How rows are compared. */
export interface QuerySetOptions<Row, Value> extends MessageOptions {
  /** What is compared of each row; default: the row. */
  transform?: (row: Row) => Value;
  /** Whether the order counts; default: yes. */
  ordered?: boolean;
}

/**
 * A query gives these values. Rows are equal by their model and key. Django: `assertQuerySetEqual`.
 *
 * @example
 * ```ts
 * await assertQuerySetEqual(Author.objects.orderBy('name'), ['Ada', 'Bob'], { transform: ({ name }) => name });
 * ```
 * @throws AssertionError; ValueError where the order counts and the query has none.
 */
export async function assertQuerySetEqual<Row, Value = Row>(
  rows: RowsOf<Row>,
  values: Iterable<Value> | AsyncIterable<Value>,
  { transform, ordered = true, ...options }: QuerySetOptions<Row, Value> = {},
): Promise<void> {
  const expected = await listOf<unknown>(values);
  if (ordered && expected.length > 1 && rows.ordered === false) {
    throw new ValueError('Trying to compare non-ordered queryset against more than one ordered value.');
  }
  const found = await listOf(rows);
  const actual: unknown[] = transform === undefined ? found : found.map((row) => transform(row));
  const same = ordered
    ? actual.length === expected.length && actual.every((item, at) => pyEquals(item, expected[at]))
    : sameItems(actual, expected);
  if (!same) {
    const shown = (items: readonly unknown[]): string => `[${items.map(String).join(', ')}]`;
    failUnequal(`${shown(actual)} != ${shown(expected)}`, actual, expected, options);
  }
}

async function listOf<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function sameItems(actual: readonly unknown[], expected: readonly unknown[]): boolean {
  const left = [...expected];
  for (const item of actual) {
    const at = left.findIndex((other) => pyEquals(item, other));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

/**
 * `body` throws such an error, and the text is in its message. Django: `assertRaisesMessage`.
 *
 * @returns the error.
 * @throws AssertionError; an error of another class as it is.
 */
export async function assertRaisesMessage<E extends Error>(
  expected: abstract new (...args: never[]) => E,
  message: string,
  body: () => MaybePromise<unknown>,
): Promise<E> {
  let error: unknown;
  try {
    await body();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) return fail(`${expected.name} not raised`);
  if (!(error instanceof expected)) throw error;
  if (!error.message.includes(message))
    failUnequal(`'${message}' not found in '${error.message}'`, error.message, message);
  return error;
}
