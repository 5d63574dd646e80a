/** Rows from XML. Django: `django.core.serializers.xml_serializer.Deserializer`. */
import type { Model, ModelClass } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../db/models/fields/related';
import { DeserializedObject, type DeserializeOptions } from './base';
import { DeserializationError } from './errors';
import { parse } from './json';
import { findModel, hasField, ReadFields } from './python';
import { buildInstance } from './references';
import { type Source, textChunks } from './source';
import { type XmlElement, xmlObjects } from './xml_reader';

const textOf = (element: XmlElement): string => element.text.trim();

/** What an element says of a field, as JSON would. @throws DeserializationError for what should be JSON and is not. */
function serializedValue(element: XmlElement, field: Field): unknown {
  if (field instanceof ManyToManyField) {
    return element.descendants('object').map((object) => naturalKeyOf(object) ?? object.get('pk') ?? '');
  }
  if (element.descendants('None').length > 0) return null;
  if (field instanceof ForeignKey) return naturalKeyOf(element) ?? textOf(element);
  return field.internalType === 'JSONField' ? parse(textOf(element)) : textOf(element);
}

function naturalKeyOf(element: XmlElement): string[] | undefined {
  const parts = element.descendants('natural');
  return parts.length === 0 ? undefined : parts.map(textOf);
}

/** Makes instances of XML. One object at a time is in memory. */
export class Deserializer implements AsyncIterable<DeserializedObject> {
  private readonly models = new Map<string, ModelClass | undefined>();

  constructor(
    private readonly source: Source,
    private readonly options: DeserializeOptions = {},
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<DeserializedObject, void, undefined> {
    for await (const element of xmlObjects(textChunks(this.source))) {
      const made = await this.instanceOf(element);
      if (made !== undefined) yield made;
    }
  }

  private modelOf(element: XmlElement): ModelClass | undefined {
    const identifier = element.get('model');
    if (identifier === undefined || identifier === '') {
      throw new DeserializationError("<object> node is missing the required 'model' attribute");
    }
    if (!this.models.has(identifier)) this.models.set(identifier, findModel(identifier));
    const found = this.models.get(identifier);
    if (found === undefined && !this.options.ignorenonexistent) {
      throw new DeserializationError(`<object> node has invalid model identifier: '${identifier}'`);
    }
    return found;
  }

  private async instanceOf(element: XmlElement): Promise<DeserializedObject<Model> | undefined> {
    const cls = this.modelOf(element);
    if (cls === undefined) return undefined;
    const { _meta: meta } = cls;
    const pk = element.get('pk');
    const read = new ReadFields({ model: meta.key, ...(pk !== undefined && { pk }) }, this.options);
    if (pk !== undefined) read.key(meta);
    for (const node of element.descendants('field')) {
      const name = node.get('name');
      if (name === undefined || name === '') {
        throw new DeserializationError("<field> node is missing the 'name' attribute");
      }
      if (this.options.ignorenonexistent && !hasField(meta, name)) continue;
      const field = meta.getField(name);
      await read.field(field, serializedValue(node, field));
    }
    const instance = await buildInstance(cls, read.values, this.options.using);
    return new DeserializedObject(instance, read.m2m, read.deferred);
  }
}
