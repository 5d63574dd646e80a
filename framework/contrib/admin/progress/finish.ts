/**
 * The end of an action whose progress was followed. Its answer and its messages exist when the head of the streamed response is long sent,
 * so neither a redirect nor a cookie can go with it. They are given to the browser, signed, which posts them at once to the same address: the
 * answer to that is the action's. It goes through all of the middleware, so messages, cookies and sessions are kept as ever, whatever keeps them,
 * and no process has to remember anything.
 */
import { settings } from '../../../conf';
import { SuspiciousOperation } from '../../../core/exceptions';
import { BadSignature, dumps, loads, SignatureExpired } from '../../../core/signing';
import type { HttpRequest } from '../../../http/request';
import { HttpResponse, HttpResponseRedirect, StreamingHttpResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import type { TemplateResponse } from '../../../template/response';
import { userOf } from '../../auth/middleware';
import { addMessage, type Message } from '../../messages';
import { decodeMessages, encodeMessages } from '../../messages/storage/cookie';

/** The field that it is posted in. */
export const FINISHED_VAR = '_finished';

const SALT = 'tsango.contrib.admin.progress';
/** Seconds: who closes a laptop after the last line sees the end of it after lunch. */
const MAX_AGE = 3600;

type Attributes =
  HttpResponse['cookies'] extends Map<string, infer M> ? (M & { attributes: object })['attributes'] : never;

/** What is carried, in JSON. */
interface Carried {
  readonly user: string;
  readonly messages: string;
  readonly status: number;
  readonly reason: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly cookies: readonly (readonly [name: string, value: string, attributes: Attributes])[];
  /** Base64. */
  readonly content: string;
}

async function contentOf(response: HttpResponseBase): Promise<Buffer> {
  if (response instanceof StreamingHttpResponse) return response.getvalue();
  await (response as Partial<TemplateResponse>).render?.();
  await response.ready();
  return (response as HttpResponse).content;
}

/**
 * An action's answer and its messages, signed, for whoever asked.
 *
 * @throws RangeError for an answer that is too long to be posted.
 */
export async function carriedResponse(
  request: HttpRequest,
  response: HttpResponseBase,
  messages: readonly Message[],
): Promise<string> {
  const content = (await contentOf(response)).toString('base64');
  const carried: Carried = {
    user: String((await userOf(request)).pk),
    messages: encodeMessages(messages),
    status: response.statusCode,
    reason: response.hasOwnReason ? response.reasonPhrase : null,
    headers: [...response.items()],
    cookies: [...response.cookies.values()].map(({ key, value, attributes }) => [key, value, attributes]),
    content,
  };
  const text = dumps(carried, { salt: SALT, compress: true });
  const limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
  // The other half is for what else the form of the list sends.
  if (limit !== null && text.length > limit / 2) {
    throw new RangeError(
      `An action whose progress is followed ended with a response of ${content.length} characters, more than half of DATA_UPLOAD_MAX_MEMORY_SIZE. ` +
        'Store it, and return a redirect to where it is.',
    );
  }
  return text;
}

/**
 * The answer that was carried, with its messages added to the request.
 *
 * @throws SuspiciousOperation for what this site has not signed for whoever asks.
 */
export async function finishedResponse(request: HttpRequest): Promise<HttpResponseBase> {
  let carried: Carried;
  try {
    carried = loads(request.POST.get(FINISHED_VAR) ?? '', { salt: SALT, maxAge: MAX_AGE }) as Carried;
  } catch (error) {
    if (error instanceof SignatureExpired) return new HttpResponseRedirect(request.getFullPath());
    if (!(error instanceof BadSignature)) throw error;
    throw new SuspiciousOperation(`The field ${FINISHED_VAR} was not made by this site.`, { cause: error });
  }
  if (carried.user !== String((await userOf(request)).pk)) {
    throw new SuspiciousOperation(`The field ${FINISHED_VAR} was made for another user.`);
  }
  for (const each of decodeMessages(carried.messages) ?? []) {
    if (typeof each === 'string') continue;
    addMessage(request, each.level, each.message, { extraTags: each.extraTags ?? '' });
  }
  const response = new HttpResponse(Buffer.from(carried.content, 'base64'), {
    status: carried.status,
    reason: carried.reason,
    headers: Object.fromEntries(carried.headers),
  });
  for (const [name, value, attributes] of carried.cookies) {
    Object.assign(response.cookies.setValue(name, value).attributes, attributes);
  }
  return response;
}
