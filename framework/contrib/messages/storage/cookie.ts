/** Django: `django.contrib.messages.storage.cookie`. The cookie is signed, readable, and the same as Django's. */
import { settings } from '../../../conf';
import { BadSignature, getCookieSigner, type Serializer } from '../../../core/signing';
import { quoteCookie } from '../../../http/cookie';
import type { HttpResponse } from '../../../http/response';
import { dumps } from '../../../python/json';
import { isSafe, markSafe } from '../../../utils/safestring';
import { BaseStorage, Message, type Retrieved } from './base';

const MESSAGE_KEY = '__json_message';

/** Stands after the last message when some did not fit. */
const NOT_FINISHED = '__messagesnotfinished__';

/** The compact form of a message. Django: `MessageEncoder`. */
function encodeMessage(message: Message): unknown[] {
  const parts: unknown[] = [
    MESSAGE_KEY,
    isSafe(message.message) ? 1 : 0,
    message.level,
    String(message.message),
  ];
  if (message.extraTags !== null) parts.push(message.extraTags);
  return parts;
}

function decodeMessage(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [key, safe, level, text, extraTags] = value as unknown[];
  if (key !== MESSAGE_KEY) return value.map(decodeMessage);
  if (typeof level !== 'number' || typeof text !== 'string') return undefined;
  return new Message(level, safe ? markSafe(text) : text, typeof extraTags === 'string' ? extraTags : null);
}

/** Messages (and the mark of unfinished lists) as JSON text. */
export function encodeMessages(messages: readonly (Message | string)[]): string {
  return dumps(messages.map((message) => (message instanceof Message ? encodeMessage(message) : message)));
}

/** What `encodeMessages` wrote; `null` where that is no list of messages. */
export function decodeMessages(json: string): (Message | string)[] | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  return value.map(decodeMessage).filter((item) => item instanceof Message || item === NOT_FINISHED) as (
    | Message
    | string
  )[];
}

/** The messages of a decoded list, without the mark of unfinished ones. */
export function withoutMark(found: readonly (Message | string)[] | null): Message[] | null {
  return found?.filter((item): item is Message => item instanceof Message) ?? null;
}

/** Django: `MessageSerializer`. */
class MessageSerializer implements Serializer {
  dumps(value: unknown): Buffer {
    return Buffer.from(encodeMessages(value as (Message | string)[]), 'latin1');
  }
  loads(data: Uint8Array): unknown {
    return decodeMessages(Buffer.from(data).toString('latin1'));
  }
}

/** Keeps messages in a signed cookie, which browsers hold for the session. */
export class CookieStorage extends BaseStorage {
  static cookieName = 'messages';
  /** Bytes of the cookie's value: half of what servers take as headers, to leave room for others. */
  static maxCookieSize = 2048;
  static keySalt = 'django.contrib.messages';

  override retrieve(): Retrieved {
    const data = this.request.COOKIES[CookieStorage.cookieName];
    const found = data ? this.decode(data) : null;
    const allRetrieved = found?.at(-1) !== NOT_FINISHED;
    return { messages: withoutMark(found), allRetrieved };
  }

  override store(messages: Message[], response: HttpResponse, removeOldest = true): Message[] {
    const data = messages.length > 0 ? this.encode(messages) : null;
    if (data === null || fits(data)) {
      this.updateCookie(data, response);
      return [];
    }
    const kept = this.keepFitting(messages, removeOldest);
    this.updateCookie(this.encode([...kept, NOT_FINISHED]), response);
    return removeOldest ? messages.slice(0, messages.length - kept.length) : messages.slice(kept.length);
  }

  /** The longest run of messages, from the kept end, whose cookie fits: found by halving. */
  private keepFitting(messages: Message[], removeOldest: boolean): Message[] {
    const run = (count: number): Message[] =>
      removeOldest ? messages.slice(messages.length - count) : messages.slice(0, count);
    let low = 0;
    let high = messages.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (fits(this.encode([...run(middle), NOT_FINISHED]))) low = middle;
      else high = middle - 1;
    }
    return run(low);
  }

  private updateCookie(data: string | null, response: HttpResponse): void {
    const { SESSION_COOKIE_DOMAIN: domain, SESSION_COOKIE_SAMESITE: samesite } = settings;
    if (data === null) {
      response.deleteCookie(CookieStorage.cookieName, { domain, samesite });
      return;
    }
    response.setCookie(CookieStorage.cookieName, data, {
      domain,
      samesite,
      secure: settings.SESSION_COOKIE_SECURE,
      httponly: settings.SESSION_COOKIE_HTTPONLY,
    });
  }

  private encode(messages: readonly (Message | string)[]): string {
    return getCookieSigner(CookieStorage.keySalt).signObject(messages, {
      serializer: MessageSerializer,
      compress: true,
    });
  }

  private decode(data: string): (Message | string)[] | null {
    try {
      const value = getCookieSigner(CookieStorage.keySalt).unsignObject(data, {
        serializer: MessageSerializer,
      });
      if (value !== null) return value as (Message | string)[];
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
    }
    // What cannot be read counts as shown, so that the response takes the cookie away.
    this.used = true;
    return null;
  }
}

function fits(data: string): boolean {
  return quoteCookie(data).length <= CookieStorage.maxCookieSize;
}
