/** What is read by deserializers. */
import { TextDecoder } from 'node:util';
import { DeserializationError } from './errors';

/** Serialized data: text, bytes in UTF-8, or a stream of either. */
export type Source = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

const decoderOf = (): TextDecoder => new TextDecoder('utf-8', { fatal: true });

/** Bytes as text. @throws DeserializationError for what is not UTF-8. */
function decode(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw new DeserializationError('The data is not UTF-8.', { cause: error });
  }
}

/** The text of a source as it comes. @throws DeserializationError for what is not UTF-8. */
export async function* textChunks(source: Source): AsyncGenerator<string, void, undefined> {
  if (typeof source === 'string') {
    yield source;
    return;
  }
  const decoder = decoderOf();
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    yield typeof chunk === 'string' ? chunk : decode(decoder, chunk);
  }
  const rest = decode(decoder, undefined);
  if (rest !== '') yield rest;
}

/** The whole text of a source. */
export async function wholeText(source: Source): Promise<string> {
  if (typeof source === 'string') return source;
  let text = '';
  for await (const chunk of textChunks(source)) text += chunk;
  return text;
}
