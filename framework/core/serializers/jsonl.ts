/** JSON Lines: one object a line. Django: `django.core.serializers.jsonl`. */
import { jsonDumps } from '../../python/json_encoder';
import type { DeserializeOptions } from './base';
import { Serializer as JSONSerializer, parse } from './json';
import { Deserializer as PythonDeserializer, type SerializedObject } from './python';
import { type Source, textChunks } from './source';

/** Writes each row on a line of its own. */
export class Serializer extends JSONSerializer {
  protected override startSerialization(): void {
    this.style = { ensureAscii: this.options.ensureAscii ?? false, itemSeparator: ',' };
  }

  protected override endSerialization(): void {}

  protected override emit(object: SerializedObject): void {
    this.sink.write(`${jsonDumps(object, this.style)}\n`);
  }
}

/** Makes instances of lines. One line at a time is in memory. */
export class Deserializer extends PythonDeserializer {
  constructor(source: Source, options: DeserializeOptions = {}) {
    super(objectsOf(source), options);
  }
}

async function* objectsOf(source: Source): AsyncGenerator<unknown, void, undefined> {
  for await (const line of lines(textChunks(source))) {
    if (line.trim() !== '') yield parse(line);
  }
}

async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n');
    parts.push(first);
    for (const other of others) {
      yield parts.join('');
      parts = [other];
    }
  }
  yield parts.join('');
}
