/** JSON. Django: `django.core.serializers.json`; https://docs.djangoproject.com/en/5.2/topics/serialization/ */
import type { Model } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { loads } from '../../python/json';
import { type JsonStyle, jsonDumps } from '../../python/json_encoder';
import type { DeserializeOptions } from './base';
import { DeserializationError, messageOf } from './errors';
import { jsonItems } from './json_items';
import {
  Deserializer as PythonDeserializer,
  Serializer as PythonSerializer,
  type SerializedObject,
} from './python';
import { type Source, textChunks } from './source';
import { pythonValueFromField } from './values';

export { encodeJson } from './encode_json';

/** Writes rows as a JSON list. */
export class Serializer extends PythonSerializer {
  static override readonly internalUseOnly: boolean = false;
  protected style: JsonStyle = {};

  protected override startSerialization(): void {
    const { indent, ensureAscii = false } = this.options;
    this.style = { ensureAscii, ...(indent && { indent }) };
    this.sink.write('[');
  }

  protected override endSerialization(): void {
    this.sink.write(this.style.indent === undefined ? ']' : '\n]\n');
  }

  protected override valueFromField(row: Model, field: Field): unknown {
    return pythonValueFromField(row, field);
  }

  protected override emit(object: SerializedObject): void {
    const isLines = this.style.indent !== undefined;
    if (!this.first) this.sink.write(isLines ? ',' : ', ');
    if (isLines) this.sink.write('\n');
    this.sink.write(jsonDumps(object, this.style));
  }

  protected override getValue(): unknown {
    return this.sink.value;
  }
}

/** Makes instances of a JSON list. Of a stream one object at a time is in memory. */
export class Deserializer extends PythonDeserializer {
  constructor(source: Source, options: DeserializeOptions = {}) {
    super(objectsOf(source), options);
  }
}

async function* objectsOf(source: Source): AsyncGenerator<unknown, void, undefined> {
  if (typeof source !== 'string') {
    for await (const text of jsonItems(textChunks(source))) yield parse(text);
    return;
  }
  const objects = parse(source);
  if (!Array.isArray(objects)) throw new DeserializationError('The data is no JSON list of objects.');
  yield* objects;
}

/** @throws DeserializationError for what is no JSON. */
export function parse(text: string): unknown {
  try {
    return loads(text);
  } catch (error) {
    throw new DeserializationError(`The data is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
