/** A session as a signed string. */
import { settings } from '../../../conf';
import {
  BadSignature,
  JSONSerializer,
  payloadOf,
  type SerializerClass,
  TimestampSigner,
} from '../../../core/signing';
import { loads } from '../../../python/json';
import { getLogger } from '../../../utils/log';
import { RecentlyUsed } from './recently_used';
import type { SessionDict } from './state';

/** A session's text whose signature was found to be right. */
interface Verified {
  json: string;
  timestamp: number;
}

/** One salt's signer, and what it has verified lately. */
class Codec {
  readonly signer: TimestampSigner;
  /**
   * A visitor's session is read far more often than it changes, and verifying it costs more than all the rest.
   * A text that is the same to the last letter need not be verified twice.
   */
  readonly verified = new RecentlyUsed<Verified>();

  constructor(salt: string) {
    this.signer = new TimestampSigner({ salt });
  }

  verify(text: string): Verified {
    let found = this.verified.get(text);
    if (found === undefined) {
      const { value, timestamp } = this.signer.unsignStamped(text);
      found = { json: payloadOf(value).toString('latin1'), timestamp };
      this.verified.set(text, found, text.length + found.json.length);
    }
    return found;
  }
}

/** By salt; all are forgotten when a secret changes. */
const codecs = new Map<string, Codec>();
let secretOfCodecs: unknown;
let fallbacksOfCodecs: unknown;

function codecOf(salt: string): Codec {
  const { SECRET_KEY, SECRET_KEY_FALLBACKS } = settings;
  if (secretOfCodecs !== SECRET_KEY || fallbacksOfCodecs !== SECRET_KEY_FALLBACKS) {
    codecs.clear();
    secretOfCodecs = SECRET_KEY;
    fallbacksOfCodecs = SECRET_KEY_FALLBACKS;
  }
  let codec = codecs.get(salt);
  if (codec === undefined) {
    codec = new Codec(salt);
    codecs.set(salt, codec);
  }
  return codec;
}

/** A session read from its signed string. */
export interface DecodedSession {
  data: SessionDict;
  /** When it was signed, in seconds since the epoch. */
  timestamp: number;
}

/** @throws TypeError naming the key whose value the serializer has no form of. */
export function encodeSession(data: SessionDict, salt: string, serializer: SerializerClass): string {
  try {
    return codecOf(salt).signer.signObject(data, { serializer, compress: true });
  } catch (error) {
    const key = error instanceof TypeError ? unstorableKey(data, serializer) : undefined;
    if (key === undefined) throw error;
    const what = `request.session['${key}'] cannot be stored: ${(error as Error).message}.`;
    throw new TypeError(`${what} Store a form of it that is JSON: of a date, its toISOString().`, {
      cause: error,
    });
  }
}

/** The first key whose value alone the serializer refuses. */
function unstorableKey(data: SessionDict, serializer: SerializerClass): string | undefined {
  const writer = new serializer();
  return Object.keys(data).find((key) => {
    try {
      writer.dumps({ [key]: data[key] });
      return false;
    } catch {
      return true;
    }
  });
}

/** The session of a signed string; null if it is none. A wrong signature is recorded in the log. */
export function decodeSession(
  text: string,
  salt: string,
  serializer: SerializerClass,
): DecodedSession | null {
  try {
    const { value, timestamp } = read(text, codecOf(salt), serializer);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { data: value as SessionDict, timestamp };
    }
  } catch (error) {
    if (error instanceof BadSignature) {
      getLogger('tsango.security.SuspiciousSession').warning('Session data corrupted');
    }
  }
  return null;
}

function read(
  text: string,
  codec: Codec,
  serializer: SerializerClass,
): { value: unknown; timestamp: number } {
  if (serializer !== JSONSerializer) return codec.signer.unsignObjectStamped(text, { serializer });
  const { json, timestamp } = codec.verify(text);
  return { value: loads(json), timestamp };
}
