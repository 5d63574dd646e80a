import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { Message } from 'tsango/contrib/messages';
import { CookieStorage, decodeMessages, encodeMessages } from 'tsango/contrib/messages/storage/cookie';
import { HttpRequest, HttpResponse } from 'tsango/http';
import { quoteCookie } from 'tsango/http/cookie';
import { isSafe, markSafe } from 'tsango/utils/safestring';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface MessagesVector {
  secret: string;
  messages: [number, string, string | null, boolean][];
  json: string;
  cookie: string | null;
}

beforeAll(() => configure({ SECRET_KEY: 'replaced' }));
afterAll(() => resetSettings());

function asTuple(message: Message): [number, string, string | null, boolean] {
  return [message.level, String(message.message), message.extraTags, isSafe(message.message)];
}

function withCookie(value: string): CookieStorage {
  const request = new HttpRequest();
  request.COOKIES['messages'] = value;
  return new CookieStorage(request);
}

function replay(vector: MessagesVector): void {
  const messages = vector.messages.map(
    ([level, text, tags, safe]) => new Message(level, safe ? markSafe(text) : text, tags),
  );
  expect(encodeMessages(messages)).toBe(vector.json);
  expect((decodeMessages(vector.json) as Message[]).map(asTuple)).toEqual(vector.messages);

  const response = new HttpResponse();
  expect(new CookieStorage(new HttpRequest()).store(messages, response)).toEqual([]);
  const written = response.cookies.get('messages')?.value ?? '';
  if (vector.cookie === null) {
    expect(written).toBe('');
    return;
  }
  expect([...withCookie(vector.cookie)].map(asTuple)).toEqual(vector.messages);
  expect([...withCookie(written)].map(asTuple)).toEqual(vector.messages);
  // The payload is the same where it is not compressed; the signature then depends on the clock alone.
  if (!vector.cookie.startsWith('.')) expect(written.split(':')[0]).toBe(vector.cookie.split(':')[0]);
  expect(quoteCookie(written)).toBe(written);
}

describeVectors('interop_messages', 'messages as Django stores them', () => {
  it('are written and read to the byte', async () => {
    const all = vectors<MessagesVector>('interop_messages');
    const failures: unknown[] = [];
    for (const vector of all) {
      try {
        await overrideSettings({ SECRET_KEY: vector.secret }, () => replay(vector));
      } catch (error) {
        failures.push({ vector, error });
      }
    }
    reportArea('interop_messages', all.length - failures.length, all.length);
    expect(failures).toEqual([]);
  });
});
