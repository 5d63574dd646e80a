/** A session as a signed string. */
import { settings } from '../../../conf';
import { BadSignature, type SerializerClass, TimestampSigner } from '../../../core/signing';
import { getLogger } from '../../../utils/log';
import type { SessionDict } from './state';

/** The signer's own keys are derived once: it is kept as long as the secrets are the same. */
const signers = new Map<string, TimestampSigner>();
let secretOfSigners: unknown;
let fallbacksOfSigners: unknown;

function signerOf(salt: string): TimestampSigner {
  const { SECRET_KEY, SECRET_KEY_FALLBACKS } = settings;
  if (secretOfSigners !== SECRET_KEY || fallbacksOfSigners !== SECRET_KEY_FALLBACKS) {
    signers.clear();
    secretOfSigners = SECRET_KEY;
    fallbacksOfSigners = SECRET_KEY_FALLBACKS;
  }
  let signer = signers.get(salt);
  if (signer === undefined) {
    signer = new TimestampSigner({ salt });
    signers.set(salt, signer);
  }
  return signer;
}

/** A session read from its signed string. */
export interface DecodedSession {
  data: SessionDict;
  /** When it was signed, in seconds since the epoch. */
  timestamp: number;
}

/** @throws TypeError for what the serializer has no form of. */
export function encodeSession(data: SessionDict, salt: string, serializer: SerializerClass): string {
  return signerOf(salt).signObject(data, { serializer, compress: true });
}

/** The session of a signed string; null if it is none. A wrong signature is recorded in the log. */
export function decodeSession(
  text: string,
  salt: string,
  serializer: SerializerClass,
): DecodedSession | null {
  try {
    const { value, timestamp } = signerOf(salt).unsignObjectStamped(text, { serializer });
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
