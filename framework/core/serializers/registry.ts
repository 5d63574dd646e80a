/** Which formats there are. Django: `register_serializer`, `get_serializer` and theirs. */
import { settings } from '../../conf';
import { importModule } from '../../utils/module_loading';
import { ImproperlyConfigured } from '../exceptions';
import type { DeserializedObject, DeserializeOptions, Serializer } from './base';
import { SerializerDoesNotExist } from './errors';
import type { Source } from './source';

/** The class of a format's serializer. */
export interface SerializerClass {
  new (): Serializer;
  readonly internalUseOnly: boolean;
}

/** The class of what reads a format. */
export type DeserializerClass = new (
  source: Source,
  options?: DeserializeOptions,
) => AsyncIterable<DeserializedObject>;

/** A module that knows a format. */
export interface SerializerModule {
  readonly Serializer: SerializerClass;
  readonly Deserializer: DeserializerClass;
}

const BUILTIN: Readonly<Record<string, () => unknown>> = {
  xml: () => require('./xml_serializer'),
  python: () => require('./python'),
  json: () => require('./json'),
  yaml: () => require('./pyyaml'),
  jsonl: () => require('./jsonl'),
};

/** What was registered; null: the format is gone. */
const registered = new Map<string, SerializerModule | string | null>();

/**
 * Registers a format, or replaces one.
 *
 * @param module the module that exports `Serializer` and `Deserializer`, or its dotted name. A name is loaded when the
 * format is first used.
 */
export function registerSerializer(format: string, module: SerializerModule | string): void {
  registered.set(format, module);
}

/** Takes a format away. @throws SerializerDoesNotExist. */
export function unregisterSerializer(format: string): void {
  if (!getSerializerFormats().includes(format)) throw new SerializerDoesNotExist(format);
  registered.set(format, null);
}

function ofSettings(): Readonly<Record<string, object | string>> {
  return settings.SERIALIZATION_MODULES;
}

/** Every format, also those that are no text. */
export function getSerializerFormats(): string[] {
  const names = new Set([...Object.keys(BUILTIN), ...Object.keys(ofSettings()), ...registered.keys()]);
  return [...names].filter((name) => registered.get(name) !== null);
}

/** The formats of `dumpdata --format`. */
export function getPublicSerializerFormats(): string[] {
  const isPublic = (format: string): boolean => {
    // What cannot be loaded says so when it is used.
    try {
      return !getSerializer(format).internalUseOnly;
    } catch {
      return true;
    }
  };
  return getSerializerFormats().filter(isPublic);
}

function moduleOf(format: string): SerializerModule {
  const own = registered.get(format);
  if (own === null) throw new SerializerDoesNotExist(format);
  const site = ofSettings();
  const named = own ?? (Object.hasOwn(site, format) ? site[format] : undefined);
  const builtin = Object.hasOwn(BUILTIN, format) ? BUILTIN[format] : undefined;
  if (named === undefined && builtin === undefined) throw new SerializerDoesNotExist(format);
  const module = (
    typeof named === 'string' ? importModule(named) : (named ?? builtin?.())
  ) as SerializerModule;
  if (typeof module.Serializer === 'function' && typeof module.Deserializer === 'function') return module;
  throw new ImproperlyConfigured(
    `The module of the serialization format '${format}' has to export the classes Serializer and Deserializer.`,
  );
}

/** The serializer of a format. @throws SerializerDoesNotExist. */
export function getSerializer(format: string): SerializerClass {
  return moduleOf(format).Serializer;
}

/** What reads a format. @throws SerializerDoesNotExist. */
export function getDeserializer(format: string): DeserializerClass {
  return moduleOf(format).Deserializer;
}
