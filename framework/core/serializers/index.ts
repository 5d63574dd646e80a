/**
 * Rows as text, and back: fixtures, exports. Django: `django.core.serializers`;
 * https://docs.djangoproject.com/en/5.2/topics/serialization/
 */
import type { DeserializedObject, DeserializeOptions, Rows, SerializeOptions } from './base';
import type { SerializedObject } from './python';
import { getDeserializer, getSerializer } from './registry';
import type { Source } from './source';

export {
  DeserializedObject,
  type DeserializeOptions,
  type Rows,
  type SerializeOptions,
  Serializer,
} from './base';
export {
  DeserializationError,
  M2MDeserializationError,
  SerializationError,
  SerializerDoesNotExist,
} from './errors';
export type { SerializedObject } from './python';
export {
  type DeserializerClass,
  getDeserializer,
  getPublicSerializerFormats,
  getSerializer,
  getSerializerFormats,
  registerSerializer,
  type SerializerClass,
  type SerializerModule,
  unregisterSerializer,
} from './registry';
export type { TextStream } from './sink';
export { type AppModels, sortDependencies } from './sort_dependencies';
export type { Source } from './source';

/**
 * Serializes rows.
 *
 * @param format `'json'`, `'jsonl'`, `'xml'`, `'yaml'`, `'python'` (plain objects), or one of the site's own.
 * @param rows a QuerySet, its `iterator()`, or a list of instances of any models.
 * @returns the text, Django's to the byte; undefined where `stream` has it.
 * @throws SerializerDoesNotExist for a format that there is not.
 *
 * @example
 * ```ts
 * const json = await serialize('json', Article.objects.all(), { indent: 2 });
 * await serialize('xml', Article.objects.iterator(), { stream: createWriteStream('articles.xml') });
 * ```
 */
export function serialize(
  format: string,
  rows: Rows,
  options: SerializeOptions & { stream: NonNullable<SerializeOptions['stream']> },
): Promise<undefined>;
export function serialize(
  format: 'python',
  rows: Rows,
  options?: SerializeOptions,
): Promise<SerializedObject[]>;
export function serialize(format: string, rows: Rows, options?: SerializeOptions): Promise<string>;
export async function serialize(
  format: string,
  rows: Rows,
  options: SerializeOptions = {},
): Promise<unknown> {
  const Serializer = getSerializer(format);
  return new Serializer().serialize(rows, options);
}

/**
 * Reads rows. They are instances that are not saved.
 *
 * @param source the text, its bytes, or a stream of it; of the format `'python'` a list of objects.
 * @throws SerializerDoesNotExist for a format that there is not; while it is read, DeserializationError.
 *
 * @example
 * ```ts
 * for await (const each of deserialize('json', createReadStream('articles.json'))) {
 *   if (each.object instanceof Article) await each.save();
 * }
 * ```
 */
export function deserialize(
  format: string,
  source: Source | Iterable<SerializedObject>,
  options: DeserializeOptions = {},
): AsyncIterable<DeserializedObject> {
  const Deserializer = getDeserializer(format);
  return new Deserializer(source as Source, options);
}
