/** YAML. Django: `django.core.serializers.pyyaml`; https://docs.djangoproject.com/en/5.2/topics/serialization/#yaml */

import type { Model } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { PlainTime } from '../../python/datetime';
import { optionalRequire } from '../../utils/optional';
import type { DeserializeOptions } from './base';
import { DeserializationError, messageOf } from './errors';
import {
  Deserializer as PythonDeserializer,
  Serializer as PythonSerializer,
  type SerializedObject,
} from './python';
import { type Source, wholeText } from './source';
import { pythonValueFromField } from './values';
import { YamlWriter } from './yaml_text';
import { YAML_TYPES } from './yaml_types';

/** Writes rows as a YAML list. */
export class Serializer extends PythonSerializer {
  static override readonly internalUseOnly: boolean = false;
  private writer = new YamlWriter(this.sink);

  protected override startSerialization(): void {
    const { indent, width, allowUnicode, defaultFlowStyle } = this.options;
    this.writer = new YamlWriter(this.sink, {
      indent: indent ?? undefined,
      width,
      allowUnicode,
      flow: defaultFlowStyle,
    });
  }

  protected override valueFromField(row: Model, field: Field): unknown {
    const value = pythonValueFromField(row, field);
    // YAML has no times.
    return value instanceof PlainTime ? value.isoformat() : value;
  }

  protected override emit(object: SerializedObject): void {
    if (this.first) this.writer.beginItems();
    this.writer.item(object);
  }

  protected override endSerialization(): void {
    this.writer.endList(!this.first);
  }

  protected override getValue(): unknown {
    return this.sink.value;
  }
}

/** Makes instances of a YAML list. It is read whole: an anchor may be referred to from anywhere behind it. */
export class Deserializer extends PythonDeserializer {
  constructor(source: Source, options: DeserializeOptions = {}) {
    super(objectsOf(source), options);
  }
}

/** In YAML 1.1 these end a line, and what a line begins with is no part of a text. `yaml` has them as of YAML 1.2. */
const INDENTED_SEPARATOR = /([\u2028\u2029])[ \t]+/g;

async function* objectsOf(source: Source): AsyncGenerator<unknown, void, undefined> {
  const yaml = optionalRequire<typeof import('yaml')>('yaml', "Reading the format 'yaml'");
  const text = (await wholeText(source)).replace(INDENTED_SEPARATOR, '$1');
  let objects: unknown;
  try {
    const document = yaml.parseDocument(text, {
      version: '1.1',
      schema: 'failsafe',
      customTags: (tags) => [...tags, ...YAML_TYPES],
      merge: true,
      uniqueKeys: false,
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw fault;
    objects = document.toJS();
  } catch (error) {
    throw new DeserializationError(`The data is not YAML: ${messageOf(error)}`, { cause: error });
  }
  if (!Array.isArray(objects)) throw new DeserializationError('The data is no YAML list of objects.');
  yield* objects;
}
